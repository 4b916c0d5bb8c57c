"""Pages of the catalog: one dataset, and the desk on which listings are written and checked."""

from app.catalog.routes import (
    checking,
    desk,
    dictionary,
    questions,
    releases,
    sampling,
    showing,
    writing,
)
from app.catalog.routes.blueprint import blueprint

__all__ = ["blueprint", "checking", "desk", "dictionary", "questions", "releases", "sampling", "showing", "writing"]
