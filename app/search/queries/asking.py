"""What is asked of the catalog, and what it answers."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.catalog.models import Dataset
from app.foundation.text import clean_line
from app.foundation.words import N_

PAGE_SIZE = 20
LONGEST_QUERY = 400
_LAST_PAGE = 5000
_LONGEST_VALUE = 100
_MOST_VALUES = 100


class Sort(StrEnum):
    """The orders in which datasets can be shown."""

    FIT = "fit"
    NEWEST = "newest"
    TITLE = "title"


SORTS: dict[Sort, str] = {Sort.FIT: N_("Sorted by fit"), Sort.NEWEST: N_("Newest first"), Sort.TITLE: N_("By title")}


class Facet(StrEnum):
    """What a list can be narrowed by."""

    THEME = "theme"
    COUNTRY = "country"
    MODE = "mode"
    PARTNER = "partner"


FACETS: dict[Facet, str] = {
    Facet.THEME: N_("Theme"),
    Facet.COUNTRY: N_("Country"),
    Facet.MODE: N_("How you reach the data"),
    Facet.PARTNER: N_("Data partner"),
}


@dataclass(frozen=True)
class SearchRequest:
    """What somebody looks for. Values of one facet widen, values of different facets narrow."""

    text: str = ""
    themes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    sort: Sort = Sort.FIT
    page: int = 1
    page_size: int = PAGE_SIZE

    def chosen(self, facet: Facet) -> frozenset[str]:
        """The values chosen of one facet."""
        return {
            Facet.THEME: self.themes,
            Facet.COUNTRY: self.countries,
            Facet.MODE: self.modes,
            Facet.PARTNER: self.partners,
        }[facet]

    def without(self, facet: Facet) -> "SearchRequest":
        """The same request with one facet left open."""
        first, none = replace(self, page=1), frozenset[str]()
        return {
            Facet.THEME: replace(first, themes=none),
            Facet.COUNTRY: replace(first, countries=none),
            Facet.MODE: replace(first, modes=none),
            Facet.PARTNER: replace(first, partners=none),
        }[facet]


def cleaned(request: SearchRequest) -> SearchRequest:
    """The request with text that can be compared, and a page that can exist."""
    return replace(
        request,
        text=clean_line(request.text[: 4 * LONGEST_QUERY])[:LONGEST_QUERY],
        themes=_values(request.themes),
        countries=_values(request.countries),
        modes=_values(request.modes),
        partners=_values(request.partners),
        page=min(max(request.page, 1), _LAST_PAGE),
    )


def _values(given: frozenset[str]) -> frozenset[str]:
    """Values that can be compared; one that is none of ours finds nothing."""
    return frozenset(clean_line(value[:_LONGEST_VALUE]) for value in sorted(given)[:_MOST_VALUES])


@dataclass(frozen=True)
class Hit:
    """One dataset found. A higher score fits better; scores of two requests say nothing about each other."""

    dataset: Dataset
    score: float


@dataclass(frozen=True)
class Count:
    """One value of a facet, and how many datasets have it within everything else that was asked."""

    value: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class SearchPage:
    """One page of what was found.

    `is_loose`: nothing has all the words, so these have some of them. `without`: how many there would be if one facet
    were left open; asked for only where nothing was found.
    """

    request: SearchRequest
    hits: tuple[Hit, ...]
    total: int
    facets: dict[Facet, tuple[Count, ...]] = field(default_factory=dict)
    is_loose: bool = False
    without: dict[Facet, int] = field(default_factory=dict)
    without_any: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.request.page_size)
