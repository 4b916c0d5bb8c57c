"""Pages of the catalog: one dataset, and the desk on which listings are written and checked."""

from app.catalog.routes import checking, desk, showing, writing
from app.catalog.routes.blueprint import blueprint

__all__ = ["blueprint", "checking", "desk", "showing", "writing"]
