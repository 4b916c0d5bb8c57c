"""Reading the agreement: the current version, older ones, their terms and files, and who has signed."""

from flask import Response as FlaskResponse
from flask import current_app
from werkzeug.wrappers import Response

from app.agreements import library, queries
from app.agreements.library import Version, signed_files
from app.agreements.routes.blueprint import blueprint
from app.agreements.routes.showing import acts_on
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.rules.terms import shown
from app.web.actor import current_actor
from app.web.answers import page
from app.web.database import db
from app.web.guards import NOT_FOUND, public
from app.web.words import country_name


@blueprint.get("/agreement")
@public
def index() -> Response:
    """The version that is signed now."""
    return _read(library.current_version())


@blueprint.get("/agreement/<version_id>")
@public
def show(version_id: str) -> Response:
    """One published version."""
    return _read(library.version(version_id))


@blueprint.get("/agreement/<version_id>/terms")
@public
def terms(version_id: str) -> Response:
    """The Schedule of Terms: what each clause's parameters are, and who may change them how far."""
    version = library.version(version_id)
    values = {
        name: (shown(version.terms.specs[name], rule.value, country_name))
        for name, rule in version.terms.layer.rules.items()
    }
    ceilings = {
        spec.name: shown(spec, spec.ceiling, country_name)
        for spec in version.terms.specs.by_name.values()
        if spec.ceiling is not None and shown(spec, spec.ceiling, country_name) != values.get(spec.name)
    }
    return page("agreements/terms.html", version=version, values=values, ceilings=ceilings)


@blueprint.get("/agreement/<version_id>/<filename>")
@public
def file(version_id: str, filename: str) -> Response:
    """One of the files that the text hash covers, byte by byte, so that anyone can make the hash again."""
    version = library.version(version_id)
    if filename not in signed_files(version.authoritative_language):
        raise NotFound(NOT_FOUND)
    data = (library.FOLDER / "common" / version.id / filename).read_bytes()
    answer: FlaskResponse = current_app.response_class(data, mimetype="text/plain")
    return answer


@blueprint.get("/agreement/signatories")
@public
def signatories() -> Response:
    """Who has signed, in which capacity, since when."""
    moment = now()
    count, total = queries.signed_counts(db.session, moment)
    return page(
        "agreements/signatories.html",
        parties=queries.parties(db.session, moment),
        count=count,
        total=total,
        version=library.current_version(),
    )


def _read(version: Version) -> Response:
    moment, actor = now(), current_actor()
    count, total = queries.signed_counts(db.session, moment)
    is_current = version.id == library.current_version().id
    return page(
        "agreements/read.html",
        version=version,
        versions=library.versions(),
        is_current=is_current,
        files=signed_files(version.authoritative_language),
        count=count,
        total=total,
        to_sign=queries.to_sign(db.session, actor, moment) if is_current else [],
        to_open=queries.open_capacities(db.session, actor) if is_current else [],
        own=queries.latest_accessions(db.session, actor),
        acts_on=acts_on,
    )
