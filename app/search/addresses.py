"""A search as it stands in an address: read from one, and written into one. What an address says wrongly finds nothing."""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlencode

from app.search.queries import Facet, SearchRequest, Sort

# All values that an address gives a name.
Given = Callable[[str], Sequence[str]]
# What was recognized in the text and taken off again: "country:CO".
AS_TEXT = "text"


def request_of(given: Given) -> SearchRequest:
    """What an address asks for. What it says wrongly is left out or finds nothing, and never breaks the page."""
    number = _first(given, "page")
    return SearchRequest(
        _first(given, "q"),
        facets={facet: values for facet in Facet if (values := _values(given, facet.value))},
        sort=next((sort for sort in Sort if sort == _first(given, "sort")), Sort.FIT),
        page=int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1,
        as_text=_values(given, AS_TEXT),
    )


def arguments(asked: SearchRequest) -> dict[str, object]:
    """The request as it stands in an address, without its page."""
    given: dict[str, object] = {"q": asked.text} if asked.text else {}
    given |= {facet.value: sorted(asked.chosen(facet)) for facet in Facet if asked.chosen(facet)}
    if asked.sort is not Sort.FIT:
        given["sort"] = asked.sort.value
    if asked.as_text:
        given[AS_TEXT] = sorted(asked.as_text)
    return given


def written(asked: SearchRequest) -> str:
    """The request as the question of an address: the same search gives the same text."""
    return urlencode(arguments(asked), doseq=True)


def read(question: str) -> SearchRequest:
    """The request that a question of an address holds."""
    values = parse_qs(question, max_num_fields=1000)
    return request_of(lambda name: values.get(name, ()))


def _first(given: Given, name: str) -> str:
    return next(iter(given(name)), "")


def _values(given: Given, name: str) -> frozenset[str]:
    return frozenset(value for value in given(name) if value)
