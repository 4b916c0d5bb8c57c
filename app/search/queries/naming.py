"""What the values of facets are called."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.foundation.words import N_
from app.organizations.models import Organization
from app.rules.goals import GOALS
from app.rules.vocabulary import (
    ACCESS_MODES,
    COLLABORATIVE_TYPES,
    GRANULARITIES,
    SENSITIVITIES,
    THEMES,
    AccessMode,
    CollaborativeType,
    Granularity,
    Sensitivity,
    Theme,
)
from app.search.engine.snapshot import Snapshot
from app.search.engine.values import ExpectedWait, Facet, parts_of_time, years_in
from app.search.engine.view import View
from app.search.queries.asking import Count, Names, SearchRequest

WAITS: dict[ExpectedWait, str] = {
    ExpectedWait.WITHIN_2: N_("Within 2 working days"),
    ExpectedWait.WITHIN_5: N_("Within 5 working days"),
    ExpectedWait.WITHIN_10: N_("Within 10 working days"),
    ExpectedWait.LONGER: N_("More than 10 working days"),
    ExpectedWait.NOT_MEASURED: N_("Not yet measured"),
}

_WORDS: dict[Facet, Mapping[str, str]] = {
    Facet.THEME: {theme.value: THEMES[theme] for theme in Theme},
    Facet.GOAL: GOALS,
    Facet.MODE: {mode.value: ACCESS_MODES[mode] for mode in AccessMode},
    Facet.TYPE: {kind.value: COLLABORATIVE_TYPES[kind] for kind in CollaborativeType},
    Facet.SENSITIVITY: {level.value: SENSITIVITIES[level] for level in Sensitivity},
    Facet.GRANULARITY: {grain.value: GRANULARITIES[grain][0] for grain in Granularity},
    Facet.WAIT: {wait.value: WAITS[wait] for wait in ExpectedWait},
}
# Facets whose values have an order of their own; the others are shown by how many there are.
_IN_ORDER = frozenset({Facet.GOAL, Facet.PERIOD, Facet.GRANULARITY, Facet.SENSITIVITY, Facet.WAIT})


def counts_of(
    session: Session,
    counted: Mapping[Facet, Mapping[str, int]],
    request: SearchRequest,
    names: Names,
    view: View,
) -> dict[Facet, tuple[Count, ...]]:
    """The facets as people read them: each value named, those chosen among them even where nothing has them."""
    every = {facet: {**dict.fromkeys(request.chosen(facet), 0), **counted.get(facet, {})} for facet in Facet}
    partners = _partner_names(session, view, request)
    told: dict[Facet, tuple[Count, ...]] = {}
    for facet, values in every.items():
        chosen = request.chosen(facet)
        rows = [_count(facet, value, number, value in chosen, names, partners) for value, number in values.items()]
        order = _order(facet, view.snapshot.held.year)
        told[facet] = tuple(sorted(rows, key=lambda one: (order.get(one.value, len(order)), -one.count, one.name)))
    return told


def _count(facet: Facet, value: str, number: int, is_chosen: bool, names: Names, partners: Mapping[str, str]) -> Count:
    if facet is Facet.PERIOD:
        name, facts = period_name(value)
        return Count(value, name, number, is_chosen, facts)
    if facet is Facet.COUNTRY:
        name = names.country(value)
    elif facet is Facet.LANGUAGE:
        name = names.language(value)
    elif facet is Facet.PARTNER:
        name = partners.get(value, value)
    else:
        name = _WORDS[facet].get(value, value)
    return Count(value, name, number, is_chosen)


def period_name(value: str) -> tuple[str, dict[str, int]]:
    """A period in words, with its years; the value itself where it is no period."""
    years = [int(year) for year in years_in(value)]
    if not years:
        return value, {}
    first, last = years[0], years[-1]
    if value.startswith("-"):
        return N_("Before %(year)s"), {"year": last + 1}
    if value.endswith("-"):
        return N_("From %(year)s"), {"year": first}
    return (
        (N_("%(year)s"), {"year": first})
        if first == last
        else (N_("%(first)s to %(last)s"), {"first": first, "last": last})
    )


def _order(facet: Facet, this_year: int) -> dict[str, int]:
    if facet not in _IN_ORDER:
        return {}
    values = parts_of_time(this_year) if facet is Facet.PERIOD else list(_WORDS[facet])
    return {value: place for place, value in enumerate(values)}


def _partner_names(session: Session, view: View, request: SearchRequest) -> Mapping[str, str]:
    """The names of data partners by slug. One of whom the viewer may find nothing goes by what the address says of it."""
    names = _all_partner_names(session, view.snapshot)
    chosen = request.chosen(Facet.PARTNER)
    unknown = chosen - view.all_facets()[Facet.PARTNER].keys() if chosen else chosen
    return {slug: name for slug, name in names.items() if slug not in unknown} if unknown else names


def _all_partner_names(session: Session, snapshot: Snapshot) -> dict[str, str]:
    """All of them, read once for each state of the index: a new name changes the index too."""
    known = snapshot.memory.get("partners")
    if known is None:
        named = select(Organization.slug, Organization.name).where(
            exists().where(Dataset.organization_id == Organization.id)
        )
        known = {row.slug: row.name for row in session.execute(named)}
        snapshot.remember("partners", known)
    return cast("dict[str, str]", known)
