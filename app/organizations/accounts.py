"""Signing in: Flask-Security-Too on Flask-Login, with our pages, on our people."""

from flask import Flask

from app.organizations.models import Person


def init_accounts(app: Flask) -> None:
    """Set up signing in, and the acting person of each request."""


def sign_in_as(person: Person, authentication: str) -> None:
    """Sign a person in by other means than a password; `authentication` names them in the history."""
