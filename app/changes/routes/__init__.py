"""Addresses of what becomes of a grant."""

from app.changes.routes import asking, closing, drill, handing, leaving, settings, showing
from app.changes.routes.blueprint import blueprint

__all__ = ["asking", "blueprint", "closing", "drill", "handing", "leaving", "settings", "showing"]
