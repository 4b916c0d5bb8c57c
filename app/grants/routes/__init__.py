"""Addresses of grants, of the register, and of verifying a letter."""

from app.grants.routes import acts, listing, pages, register, verify
from app.grants.routes.blueprint import blueprint

__all__ = ["acts", "blueprint", "listing", "pages", "register", "verify"]
