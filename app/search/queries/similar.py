"""Datasets like another one, among those that a viewer may know of."""

from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.rules.actors import Actor
from app.search.queries.asking import SearchRequest
from app.search.queries.search import search


def similar(session: Session, viewer: Actor, dataset: Dataset, limit: int = 3) -> list[Dataset]:
    """The datasets most like this one, best first; never itself, and only what the viewer would find."""
    page = search(session, viewer, SearchRequest(dataset.title, page_size=limit + 1))
    return [hit.dataset for hit in page.hits if hit.dataset.id != dataset.id][:limit]
