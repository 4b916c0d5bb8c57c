"""Addresses of organizations and their people."""

from app.organizations.routes import account, calendar, cards, inside, invitations, listed, people, tokens
from app.organizations.routes.blueprint import blueprint

__all__ = ["account", "blueprint", "calendar", "cards", "inside", "invitations", "listed", "people", "tokens"]
