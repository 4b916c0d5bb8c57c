"""One dataset for programs, each form at an address of its own."""

from flask import url_for
from werkzeug.wrappers import Response

from app.catalog import queries
from app.catalog.around import Place, Representation, Section
from app.catalog.models import Dataset
from app.catalog.routes import words
from app.exchange.exports.dcat import as_dcat
from app.exchange.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import json_answer
from app.web.database import db
from app.web.guards import public

JSON_LD = "application/ld+json"


@blueprint.get("/datasets/<reference>.jsonld")
@public
def dataset_jsonld(reference: str) -> Response:
    """The dataset in DCAT, as JSON-LD, with what an import carried along."""
    asked = words.reference_in(reference)[0]
    return _dcat(queries.dataset_by_reference(db.session, current_actor(), asked))


def _dcat(row: Dataset) -> Response:
    response = json_answer(as_dcat(row))
    response.content_type = JSON_LD
    return response


def _address(row: Dataset) -> str:
    return url_for("exchange.dataset_jsonld", reference=row.reference)


REPRESENTATIONS = (Representation(JSON_LD, _address, _dcat),)
SECTIONS = (
    Section(
        Place.HEAD, "exchange/on_dataset_head.html", lambda _session, _viewer, row, _now: {"address": _address(row)}
    ),
    Section(Place.END, "exchange/on_dataset.html", lambda _session, _viewer, row, _now: {"address": _address(row)}),
)
