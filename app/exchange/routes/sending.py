"""What came in by an import goes to the secretariat's check in one act."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.catalog.accession import may_list
from app.catalog.queries import MOST_TOGETHER
from app.exchange.commands.sending import send_what_is_ready
from app.exchange.models import CatalogImport
from app.exchange.queries.imports import lacking_drafts, newest_of, ready_drafts
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.uploads import uploaded
from app.foundation.clock import now
from app.organizations.models import Organization
from app.rules.imports import ImportState
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish
from app.web.database import db
from app.web.guards import holding
from app.web.once import once

_SEEN = frozenset({ImportState.DONE})


@dataclass(frozen=True)
class Sending:
    """Whether an import's drafts may be sent, how many can be as they are, whether there are more than go in one act, and whether
    others lack a required answer.
    """

    may_send: bool
    ready: int
    are_more: bool
    are_lacking: bool


@blueprint.post("/catalog/import/<int:file_id>/send")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def import_send(file_id: int) -> Response:
    """Send what came in and lacks nothing to the secretariat's check, together."""
    uploaded(file_id)
    here = url_for("exchange.import_progress", file_id=file_id)
    row = newest_of(db.session, file_id, is_trial=False)
    if row is None or row.state not in _SEEN:
        return answered(here)
    sent = send_what_is_ready(db.session, current_actor(), row, now())
    message = ngettext(
        "One dataset went to the secretariat's check.",
        "%(num)d datasets went to the secretariat's check. It is told once, and checks them together.",
        sent,
    )
    return finish(here, message)


def sending(row: CatalogImport, organization: Organization) -> Sending:
    """What can be sent of an import."""
    is_open = row.state in _SEEN and may_list(db.session, organization, now())
    ready = len(ready_drafts(db.session, row)) if is_open else 0
    are_lacking = row.state in _SEEN and bool(lacking_drafts(db.session, row))
    return Sending(is_open, min(ready, MOST_TOGETHER), ready > MOST_TOGETHER, are_lacking)
