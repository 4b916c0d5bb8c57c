"""What the page of the catalog shows of a search: filters, chips, what to leave out, a map and a timeline."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from app.catalog.queries import Brief
from app.catalog.routes import words
from app.foundation.words import N_
from app.rules.regions import regions
from app.rules.vocabulary import WORLD
from app.search.addresses import AS_TEXT, arguments
from app.search.queries import FACETS, Facet, Hit, SearchPage, SearchRequest, Sort
from app.search.routes.asked import named, namer
from app.web.answers import told

SHOWN_VALUES = 40
# In the order in which somebody needs them; the rest is folded.
FIRST = (Facet.COUNTRY, Facet.MODE, Facet.WAIT, Facet.PERIOD, Facet.THEME, Facet.GOAL)
RARER = tuple(facet for facet in Facet if facet not in FIRST)
# What a filter is called where all of it is left out.
OPEN: dict[Facet, str] = {
    Facet.THEME: N_("with any theme"),
    Facet.GOAL: N_("with any goal"),
    Facet.COUNTRY: N_("with any country"),
    Facet.PERIOD: N_("with any period"),
    Facet.GRANULARITY: N_("with any fineness"),
    Facet.MODE: N_("with any way of access"),
    Facet.TYPE: N_("with any type of collaboration"),
    Facet.SENSITIVITY: N_("with any sensitivity"),
    Facet.PARTNER: N_("with any data partner"),
    Facet.LANGUAGE: N_("with any language"),
    Facet.WAIT: N_("with any wait"),
}
# The address of a search, as this page writes it.
Address = Callable[[Mapping[str, object]], str]


class View(StrEnum):
    """How what was found is shown, above the list that is always there."""

    LIST = "list"
    MAP = "map"
    TIMELINE = "timeline"


VIEWS: dict[View, str] = {View.LIST: N_("List"), View.MAP: N_("Map"), View.TIMELINE: N_("Timeline")}


@dataclass(frozen=True)
class Group:
    """One facet: options are (value, words, count, whether chosen)."""

    legend: str
    name: str
    options: tuple[tuple[str, str, int, bool], ...]

    @property
    def is_on(self) -> bool:
        """Whether anything of it is chosen."""
        return any(chosen for *_, chosen in self.options)


@dataclass(frozen=True)
class Way:
    """Another search: what it is called, its address, and how many it finds."""

    words: str
    href: str
    count: int = 0


def groups(found: SearchPage, facets: Iterable[Facet]) -> list[Group]:
    """The facets in which there is something to choose."""
    shown, name = [], namer()
    for facet in facets:
        counts = found.facets.get(facet, ())
        kept = [one for place, one in enumerate(counts) if place < SHOWN_VALUES or one.is_chosen]
        options = tuple((one.value, name(one), one.count, one.is_chosen) for one in kept)
        group = Group(told(FACETS[facet]), facet.value, options)
        if len(options) > 1 or group.is_on:
            shown.append(group)
    return shown


def chips(found: SearchPage, address: Address) -> list[Way]:
    """Each filter that is on, with the same search without it."""
    return [
        Way(named(one), address(arguments(found.request.without(facet, one.value))))
        for facet in (*FIRST, *RARER)
        for one in found.facets.get(facet, ())
        if one.is_chosen
    ]


@dataclass(frozen=True)
class Recognized:
    """What was understood, in full ("Bogotá, Colombia"), and what one can narrow to ("Colombia").

    `typed` are the words of the text. `plain` is the search that takes them as words. Where it does not narrow, what is of it
    comes first, and `only` is the search that asks for it alone.
    """

    words: str
    name: str
    typed: str
    plain: str
    only: str
    narrows: bool


def recognized(found: SearchPage, address: Address) -> list[Recognized]:
    """What was recognized in the text."""
    asked, shown = found.request, []
    for one in found.understood:
        name = named(one)
        words = _("%(city)s, %(country)s", city=one.city, country=name) if one.city else name
        plain = {**arguments(asked), AS_TEXT: sorted({*asked.as_text, one.key})}
        only = address(arguments(asked.with_value(one.facet, one.value)))
        shown.append(Recognized(words, name, one.words, address(plain), only, one.narrows))
    return shown


@dataclass(frozen=True)
class Divided:
    """The rows of a page, parted behind the last one that has all the words. `is_mixed`: others stand among those before it."""

    before: tuple[Hit, ...]
    after: tuple[Hit, ...] = ()
    is_mixed: bool = False


def divided(found: SearchPage) -> Divided:
    """What is found, with a line before the rows that have only some of the words; in another order than by fit there is none."""
    hits, having = found.hits, [hit.has_all for hit in found.hits]
    if not any(having):
        return Divided(hits)
    if found.request.sort is not Sort.FIT:
        return Divided(hits, is_mixed=not all(having))
    end = len(hits) - having[::-1].index(True)
    return Divided(hits[:end], hits[end:], is_mixed=not all(having[:end]))


def drops(found: SearchPage, address: Address) -> list[Way]:
    """What to leave out where nothing was found, and what that brings; the most first."""
    asked, ways = found.request, []
    for (facet, value), count in found.without_value.items():
        if count and len(asked.chosen(facet)) > 1:
            ways.append(
                Way(
                    _("without %(filter)s", filter=_name(found, facet, value)), _to(address, asked, facet, value), count
                )
            )
    for facet, count in found.without.items():
        if count:
            ways.append(Way(told(OPEN[facet]), _to(address, asked, facet), count))
    return sorted(ways, key=lambda way: -way.count)


def _to(address: Address, asked: SearchRequest, facet: Facet, value: str | None = None) -> str:
    return address(arguments(asked.without(facet, value)))


def _name(found: SearchPage, facet: Facet, value: str) -> str:
    return next((named(one) for one in found.facets.get(facet, ()) if one.value == value), value)


# ---- the map


@dataclass(frozen=True)
class Land:
    """A country with what is found there."""

    name: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Shade:
    """One step of the legend: the ending of its class, and from how many to how many."""

    ending: str
    low: int
    high: int


@dataclass(frozen=True)
class Places:
    """What the map shows: countries by code, those whose data is for the whole world, and the steps of its shades."""

    lands: Mapping[str, Land]
    world: Land | None
    shades: tuple[Shade, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many datasets each country has."""
        return {code: land.count for code, land in self.lands.items() if land.count}

    def ending(self, code: str) -> str:
        """The step of a country that is too small for an outline."""
        count = self.lands[code].count
        return next((shade.ending for shade in self.shades if shade.low <= count <= shade.high), "")


