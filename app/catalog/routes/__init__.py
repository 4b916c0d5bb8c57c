"""Pages of the catalog: finding datasets, one dataset, the desk on which listings are written, checked and imported."""

from app.catalog.routes import browsing, checking, desk, importing, showing, writing
from app.catalog.routes.blueprint import blueprint

__all__ = ["blueprint", "browsing", "checking", "desk", "importing", "showing", "writing"]
