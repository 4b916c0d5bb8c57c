"""Pages on which foreign catalogs come in."""

from app.exchange.routes import importing
from app.exchange.routes.blueprint import blueprint

__all__ = ["blueprint", "importing"]
