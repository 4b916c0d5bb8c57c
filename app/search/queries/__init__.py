"""Searching the catalog. What a person may not know of is in no row, count or order of these."""

from app.search.engine.document import Standing
from app.search.engine.values import Facet
from app.search.queries.asking import (
    FACETS,
    SORTS,
    Count,
    Hit,
    Names,
    SearchPage,
    SearchRequest,
    Sort,
    Understood,
)
from app.search.queries.results import Result, result, standings
from app.search.queries.search import search
from app.search.queries.similar import similar

__all__ = [
    "FACETS",
    "SORTS",
    "Count",
    "Facet",
    "Hit",
    "Names",
    "Result",
    "SearchPage",
    "SearchRequest",
    "Sort",
    "Standing",
    "Understood",
    "result",
    "search",
    "similar",
    "standings",
]
