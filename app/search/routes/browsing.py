"""Finding datasets: the catalog as a page, as JSON and as CSV, all from one request."""

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response

from app.catalog import uses
from app.catalog.around import around
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.search.addresses import arguments, request_of
from app.search.queries import FACETS, SORTS, Facet, SearchPage, SearchRequest, search
from app.search.routes.asked import NAMES, address, named
from app.search.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import json_answer, page, told
from app.web.caching import kept, revalidated
from app.web.database import db
from app.web.guards import public
from app.web.negotiation import HTML, wanted_form
from app.web.sheets import sheet

MOST_IN_A_FILE = 5000
_PER_JSON_PAGE = 100
_SHOWN_VALUES = 40
_COLUMNS = (
    "id", "identifier", "title", "summary", "data_partner", "publisher", "themes", "countries", "first_day", "last_day",
    "frequency", "access_mode", "sensitivity_class", "keywords", "license", "url",
)  # fmt: skip


@blueprint.get("/datasets")
@public
@kept
def index() -> Response:
    """The catalog, or another form of it for programs that ask for one."""
    forms = {one.media_type: one for one in around().of_list}
    form = forms.get(wanted_form((HTML, *forms)))
    response = form.answer() if form else _catalog_page()
    response.vary.add("Accept")
    return response


def _catalog_page() -> Response:
    asked = _asked()
    found = search(db.session, current_actor(), asked, NAMES)
    ids = [hit.dataset.id for hit in found.hits]
    answer = page(
        "search/index.html",
        found=found,
        asked=found.request,
        groups=_groups(found),
        chosen=_chosen(found),
        sorts={sort: told(name) for sort, name in SORTS.items()},
        counts=uses.provider().use_counts(db.session, ids),
        waits=uses.provider().waits(db.session, ids),
        words=words,
        address=lambda **more: address("search.index", {**arguments(found.request), **more}),
        file_address=lambda name: address(name, arguments(found.request)),
        Facet=Facet,
    )
    return revalidated(answer)


@blueprint.get("/datasets.json")
@public
def index_json() -> Response:
    """The same search for programs, a hundred at a time."""
    found = search(db.session, current_actor(), replace(_asked(), page_size=_PER_JSON_PAGE), NAMES)
    return json_answer(
        {
            "query": found.request.text,
            "total": found.total,
            "page": found.request.page,
            "pages": found.pages,
            "has_all_words": not found.is_loose,
            "datasets": [{**_row(hit.dataset), "score": hit.score} for hit in found.hits],
            "facets": {
                facet.value: [{"value": one.value, "name": named(one), "count": one.count} for one in counts]
                for facet, counts in found.facets.items()
            },
        }
    )


@blueprint.get("/datasets.csv")
@public
def index_csv() -> Response:
    """The same search as a table."""
    asked = replace(_asked(), page=1, page_size=MOST_IN_A_FILE)
    rows = (_row(hit.dataset) for hit in search(db.session, current_actor(), asked, NAMES).hits)
    return sheet("datasets.csv", _COLUMNS, ([_cell(row[name]) for name in _COLUMNS] for row in rows))


def _asked() -> SearchRequest:
    return request_of(request.args.getlist)


def _groups(found: SearchPage) -> list[tuple[str, Facet, list[tuple[str, str, int, bool]]]]:
    """The facets as the page shows them: those in which there is something to choose."""
    groups = []
    for facet, counts in found.facets.items():
        shown = [one for place, one in enumerate(counts) if place < _SHOWN_VALUES or one.is_chosen]
        if len(shown) > 1 or any(one.is_chosen for one in shown):
            options = [(one.value, named(one), one.count, one.is_chosen) for one in shown]
            groups.append((told(FACETS[facet]), facet, options))
    return groups


def _chosen(found: SearchPage) -> list[tuple[str, str]]:
    """Each filter that is on, with the address of the same search without it."""
    chips = []
    for facet, counts in found.facets.items():
        for one in counts:
            if one.is_chosen:
                left = sorted(found.request.chosen(facet) - {one.value})
                fewer = {**arguments(found.request), facet.value: left}
                chips.append((named(one), address("search.index", fewer)))
    return chips


def _row(dataset: Dataset) -> dict[str, object]:
    """A dataset as files for programs have it."""
    return {
        "id": dataset.reference,
        "identifier": dataset.identifier,
        "title": dataset.title,
        "summary": dataset.summary,
        "data_partner": dataset.organization.name,
        "publisher": dataset.publisher,
        "themes": [row.theme for row in dataset.themes],
        "countries": [row.country for row in dataset.countries],
        "first_day": dataset.coverage_start.isoformat() if dataset.coverage_start else None,
        "last_day": dataset.coverage_end.isoformat() if dataset.coverage_end else None,
        "frequency": dataset.frequency.value,
        "access_mode": dataset.access_mode.value if dataset.access_mode else None,
        "sensitivity_class": dataset.sensitivity.value if dataset.sensitivity else None,
        "keywords": dataset.keywords,
        "license": dataset.license_text,
        "url": words.public_address(dataset),
    }


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
