"""Searching the catalog. What a person may not know of is in no row, count or order of these."""

from app.search.queries.asking import FACETS, SORTS, Count, Facet, Hit, SearchPage, SearchRequest, Sort
from app.search.queries.search import search

__all__ = ["FACETS", "SORTS", "Count", "Facet", "Hit", "SearchPage", "SearchRequest", "Sort", "search"]
