"""What a search finds as files for programs and spreadsheets: the same request as its page, the same rows in the same order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from app.catalog.around import ListRepresentation
from app.catalog.queries import Brief, briefs, edition
from app.catalog.routes import words
from app.rules.actors import Actor
from app.search.addresses import arguments, request_of
from app.search.queries import Facet, Result, SearchPage, SearchRequest, Standing, result, search, standings
from app.search.routes.asked import address, named, names, whole
from app.search.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import json_answer
from app.web.database import db
from app.web.guards import public
from app.web.sheets import lines, to_keep
from app.web.streaming import streamed

_PER_JSON_PAGE = 100
# After so many seconds an index that is being made may be there.
_SECONDS = 60
# Each facet of the list is a column, in the values by which an address narrows; the period is the days and the rhythm.
_COLUMNS = (
    "id", "identifier", "title", "summary", "data_partner", "data_partner_slug", "publisher", "themes", "goals", "countries",
    "first_day", "last_day", "frequency", "granularity", "access_mode", "collaborative_type", "sensitivity_class", "languages",
    "expected_wait", "typical_days", "typical_answers", "typical_of", "keywords", "license", "url",
)  # fmt: skip


@blueprint.get("/datasets.json")
@public
def index_json() -> Response:
    """The same search for programs, a hundred at a time."""
    asked, viewer = replace(request_of(request.args.getlist), page_size=_PER_JSON_PAGE), current_actor()
    found = search(db.session, viewer, asked, names())
    following = _following(found)
    known = standings(db.session, viewer, [hit.dataset.id for hit in found.hits])
    answer = json_answer(
        {
            "query": found.request.text,
            "total": found.total,
            "page": found.request.page,
            "pages": found.pages,
            "next": following,
            "is_complete": not found.is_behind,
            "has_all_words": not found.is_loose,
            "did_you_mean": found.did_you_mean,
            "understood": [
                {"facet": one.facet.value, "value": one.value, "words": one.words, "narrows": one.narrows}
                for one in found.understood
            ],
            "datasets": [
                {**_row(hit.dataset, known[hit.dataset.id]), "score": hit.score}
                for hit in found.hits
                if hit.dataset.id in known
            ],
            "facets": {
                facet.value: [{"value": one.value, "name": named(one), "count": one.count} for one in counts]
                for facet, counts in found.facets.items()
            },
        }
    )
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _following(found: SearchPage) -> str | None:
    """The whole address of the next page; None behind the last one."""
    if found.next_page is None:
        return None
    return whole(address("search.index_json", {**arguments(found.request), "page": found.next_page}))


@blueprint.get("/datasets.csv")
@public
def index_csv() -> Response:
    """Everything that the search finds as a table."""
    return _table()


def _table() -> Response:
    """The table, sent while it is written."""
    viewer = current_actor()
    found = complete(viewer, request_of(request.args.getlist))
    rows = ([_cell(row[name]) for name in _COLUMNS] for row in _rows(viewer, found))
    text = lines(_COLUMNS, rows)
    return to_keep(streamed(text, f"{TABLE.media_type}; charset=utf-8", edition(db.session, viewer)), "datasets.csv")


def complete(viewer: Actor, asked: SearchRequest) -> Result:
    """Everything that is found. A file that lacks what is not in the index yet would look whole, so there is none till then.

    Raises:
        ServiceUnavailable: the index is being made.
    """
    found = result(db.session, viewer, asked, names())
    if found.is_behind:
        raise ServiceUnavailable(retry_after=_SECONDS)
    return found


def _rows(viewer: Actor, found: Result) -> Iterator[dict[str, object]]:
    """The rows that the viewer may find when their part is read."""
    for keys in found.parts():
        rows = briefs(db.session, viewer, keys)
        known = found.standings(rows)
        db.session.close()
        yield from (_row(rows[key], known[key]) for key in keys if key in rows and key in known)


def _row(dataset: Brief, standing: Standing) -> dict[str, object]:
    """A dataset as files for programs have it."""
    has, wait = standing.facets, standing.wait
    return {
        "id": dataset.reference,
        "identifier": dataset.identifier,
        "title": dataset.title,
        "summary": dataset.summary,
        "data_partner": dataset.partner,
        "data_partner_slug": _one(has[Facet.PARTNER]),
        "publisher": dataset.publisher,
        "themes": list(has[Facet.THEME]),
        "goals": list(has[Facet.GOAL]),
        "countries": list(has[Facet.COUNTRY]),
        "first_day": dataset.coverage_start.isoformat() if dataset.coverage_start else None,
        "last_day": dataset.coverage_end.isoformat() if dataset.coverage_end else None,
        "frequency": dataset.frequency.value,
        "granularity": _one(has[Facet.GRANULARITY]),
        "access_mode": _one(has[Facet.MODE]),
        "collaborative_type": _one(has[Facet.TYPE]),
        "sensitivity_class": _one(has[Facet.SENSITIVITY]),
        "languages": list(has[Facet.LANGUAGE]),
        "expected_wait": _one(has[Facet.WAIT]),
        "typical_days": wait.median if wait else None,
        "typical_answers": wait.count if wait else None,
        "typical_of": ("data partner" if wait.is_partners else "dataset") if wait else None,
        "keywords": dataset.keywords,
        "license": dataset.license_text,
        "url": words.public_address(dataset),
    }


def _one(values: Sequence[str]) -> str | None:
    """The value of a facet of which a listing has one at most."""
    return values[0] if values else None


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


TABLE = ListRepresentation("text/csv", _table)
