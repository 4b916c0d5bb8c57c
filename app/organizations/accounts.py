"""Signing in: Flask-Security-Too on Flask-Login, with our pages, on our people."""

from flask import Flask


def init_accounts(app: Flask) -> None:
    """Set up signing in, and the acting person of each request."""
