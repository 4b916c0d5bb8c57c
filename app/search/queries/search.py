"""Searching the catalog, in a fixed number of statements: what a viewer may not know of is in no row, count or order."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session
from tantivy import Order

from app.catalog.queries import Brief, briefs
from app.catalog.standing import audiences_of
from app.catalog.uses import Wait
from app.rules.actors import Actor
from app.rules.regions import regions
from app.search.engine import schema
from app.search.engine.following import up_to_date
from app.search.engine.shelf import mended
from app.search.engine.snapshot import whole
from app.search.engine.values import Facet
from app.search.engine.view import Found, View
from app.search.queries.asking import Hit, Names, SearchPage, SearchRequest, Sort, cleaned
from app.search.queries.naming import counts_of
from app.search.queries.planning import (
    Plan,
    is_guessed,
    narrowed,
    plan,
    those_with_all_words,
    unknown_words,
    with_all_words,
)
from app.search.queries.reading import read

_NEAREST = 5


def search(session: Session, viewer: Actor, request: SearchRequest, names: Names | None = None) -> SearchPage:
    """One page of the datasets that fit, with how many there are of each facet's values.

    Args:
        names: what countries and languages are called in the reader's language; their codes where it is left out.
    """
    return mended(session, lambda: _answer(session, viewer, cleaned(request), names or Names()))


def _answer(session: Session, viewer: Actor, request: SearchRequest, names: Names) -> SearchPage:
    snapshot, is_behind = up_to_date(session)
    view = View(snapshot, audiences_of(viewer))
    with whole():
        reading = read(request.text, names, request.as_text)
        made = plan(view, reading, request.text)
        made = narrowed(view, made) if request.has_all else made
        found, total = _found(view, made, request)
        without, without_value, without_any = _without(view, made, request, total)
        counted = _facets(view, made, request)
        asks_for_all = len(made.terms) > 1 and not reading.is_question and without_any > 0
        with_all = with_all_words(view, made, request.facets) if asks_for_all else 0
        has_none = asks_for_all and not (with_all or (request.facets and with_all_words(view, made, {})))
        is_loose = has_none or (without_any > 0 and is_guessed(view, made))
        nearest = [] if total else _nearest(view, plan(view, reading.without(Facet.GOAL), request.text), request)
        keys = [one.dataset_id for one in (*found, *nearest)]
        waits = view.waits([*found, *nearest])
        unknown = unknown_words(view, reading, made) if is_loose else ()
        having_all = those_with_all_words(view, made, keys) if 0 < with_all < total else frozenset[int]()
    # Read under the viewer's rights of this moment, whatever the index says.
    rows = briefs(session, viewer, keys)
    hits, nearest_hits = (_hits(part, rows, waits, having_all) for part in (found, nearest))
    return SearchPage(
        request,
        hits,
        total - (len(found) - len(hits)),
        counts_of(session, counted, request, names, view),
        is_loose,
        without,
        without_value,
        without_any,
        nearest_hits,
        made.corrected,
        reading.understood,
        is_behind,
        with_all,
        unknown,
        tuple(tuple(form for form, _share in term.forms) for term in made.terms),
    )


def _hits(
    found: Iterable[Found], rows: Mapping[int, Brief], waits: Mapping[int, Wait], having_all: Collection[int]
) -> tuple[Hit, ...]:
    known = [(one.dataset_id, one.score) for one in found if one.dataset_id in rows]
    return tuple(Hit(rows[key], score, waits.get(key), key in having_all) for key, score in known)


def _found(view: View, made: Plan, request: SearchRequest) -> tuple[list[Found], int]:
    start, size = (request.page - 1) * request.page_size, request.page_size
    order = order_of(made, request)
    if order is None:
        return view.best(made.ranked(view, request.facets), start, size)
    if not request.facets and not request.text:
        return view.whole_ordered(*order, start, size)
    return view.ordered(made.cheap(view, request.facets), *order, start, size)


def order_of(made: Plan, request: SearchRequest) -> tuple[str, Order] | None:
    """The field by whose values the datasets stand; None where those that fit best come first."""
    if request.sort is Sort.FIT and made.ranking is not None:
        return None
    orders = {Sort.TITLE: (schema.TITLE_ORDER, Order.Asc), Sort.CHANGED: (schema.CHANGED, Order.Desc)}
    return orders.get(request.sort, (schema.NEWEST, Order.Desc))


def _facets(view: View, made: Plan, request: SearchRequest) -> dict[Facet, dict[str, int]]:
    """Counts of each facet with the facet itself left open; those in which nothing is chosen come in one pass."""
    if not request.facets and not request.text:
        return view.all_facets()
    still_open = [facet for facet in Facet if not request.chosen(facet)]
    counted = view.facets(made.cheap(view, request.facets), still_open)
    for facet in request.facets:
        counted |= view.facets(made.cheap(view, request.without(facet).facets), [facet])
    for region in request.chosen(Facet.COUNTRY) & regions().keys():
        asked = request.without(Facet.COUNTRY).with_value(Facet.COUNTRY, region)
        counted[Facet.COUNTRY][region] = view.snapshot.count(made.cheap(view, asked.facets))
    return counted


def _without(
    view: View, made: Plan, request: SearchRequest, total: int
) -> tuple[dict[Facet, int], dict[tuple[Facet, str], int], int]:
    """How many there would be with one facet left open, with one value taken off, with everything open."""

    def count(asked: SearchRequest) -> int:
        return view.snapshot.count(made.cheap(view, asked.facets))

    if not request.facets:
        return {}, {}, total
    left_open = {facet: count(request.without(facet)) for facet in request.facets}
    taken_off = {
        (facet, value): left_open[facet] if len(values) == 1 else count(request.without(facet, value))
        for facet, values in request.facets.items()
        for value in sorted(values)
    }
    return left_open, taken_off, count(SearchRequest())


def _nearest(view: View, made: Plan, request: SearchRequest) -> list[Found]:
    """What comes closest where nothing was found: the words without the filters, else the filters without the words."""
    if made.ranking is not None:
        found, _ = view.best(made.ranked(view, {}), 0, _NEAREST)
        if found:
            return found
    if not request.facets:
        return []
    found, _ = view.ordered(view.within(request.facets), schema.NEWEST, Order.Desc, 0, _NEAREST)
    return found
