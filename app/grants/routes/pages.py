"""The page of a grant, and its letter."""

from io import BytesIO

from flask import current_app, send_file
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.grants.around import around
from app.grants.queries.grants import SeenGrant, grant_seen_by, term_of
from app.grants.record import from_json
from app.grants.routes.blueprint import blueprint
from app.grants.routes.words import granted_rows, links, status_words
from app.history.queries import happenings
from app.rules.actions import Action
from app.web.actor import current_actor
from app.web.answers import page
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in


@blueprint.get("/grants/<number>")
@signed_in
def show(number: str) -> Response:
    """One grant: where it stands, what was promised and when, what was granted."""
    viewer = current_actor()
    seen = grant_seen_by(db.session, viewer, number)
    record, moment = from_json(seen.grant.record), now()
    term = term_of(seen.grant, moment)
    return page(
        "grants/show.html",
        grant=seen.grant,
        may=seen.may,
        record=record,
        term=term,
        standing=status_words(seen.grant, term, moment),
        granted=granted_rows(record),
        history=happenings(db.session, [("grant", seen.grant.number)]),
        links=links(seen.grant, seen.may) + around().links_of(db.session, viewer, seen, moment),
        sections=around().shown(db.session, viewer, seen, moment),
        acts=Action,
    )


@blueprint.get("/grants/<number>/letter")
@signed_in
def letter(number: str) -> Response:
    """The sealed letter, for its parties and the secretariat."""
    seen = _with_letter(number)
    files: FileStore = current_app.extensions["onepact_files"]
    file = seen.grant.letter
    if file is None:
        raise NotFound(NOT_FOUND)
    return send_file(BytesIO(files.get(file.key)), file.media_type, as_attachment=True, download_name=file.filename)


def _with_letter(number: str) -> SeenGrant:
    seen = grant_seen_by(db.session, current_actor(), number)
    if Action.READ_LETTER not in seen.may:
        raise NotFound(NOT_FOUND)
    return seen
