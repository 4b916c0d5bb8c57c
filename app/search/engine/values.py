"""The facets of the catalog, and the values that a listing has of each."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from app.catalog.goals import goals_of
from app.catalog.uses import Wait
from app.foundation.text import fold
from app.rules.vocabulary import GRANULARITIES, Frequency, Granularity
from app.search.engine.listings import Listing

# Years before this one are not told apart.
EARLIEST, LATEST = 1950, 2100
# Years of one part of the period facet; the rest is "before".
_SPAN = 3
WITHIN = (2, 5, 10)


class Facet(StrEnum):
    """What a list can be narrowed by."""

    THEME = "theme"
    GOAL = "goal"
    COUNTRY = "country"
    PERIOD = "period"
    GRANULARITY = "granularity"
    MODE = "mode"
    TYPE = "type"
    SENSITIVITY = "sensitivity"
    PARTNER = "partner"
    LANGUAGE = "language"
    WAIT = "wait"


class ExpectedWait(StrEnum):
    """How many working days an answer typically took."""

    WITHIN_2 = "2"
    WITHIN_5 = "5"
    WITHIN_10 = "10"
    LONGER = "longer"
    NOT_MEASURED = "none"


def facet_values(listing: Listing, wait: Wait | None, this_year: int) -> dict[Facet, Sequence[str]]:
    """The values of each facet that a listing has."""
    texts = (listing.title, listing.summary, listing.description)
    grain = granularity_of(f"{listing.spatial_resolution} {listing.unit}")
    languages = {code.lower().replace("_", "-").split("-")[0] for code in listing.languages}
    return {
        Facet.THEME: listing.themes,
        Facet.GOAL: goals_of(listing.themes, listing.keywords, texts, listing.foreign_themes),
        Facet.COUNTRY: listing.countries,
        Facet.PERIOD: periods_of(years_of(listing, this_year), this_year),
        Facet.GRANULARITY: [grain.value] if grain else [],
        Facet.MODE: [listing.access_mode.value] if listing.access_mode else [],
        Facet.TYPE: [listing.collaborative_type.value] if listing.collaborative_type else [],
        Facet.SENSITIVITY: [listing.sensitivity.value] if listing.sensitivity else [],
        Facet.PARTNER: [listing.partner_slug],
        Facet.LANGUAGE: sorted(filter(None, languages)),
        Facet.WAIT: [expected_wait(wait).value],
    }


def years_of(listing: Listing, this_year: int) -> tuple[str, ...]:
    """Each year that the data covers; what has no end yet and is still refreshed covers this year."""
    start, end = listing.coverage_start, listing.coverage_end
    if start is None and end is None:
        return ()
    ongoing = end is None and listing.frequency is not Frequency.ONCE
    first = start.year if start else (end.year if end else this_year)
    last = end.year if end else (max(first, this_year) if ongoing else first)
    return years_between(first, last)


@lru_cache(maxsize=2048)
def years_between(first: int, last: int) -> tuple[str, ...]:
    """The years from one to the other, in the form in which the index holds them."""
    low, high = max(first, EARLIEST - 1), min(max(last, EARLIEST - 1), LATEST)
    return tuple(str(year) for year in range(low, high + 1))


def parts_of_time(this_year: int) -> list[str]:
    """The parts of the period facet, the newest first: "2024-2026", "2021-2023", "-2020"."""
    newest = this_year - _SPAN + 1
    return [f"{newest}-{this_year}", f"{newest - _SPAN}-{newest - 1}", f"-{newest - _SPAN - 1}"]


@lru_cache(maxsize=2048)
def periods_of(years: tuple[str, ...], this_year: int) -> tuple[str, ...]:
    """The parts of the period facet that these years touch; years to come count to the newest part."""
    found = {int(year) for year in years}
    parts = parts_of_time(this_year)
    touched = tuple(part for part in parts if found & {int(one) for one in years_in(part)})
    return touched or ((parts[0],) if found else ())


def years_in(period: str) -> tuple[str, ...]:
    """The years of a period as an address names it: "2021-2023", "2019", "-2020", "2024-"; none where it is no period."""
    match = re.fullmatch(r"(\d{4})?(-?)(\d{4})?", period)
    if match is None or not (match[1] or match[3]):
        return ()
    first = int(match[1]) if match[1] else EARLIEST - 1
    last = int(match[3]) if match[3] else (LATEST if match[2] else first)
    return years_between(first, last) if first <= last else ()


def expected_wait(wait: Wait | None) -> ExpectedWait:
    """The part of the wait facet for what was measured."""
    if wait is None:
        return ExpectedWait.NOT_MEASURED
    within = next((days for days in WITHIN if wait.median <= days), None)
    return ExpectedWait(str(within)) if within else ExpectedWait.LONGER


_METERS = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:m|km|meters?|metres?|kilometers?|kilometres?|metros|degrees?|deg|arc)\b")


@lru_cache(maxsize=2048)
def granularity_of(text: str) -> Granularity | None:
    """The finest area that a text names, by its words; None where it names none."""
    if _METERS.search(text.lower()):
        return Granularity.GRID
    words = set(fold(text).split())
    return next((grain for grain, (_, names) in GRANULARITIES.items() if words & names), None)
