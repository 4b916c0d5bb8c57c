"""What is asked of the catalog, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.catalog.queries import Brief
from app.catalog.uses import Wait
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.search.engine.values import Facet

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
    CHANGED = "changed"


# What a page of results offers; what changed last is for feeds, and would take a line of a telephone's first screen.
SORTS: dict[Sort, str] = {Sort.FIT: N_("Sorted by fit"), Sort.NEWEST: N_("Newest first"), Sort.TITLE: N_("By title")}


FACETS: dict[Facet, str] = {
    Facet.THEME: N_("Theme"),
    Facet.GOAL: N_("Sustainable Development Goal"),
    Facet.COUNTRY: N_("Country"),
    Facet.PERIOD: N_("Period"),
    Facet.GRANULARITY: N_("Finest area"),
    Facet.MODE: N_("How you reach the data"),
    Facet.TYPE: N_("Type of collaboration"),
    Facet.SENSITIVITY: N_("Sensitivity"),
    Facet.PARTNER: N_("Data partner"),
    Facet.LANGUAGE: N_("Language"),
    Facet.WAIT: N_("Expected wait"),
}

Chosen = Mapping[Facet, frozenset[str]]


@dataclass(frozen=True)
class SearchRequest:
    """What somebody looks for. Values of one facet widen, values of different facets narrow.

    `as_text`: what was recognized in the text before and taken off again (`Understood.key`): read as plain words.
    `has_all`: only what has all the words, for those who follow a search: what has one of them alone is no news.
    """

    text: str = ""
    facets: Chosen = field(default_factory=dict)
    sort: Sort = Sort.FIT
    page: int = 1
    page_size: int = PAGE_SIZE
    as_text: frozenset[str] = frozenset()
    has_all: bool = False

    def chosen(self, facet: Facet) -> frozenset[str]:
        """The values chosen of one facet."""
        return self.facets.get(facet, frozenset())

    def without(self, facet: Facet, value: str | None = None) -> "SearchRequest":
        """The same request with one facet left open, or with one of its values taken off."""
        left = self.chosen(facet) - {value} if value is not None else frozenset[str]()
        others = {one: values for one, values in self.facets.items() if one is not facet}
        return replace(self, page=1, facets=others | ({facet: left} if left else {}))

    def with_value(self, facet: Facet, value: str) -> "SearchRequest":
        """The same request with one more value chosen."""
        return replace(self, page=1, facets={**self.facets, facet: self.chosen(facet) | {value}})


def cleaned(request: SearchRequest) -> SearchRequest:
    """The request with text that can be compared, and a page that can exist."""
    return replace(
        request,
        text=clean_line(request.text[: 4 * LONGEST_QUERY])[:LONGEST_QUERY],
        facets={facet: _values(request.chosen(facet)) for facet in Facet if request.chosen(facet)},
        page=min(max(request.page, 1), _LAST_PAGE),
        as_text=_values(request.as_text),
    )


def _values(given: frozenset[str]) -> frozenset[str]:
    """Values that can be compared; one that is none of ours finds nothing."""
    return frozenset(clean_line(value[:_LONGEST_VALUE]) for value in sorted(given)[:_MOST_VALUES])


@dataclass(frozen=True)
class Names:
    """What people call countries and languages, by code, in the reader's language."""

    country: Callable[[str], str] = str
    language: Callable[[str], str] = str


@dataclass(frozen=True)
class Hit:
    """One dataset found. A higher score fits better; scores of two requests say nothing about each other.

    `wait`: how long answers on it took, where there were enough of them. `has_all`: it has all the words, where some have
    and others have not.
    """

    dataset: Brief
    score: float
    wait: Wait | None = None
    has_all: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet, and how many datasets have it within everything else that was asked.

    `name` is a sentence for `gettext(name, **facts)`: "%(first)s to %(last)s" with years.
    """

    value: str
    name: str
    count: int
    is_chosen: bool
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """What was recognized in the text: what is of it comes first, or is found alone where it `narrows`.

    `words` are those of the text; `key` goes into `SearchRequest.as_text` to take it off; `facet` and `value` narrow to it.
    `city`: the one that was named, where the value is its country.
    """

    facet: Facet
    value: str
    name: str
    words: str
    facts: Mapping[str, int] = field(default_factory=dict, hash=False)
    city: str = ""
    narrows: bool = False

    @property
    def key(self) -> str:
        """What names it in an address."""
        return f"{self.facet.value}:{self.value}"


@dataclass(frozen=True)
class SearchPage:
    """One page of what was found.

    `is_loose`: nothing has all the words, so these have some of them, or what may be meant by them. `without`: how many
    there would be if one facet were left open, and `without_value` if one chosen value were taken off; `without_any` with
    all facets open. `nearest`: what comes closest, where nothing was found. `did_you_mean`: the text with words that occur.
    `is_behind`: the index is being made, so there may be more. `with_all`: how many of these have all the words, where that
    was counted. `unknown`: words, as typed, that no listing has in any form. `words`: what was looked for, each word in
    the forms that stand for it.
    """

    request: SearchRequest
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[Facet, tuple[Count, ...]] = field(default_factory=dict)
    is_loose: bool = False
    without: Mapping[Facet, int] = field(default_factory=dict)
    without_value: Mapping[tuple[Facet, str], int] = field(default_factory=dict)
    without_any: int = 0
    nearest: tuple[Hit, ...] = ()
    did_you_mean: str | None = None
    understood: tuple[Understood, ...] = ()
    is_behind: bool = False
    with_all: int = 0
    unknown: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // self.request.page_size)

    @property
    def next_page(self) -> int | None:
        """The page after this one, if there is one that can be asked for."""
        page = self.request.page
        return page + 1 if page < min(self.pages, _LAST_PAGE) else None
