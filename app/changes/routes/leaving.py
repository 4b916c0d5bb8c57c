"""Leaving the common agreement: what would follow is shown before notice is given or recorded. A GET writes nothing."""

from datetime import date
from io import BytesIO

from flask import current_app, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.agreements import commands
from app.agreements.commands.countersigning import Scan
from app.agreements.commands.leaving import Letter
from app.agreements.models import Accession
from app.agreements.notice import may_still_be_undone, period_of
from app.agreements.queries import accession_seen_by
from app.agreements.routes.blueprint import trace
from app.agreements.routes.showing import acts_on
from app.agreements.status import AFTER_NOTICE
from app.changes.forms import LetterForm, NoticeForm
from app.changes.queries.leaving import what_follows
from app.changes.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.words import N_
from app.grants.around import around
from app.rules.actions import Action
from app.rules.calendar import UNDO_MINUTES
from app.rules.roles import Role
from app.rules.workflow import is_possible
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.dates import DayField
from app.web.guards import NOT_FOUND, holding, signed_in
from app.web.once import once

GIVEN = N_("Notice is given. Nothing follows for ten minutes: until then you can take it back and nobody hears of it.")
RECORDED = N_("The notice is recorded. Nothing follows for ten minutes: until then it can be taken back.")
STAYS = N_("The notice is withdrawn. The organization stays.")


@blueprint.get("/sign/<reference>/leave")
@signed_in
def leaving(reference: str) -> Response:
    """What follows when this side leaves; for its signatory, the notice."""
    row = accession_seen_by(db.session, current_actor(), reference)
    earliest = period_of(db.session, row, now()).earliest
    return _leaving(reference, NoticeForm(formdata=None, data={"leaves_on": earliest}))


@blueprint.post("/sign/<reference>/leave")
@signed_in
@once
def give_notice(reference: str) -> Response:
    """Give notice."""
    form = NoticeForm()
    _seen_for(reference, Action.GIVE_NOTICE)

    def act() -> None:
        day, reason = _day(form.leaves_on) or date.min, form.reason.data or ""
        commands.give_notice(db.session, current_actor(), reference, day, reason, trace(), now())

    if form.submitted(act):
        return finish(url_for("changes.leaving", reference=reference), told(GIVEN))
    return _leaving(reference, form, 422)


@blueprint.post("/sign/<reference>/stay")
@signed_in
@once
def withdraw_notice(reference: str) -> Response:
    """Withdraw the notice, from either side's page."""
    commands.withdraw_notice(db.session, current_actor(), reference, trace(), now())
    endpoint = "agreements.case" if current_actor().is_secretariat else "agreements.sign"
    return finish(url_for(endpoint, reference=reference), told(STAYS))


@blueprint.get("/desk/agreement/<reference>/notice")
@holding(Role.OFFICER, Role.DIRECTOR)
def notice(reference: str) -> Response:
    """Record a notice that came in writing: the form, with what would follow."""
    period = period_of(db.session, _seen_for(reference, Action.RECORD_NOTICE), now())
    begin = {"received_on": period.received, "leaves_on": period.earliest}
    return _recording(reference, LetterForm(formdata=None, data=begin))


@blueprint.post("/desk/agreement/<reference>/notice")
@holding(Role.OFFICER, Role.DIRECTOR)
@once
def record_notice(reference: str) -> Response:
    """Record it."""
    form = LetterForm()
    _seen_for(reference, Action.RECORD_NOTICE)

    def act() -> None:
        upload, store = request.files.get("scan") or FileStorage(), _store()
        letter = Letter(_day(form.received_on) or date.min, Scan(upload.read(), upload.filename or ""))
        day, reason, actor = _day(form.leaves_on) or date.min, form.reason.data or "", current_actor()
        commands.record_notice(db.session, actor, reference, day, reason, letter, store, now())

    if form.submitted(act):
        return finish(url_for("agreements.case", reference=reference), told(RECORDED))
    return _recording(reference, form, 422)


@blueprint.get("/sign/<reference>/notice")
@signed_in
def notice_document(reference: str) -> Response:
    """The scan of a notice that came in writing, for the side that gave it and the secretariat."""
    stored = accession_seen_by(db.session, current_actor(), reference).notice_document
    if stored is None:
        raise NotFound(NOT_FOUND)
    data = BytesIO(_store().get(stored.key))
    return send_file(data, stored.media_type, as_attachment=True, download_name=stored.filename)


def _leaving(reference: str, form: NoticeForm, status: int = 200) -> Response:
    row = accession_seen_by(db.session, current_actor(), reference)
    acts = acts_on(row)
    if not is_possible(Action.WITHDRAW_NOTICE, row.state) and Action.GIVE_NOTICE not in acts:
        raise NotFound(NOT_FOUND)
    period = period_of(db.session, row, now())
    return page(
        "changes/leaving.html",
        status,
        form=form if Action.GIVE_NOTICE in acts else None,
        period=period,
        **_shown(row, row.leaves_on or period.earliest),
    )


def _recording(reference: str, form: LetterForm, status: int = 200) -> Response:
    row = accession_seen_by(db.session, current_actor(), reference)
    period = period_of(db.session, row, now(), _day(form.received_on))
    return page("changes/notice.html", status, form=form, period=period, **_shown(row, period.earliest))


def _shown(row: Accession, day: date) -> dict[str, object]:
    """What both pages show besides their form."""
    follows = what_follows(db.session, current_actor(), row, day, now())
    return {
        "accession": row,
        "acts": acts_on(row),
        "follows": follows,
        "outputs": around().unpublished(db.session, [line.number for line in follows.grants]),
        "after": told(AFTER_NOTICE[row.capacity]),
        "leaves_on": day,
        "is_undone_quietly": may_still_be_undone(row, now()),
        "minutes": UNDO_MINUTES,
    }


def _seen_for(reference: str, action: Action) -> Accession:
    """The accession for somebody who may do this now; for others this page does not exist."""
    row = accession_seen_by(db.session, current_actor(), reference)
    if action not in acts_on(row):
        raise NotFound(NOT_FOUND)
    return row


def _day(field: DayField) -> date | None:
    day: date | None = field.data
    return day


def _store() -> FileStore:
    store: FileStore = current_app.extensions["onepact_files"]
    return store
