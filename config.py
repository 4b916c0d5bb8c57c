"""Reads the environment once and says what is wrong with it; the rest of the product sees only `Settings`."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TypedDict
from urllib.parse import SplitResult, parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
MANY_MAY_READ = 0o077
PLAIN_HTTP_PORT = 8000
HIGHEST_PORT = 65535
LONGEST_REPLY_NAME = 10


class Unusable(SystemExit):
    """The environment cannot be used; the message says what to set. Ends the program unless somebody catches it."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.name, self.problem, self.remedy = name, problem, remedy
        super().__init__(f"{name}: {problem}\n  Remedy: {remedy}")


class Settings(TypedDict):
    """Everything that an installation may differ in. Empty text means: not configured."""

    ONEPACT_HOME: Path
    DATABASE_URL: str
    FILES_URL: str
    SEARCH_INDEX: Path
    SMTP_URL: str
    IMAP_URL: str
    INBOUND_ADDRESS: str
    PUBLIC_URL: str
    TIMESTAMP_URL: str
    SECRET_KEY: str
    SEAL_PASSPHRASE: str
    RATELIMIT_URL: str
    CONSORTIUM_NAME: str
    SECRETARIAT_ADDRESS: str
    HARVEST_NETWORKS: str
    WEB_WORKERS: int
    TRUSTED_PROXIES: int
    PORT: int


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings; raises Unusable with a remedy. Creates nothing and opens no connection.

    SECRET_KEY and SEAL_PASSPHRASE stay empty until `flask init` has written their files: an empty key cannot
    sign a session, so a page is refused rather than served under a secret that somebody could guess.
    """
    home = Path(environ.get("ONEPACT_HOME", "").strip() or "instance").expanduser()
    home = home if home.is_absolute() else ROOT / home
    if home.exists() and not home.is_dir():
        raise Unusable("ONEPACT_HOME", f"{home} is a file.", "Name a folder, or leave it out to use instance/.")
    port = _whole_number(environ, "PORT", PLAIN_HTTP_PORT, HIGHEST_PORT)
    workers = _whole_number(environ, "WEB_WORKERS", 1, 512)
    return Settings(
        ONEPACT_HOME=home,
        DATABASE_URL=_database_url(_text(environ, "DATABASE_URL", f"sqlite:///{home}/onepact.sqlite3")),
        FILES_URL=_files_url(_text(environ, "FILES_URL", f"file://{home}/files")),
        SEARCH_INDEX=_folder(environ, "SEARCH_INDEX", home / "search-index"),
        SMTP_URL=_smtp_url(_text(environ, "SMTP_URL", "")),
        IMAP_URL=_imap_url(_text(environ, "IMAP_URL", "")),
        INBOUND_ADDRESS=_inbound_address(_text(environ, "INBOUND_ADDRESS", "")),
        PUBLIC_URL=_public_url(_text(environ, "PUBLIC_URL", f"http://127.0.0.1:{port}")),
        TIMESTAMP_URL=_timestamp_url(_text(environ, "TIMESTAMP_URL", "")),
        SECRET_KEY=_secret(environ, "SECRET_KEY", home / "keys" / "secret-key"),
        SEAL_PASSPHRASE=_secret(environ, "SEAL_PASSPHRASE", home / "keys" / "seal-passphrase"),
        RATELIMIT_URL=_ratelimit_url(_text(environ, "RATELIMIT_URL", "memory://"), workers),
        CONSORTIUM_NAME=_text(environ, "CONSORTIUM_NAME", "Meridian Data Consortium"),
        SECRETARIAT_ADDRESS=_secretariat_address(_text(environ, "SECRETARIAT_ADDRESS", "")),
        HARVEST_NETWORKS=_networks(_text(environ, "HARVEST_NETWORKS", "")),
        WEB_WORKERS=workers,
        TRUSTED_PROXIES=_whole_number(environ, "TRUSTED_PROXIES", 0, 9, lowest=0),
        PORT=port,
    )


def _text(environ: Mapping[str, str], name: str, default: str) -> str:
    return environ.get(name, "").strip() or default


def _whole_number(environ: Mapping[str, str], name: str, default: int, highest: int, lowest: int = 1) -> int:
    text = _text(environ, name, str(default))
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise Unusable(name, f"{text!r} is not a whole number from {lowest} to {highest}.", f"Try {name}={default}.")
    return int(text)


def _folder(environ: Mapping[str, str], name: str, default: Path) -> Path:
    given = _text(environ, name, "")
    folder = Path(given).expanduser() if given else default
    if not folder.is_absolute() or (folder.exists() and not folder.is_dir()):
        raise Unusable(name, f"{folder} is no folder.", f"Name a folder from / on, or leave {name} out.")
    return folder


def _database_url(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "postgresql+psycopg":
        return url
    if scheme != "sqlite":
        raise Unusable(
            "DATABASE_URL",
            f"{scheme or url!r} is not a database that the product runs on.",
            "Use postgresql+psycopg://user:password@host/name, or sqlite:////folder/name.sqlite3.",
        )
    if rest in {"", "/", "/:memory:"}:
        raise Unusable(
            "DATABASE_URL",
            "a database in memory would be a different one for every connection.",
            "Name a file: sqlite:////folder/name.sqlite3.",
        )
    return url


def _files_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return url
    if parts.scheme == "s3" and parts.netloc:
        return url
    raise Unusable("FILES_URL", f"{url!r} names no place for files.", "Use file:///folder or s3://bucket/prefix.")


def _smtp_url(url: str) -> str:
    if not url:
        return ""
    parts = _split("SMTP_URL", url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise Unusable(
            "SMTP_URL",
            "it does not name a mail server.",
            "Use smtp://user:password@host:587?starttls=1 or smtps://user:password@host:465.",
        )
    unknown = set(parse_qs(parts.query)) - {"starttls", "from"}
    if unknown:
        raise Unusable(
            "SMTP_URL",
            f"{', '.join(sorted(unknown))} is not known.",
            "Known are starttls=1 and from=address.",
        )
    return url


def _imap_url(url: str) -> str:
    if not url:
        return ""
    parts = _split("IMAP_URL", url)
    is_complete = parts.scheme in {"imap", "imaps"} and parts.hostname and parts.username and parts.password
    if not is_complete or set(parse_qs(parts.query)) - {"starttls"}:
        raise Unusable(
            "IMAP_URL",
            "it does not name a mailbox with its password.",
            "Use imaps://name:password@host:993/INBOX or imap://name:password@host:143/INBOX?starttls=1.",
        )
    if parts.scheme == "imap" and not parse_qs(parts.query).get("starttls") and not _is_loopback(parts.hostname or ""):
        raise Unusable("IMAP_URL", "its password would travel over an open line.", "Use imaps://, or add ?starttls=1.")
    return url


def _inbound_address(address: str) -> str:
    local, at, domain = address.partition("@")
    if address and not (at and local and domain and "+" not in local and " " not in address and "@" not in domain):
        raise Unusable(
            "INBOUND_ADDRESS",
            f"{address!r} is no address for replies.",
            "Give a mailbox of its own whose server takes name+anything@domain: reply@onepact.example.org.",
        )
    if len(local) > LONGEST_REPLY_NAME:
        raise Unusable(
            "INBOUND_ADDRESS",
            f"{local!r} is too long: with the mark of a reply it would pass the 64 characters of an address.",
            f"Give it a name of at most {LONGEST_REPLY_NAME} characters: reply@{domain}.",
        )
    return address


def _secretariat_address(address: str) -> str:
    local, at, domain = address.partition("@")
    if address and not (at and local and "." in domain and "@" not in domain and address.split() == [address]):
        raise Unusable(
            "SECRETARIAT_ADDRESS",
            f"{address!r} is no mail address.",
            "Give one that several people read: secretariat@onepact.example.org.",
        )
    return address


def _public_url(url: str) -> str:
    parts = _split("PUBLIC_URL", url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Unusable("PUBLIC_URL", f"{url!r} is no web address.", "Use https://onepact.example.org.")
    if parts.username or parts.password:
        raise Unusable("PUBLIC_URL", "it carries a name or password.", "Leave out everything before the @.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise Unusable(
            "PUBLIC_URL",
            f"people would sign in to {parts.hostname} over an open line.",
            "Use an https:// address; the web server in front of the product holds the certificate.",
        )
    return url.rstrip("/")


def _timestamp_url(url: str) -> str:
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise Unusable(
            "TIMESTAMP_URL",
            f"{url!r} is no web address.",
            "Give the http address of an RFC 3161 timestamp authority, or leave it out.",
        )
    return url


def _ratelimit_url(url: str, workers: int) -> str:
    if url.startswith("memory://") and workers > 1:
        raise Unusable(
            "RATELIMIT_URL",
            f"{workers} web workers that each count in their own memory let through {workers} times the limit.",
            "Set RATELIMIT_URL=redis://host:6379 (Redis or Valkey), or WEB_WORKERS=1.",
        )
    return url


def _networks(text: str) -> str:
    for each in filter(None, (part.strip() for part in text.split(","))):
        try:
            ip_network(each)
        except ValueError as error:
            raise Unusable(
                "HARVEST_NETWORKS",
                f"{each!r} is no network ({error}).",
                "Name the private networks from which catalogs may be read, such as 10.20.0.0/16, or leave it out.",
            ) from error
    return text


def _secret(environ: Mapping[str, str], name: str, file: Path) -> str:
    given = environ.get(name, "").strip()
    if given:
        if len(given) < SHORTEST_SECRET or len(set(given)) < SHORTEST_SECRET // 4:
            raise Unusable(
                name,
                f"it is too easy to guess (it needs {SHORTEST_SECRET} random characters).",
                f"Leave {name} out: `flask init` makes one. Or: openssl rand -hex 32.",
            )
        return given
    if not file.is_file():
        return ""
    if file.stat().st_mode & MANY_MAY_READ:
        raise Unusable(name, f"others on this machine can read {file}.", f"chmod 600 {file}")
    secret = file.read_text(encoding="utf-8").strip()
    if len(secret) < SHORTEST_SECRET:
        raise Unusable(
            name,
            f"{file} is cut short.",
            f"Put back the file from the backup. Only where nothing is worth keeping: rm {file}, then `flask init`.",
        )
    return secret


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Unusable(name, f"it cannot be read as an address ({error}).", "Check its port and brackets.") from error
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