def places(found: SearchPage, address: Address) -> Places:
    """Datasets by country, each with the search that narrows to it or, where it is chosen, leaves it out."""
    lands = {}
    for one in found.facets.get(Facet.COUNTRY, ()):
        asked = found.request
        other = asked.without(Facet.COUNTRY, one.value) if one.is_chosen else asked.with_value(Facet.COUNTRY, one.value)
        lands[one.value] = Land(named(one), one.count, address(arguments(other)), one.is_chosen)
    world = lands.pop(WORLD, None)
    for region in regions().keys() & lands.keys():
        del lands[region]
    return Places(lands, world, _shades(max((land.count for land in lands.values()), default=0)))


def _shades(most: int) -> tuple[Shade, ...]:
    """The thirds by which the map is shaded (`app.web.drawings`), as whole numbers; steps without any are left out."""
    ends = [most // 3, most * 2 // 3, most]
    steps = zip(("3", "2", "on"), (1, ends[0] + 1, ends[1] + 1), ends, strict=True)
    return tuple(Shade(ending, low, high) for ending, low, high in steps if low <= high)


# ---- the timeline

_WIDTH = 1000.0
_THINNEST = 8.0
_MOST_STEPS = 4


@dataclass(frozen=True)
class Span:
    """One dataset on the timeline; x and width in thousandths of it, none where nobody says when."""

    dataset: Brief
    href: str
    words: str
    x: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class Timeline:
    """Years at even distances, and the datasets in the order in which they begin."""

    years: tuple[int, ...]
    spans: tuple[Span, ...]

    @property
    def lines(self) -> tuple[float, ...]:
        """Where the years stand."""
        steps = max(len(self.years) - 1, 1)
        return tuple(round(_WIDTH * place / steps, 1) for place in range(len(self.years)))


def timeline(datasets: Iterable[Brief], today: date) -> Timeline:
    """From the first to the last day of each dataset; one without an end still grows."""
    rows = sorted(datasets, key=lambda row: (row.coverage_start or row.coverage_end or date.max, row.id))
    days = [day for row in rows for day in (row.coverage_start, row.coverage_end) if day]
    if not days:
        return Timeline((), tuple(_undated(row) for row in rows))
    begin, end = min(days).year, max(*days, today).year + 1
    steps = min(_MOST_STEPS, end - begin)
    begin -= -(end - begin) % steps
    first, last = date(max(begin, 1), 1, 1).toordinal(), date(min(end, 9999), 1, 1).toordinal()

    def at(day: date) -> float:
        return round(_WIDTH * min(max(day.toordinal() - first, 0) / (last - first), 1.0), 1)

    years = tuple(range(begin, end + 1, (end - begin) // steps))
    return Timeline(years, tuple(_span(row, at) for row in rows))


def _span(row: Brief, at: Callable[[date], float]) -> Span:
    if not (row.coverage_start or row.coverage_end):
        return _undated(row)
    left = at(row.coverage_start) if row.coverage_start else 0.0
    right = at(row.coverage_end) if row.coverage_end else _WIDTH
    width = max(right - left, _THINNEST)
    x = min(left, _WIDTH - width)
    return Span(row, words.address(row), words.years(row), x, round(width, 1))


def _undated(row: Brief) -> Span:
    return Span(row, words.address(row), _("period not stated"))
