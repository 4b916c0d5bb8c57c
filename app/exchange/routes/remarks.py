"""All that is to be mended in a catalog that came in, as a table: pages show the first of it."""

from flask import url_for
from werkzeug.wrappers import Response

from app.exchange.queries.harvests import run_of, source_seen_by
from app.exchange.queries.imports import newest_of
from app.exchange.remarked import all_of_import, all_of_reading, remarks_table
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.uploads import files, uploaded
from app.foundation.clock import now
from app.foundation.errors import WrongState
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, told
from app.web.database import db
from app.web.guards import holding, signed_in


@blueprint.get("/catalog/import/<int:file_id>/remarks.csv")
@holding(Role.STEWARD, Role.DEPUTY)
def import_remarks(file_id: int) -> Response:
    """Of an uploaded catalog, as it was brought in or looked at last."""
    given = uploaded(file_id)
    row = newest_of(db.session, file_id)
    if row is None:
        return answered(url_for("exchange.import_review", file_id=file_id))
    try:
        found = all_of_import(db.session, files(), row, given.organization, now())
    except WrongState as error:
        return answered(url_for("exchange.import_review", file_id=file_id), told(error.message))
    return remarks_table(found, f"remarks-{file_id}.csv")


@blueprint.get("/desk/harvests/<reference>/runs/<int:run_id>/remarks.csv")
@signed_in
def found_remarks(reference: str, run_id: int) -> Response:
    """Of one reading of a source."""
    source = source_seen_by(db.session, current_actor(), reference)
    run = run_of(db.session, source, run_id)
    return remarks_table(all_of_reading(db.session, files(), run), f"remarks-{source.reference}-{run_id}.csv")
