"""Addresses of grants, of the register, and of verifying a letter."""

from app.grants.routes import acts, pages, register, verify
from app.grants.routes.blueprint import blueprint

__all__ = ["acts", "blueprint", "pages", "register", "verify"]
