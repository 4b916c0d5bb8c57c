"""Addresses of organizations and their people."""

from app.organizations.routes import account, inside, invitations, listed, people
from app.organizations.routes.blueprint import blueprint

__all__ = ["account", "blueprint", "inside", "invitations", "listed", "people"]
