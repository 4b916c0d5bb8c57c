"""Pages of the catalog: one dataset, and the desk on which listings are written and checked."""

from app.catalog.routes import (
    beginning,
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

__all__ = [
    "beginning",
    "blueprint",
    "checking",
    "desk",
    "dictionary",
    "questions",
    "releases",
    "sampling",
    "showing",
    "writing",
]
