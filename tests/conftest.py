"""Names the plugins that tests stand on; each says in its first line what it offers."""

pytest_plugins = [
    "tests.support.run",
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.application",
    "tests.support.mail",
    "tests.support.office",
    "tests.support.imap",
    "tests.support.server",
    "tests.support.sites",
    "tests.support.demo",
    "tests.support.browser",
]
