"""Pages on which datasets are found."""

from app.search.routes import browsing, feeds, files, saving
from app.search.routes.blueprint import blueprint

__all__ = ["blueprint", "browsing", "feeds", "files", "saving"]
