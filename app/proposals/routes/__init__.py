"""Addresses of proposals."""

from app.proposals.routes import case, review, writing
from app.proposals.routes.blueprint import blueprint

__all__ = ["blueprint", "case", "review", "writing"]
