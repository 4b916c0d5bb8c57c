"""Addresses of proposals."""

from app.proposals.routes import case, handing_in, review, showing, starting, writing
from app.proposals.routes.blueprint import blueprint

__all__ = ["blueprint", "case", "handing_in", "review", "showing", "starting", "writing"]
