"""The operator's command line: words to people, JSON to programs, exit codes 0, 1 and 2."""

from flask import Flask

from app.commandline import catalog, demo, grants, installation, mail, organizations, outbox, policy, worker

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add every command group to `flask`."""
    for part in (catalog, demo, grants, installation, mail, organizations, outbox, policy, worker):
        part.register(app)
