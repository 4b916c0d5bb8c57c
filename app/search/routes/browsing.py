"""Finding datasets: the catalog as a page, its filters and ways to show it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from app.catalog import uses
from app.catalog.around import around
from app.catalog.routes import words
from app.foundation.clock import now
from app.rules.regions import regions
from app.search.addresses import arguments, request_of
from app.search.queries import SORTS, Facet, SearchRequest, Sort, search
from app.search.queries.excerpts import excerpts
from app.search.routes.asked import address, names
from app.search.routes.blueprint import blueprint
from app.search.routes.feeds import FEED
from app.search.routes.files import TABLE
from app.search.routes.shown import (
    FIRST,
    RARER,
    VIEWS,
    View,
    chips,
    divided,
    drops,
    groups,
    places,
    recognized,
    timeline,
)
from app.web.actor import current_actor
from app.web.answers import told
from app.web.caching import kept, revalidated, shared
from app.web.database import db
from app.web.frame import Unframed, framed, unframed
from app.web.guards import public
from app.web.negotiation import HTML, wanted_form


@blueprint.get("/datasets")
@public
@kept
def index() -> Response:
    """The catalog, or another form of it for programs that ask for one."""
    forms = {one.media_type: one for one in (*around().of_list, TABLE, FEED)}
    form = forms.get(wanted_form((HTML, *forms)))
    response = form.answer() if form else _catalog_page()
    response.vary.add("Accept")
    return response


@dataclass(frozen=True)
class Shown:
    """The catalog's page, and whether the index is behind."""

    page: Unframed
    is_behind: bool


def _catalog_page() -> Response:
    shown = shared(lambda: _shown(_asked()), lambda one: not one.is_behind)
    answer = Response(framed(shown.page), mimetype=HTML)
    if shown.is_behind:  # nobody keeps what is not whole yet
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return revalidated(answer)


def _shown(sought: SearchRequest) -> Shown:
    found = search(db.session, current_actor(), sought, names())
    view = next((view for view in View if view == request.args.get("view")), View.LIST)
    seen: dict[str, object] = {} if view is View.LIST else {"view": view.value}

    def here(values: Mapping[str, object]) -> str:
        return address("search.index", {**values, **seen})

    rows = [hit.dataset for hit in (*found.hits, *found.nearest)]
    asked = arguments(found.request)
    whole = unframed(
        "search/index.html",
        found=found,
        asked=found.request,
        view=view,
        views=[
            (told(name), address("search.index", {**asked, "view": one.value}), one == view)
            for one, name in VIEWS.items()
        ],
        groups=groups(found, FIRST),
        rarer=groups(found, RARER),
        chosen=chips(found, here),
        recognized=recognized(found, here),
        divided=divided(found),
        drops=drops(found, here),
        places=places(found, here) if view is View.MAP else None,
        timeline=timeline(rows, now().date()) if view is View.TIMELINE and found.hits else None,
        orders=_orders(found.request, lambda sort: here({**asked, "sort": sort.value})),
        counts=uses.provider().use_counts(db.session, [row.id for row in rows]),
        words=words,
        excerpts=excerpts(db.session, found.words, rows),
        here=lambda **more: here({**asked, **more}),
        kept=lambda *without: [(name, value) for name, value in _pairs({**asked, **seen}) if name not in without],
        file_address=lambda name: address(name, asked),
        countries=sorted(found.request.chosen(Facet.COUNTRY) - regions().keys()),
    )
    return Shown(whole, found.is_behind)


def _orders(asked: SearchRequest, there: Callable[[Sort], str]) -> list[tuple[str, str, bool]]:
    """The orders to choose from: name, address, whether it is this one. Where nothing is looked for nothing fits best."""
    now_in = asked.sort if asked.text or asked.sort is not Sort.FIT else Sort.NEWEST
    offered = [sort for sort in SORTS if asked.text or sort is not Sort.FIT]
    return [(told(SORTS[sort]), there(sort), sort is now_in) for sort in offered]


def _asked() -> SearchRequest:
    return request_of(request.args.getlist)


def _pairs(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values as hidden fields of a form carry them."""
    return [
        (name, str(one)) for name, given in values.items() for one in (given if isinstance(given, list) else [given])
    ]
