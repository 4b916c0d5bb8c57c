"""The page of a duty, and what is done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from flask import Blueprint, current_app, redirect, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.duties import commands, queries
from app.duties.commands import Deletion, Given
from app.duties.forms import DeletionForm, EvidenceForm, ReportForm, WordsForm, report_data
from app.duties.queries import SeenDuty
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.foundation.uploads import LARGEST_UPLOAD, recognized
from app.foundation.words import N_
from app.grants.models import Duty
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.duties import DELETION_METHODS, DeletionMethod, DutyKind
from app.rules.workflow import DUTY_STATES
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once

blueprint = Blueprint("duties", __name__)
Command = Callable[[Session, Actor, str, int, str, datetime], Duty]


@dataclass(frozen=True)
class Answer:
    """One answer to what was done: what its page asks, and what is told afterwards."""

    action: Action
    title: str
    explains: str
    button: str
    told: str
    command: Command
    is_stern: bool = False


ANSWERS: dict[str, Answer] = {
    "accept": Answer(
        Action.ACCEPT_DUTY,
        N_("Accept it"),
        N_("The duty is done. A word of thanks goes to the team; it may stay empty."),
        N_("Accept"),
        N_("Accepted. The team gets a mail now."),
        commands.accept,
    ),
    "return": Answer(
        Action.RETURN_DUTY,
        N_("Send it back"),
        N_("Say what is missing. The team has ten working days to mend it."),
        N_("Send it back"),
        N_("Sent back. The team gets a mail with your words."),
        commands.return_with_words,
    ),
    "waive": Answer(
        Action.WAIVE_DUTY,
        N_("Waive this duty"),
        N_("The member need not do it, this time. Your reason is kept with the grant."),
        N_("Waive it"),
        N_("Waived. The team gets a mail now."),
        commands.waive,
        is_stern=True,
    ),
}


@blueprint.get("/grants/<number>/duties/overdue")
@signed_in
def overdue(number: str) -> Response:
    """On to the duty that holds its member up: what of this grant has been overdue for longest; the grant where nothing is."""
    duty = queries.first_overdue(db.session, current_actor(), number, now())
    if duty is None:
        return redirect(url_for("grants.show", number=number), 303)
    return redirect(url_for("duties.show", number=number, duty_id=duty.id), 303)


@blueprint.get("/grants/<number>/duties/<int:duty_id>")
@signed_in
def show(number: str, duty_id: int) -> Response:
    """One duty: what it asks for, what shows that it was done, who is next."""
    seen = _seen(number, duty_id)
    return _shown(seen, EvidenceForm(formdata=None))


@blueprint.post("/grants/<number>/duties/<int:duty_id>")
@signed_in
@once
def do(number: str, duty_id: int) -> Response:
    """Say that it is done, or add evidence to it."""
    form, adds = EvidenceForm(), request.form.get("act") == "add"

    def run() -> None:
        _seen(number, duty_id)  # nothing of a stranger's file is kept
        given = Given(form.body.data or "", form.link.data or "", _file(form, number))
        act = commands.add_evidence if adds else commands.do
        act(db.session, current_actor(), number, duty_id, given, now())

    if form.submitted(run):
        told_then = N_("Added.") if adds else N_("Done. The data partner reads it next, and gets a mail now.")
        return finish(url_for("duties.show", number=number, duty_id=duty_id), told(told_then))
    return _shown(_seen(number, duty_id), form, 422)


@blueprint.get("/grants/<number>/duties/<int:duty_id>/<any(accept, return, waive):answer>")
@signed_in
def ask(number: str, duty_id: int, answer: str) -> Response:
    """What the answer means, and the form for it."""
    seen = _seen(number, duty_id, ANSWERS[answer].action)
    return page("duties/answer.html", seen=seen, answer=ANSWERS[answer], form=WordsForm(formdata=None))


@blueprint.post("/grants/<number>/duties/<int:duty_id>/<any(accept, return, waive):answer>")
@signed_in
@once
def decide(number: str, duty_id: int, answer: str) -> Response:
    """Answer it."""
    form, given = WordsForm(), ANSWERS[answer]
    if form.submitted(
        lambda: given.command(db.session, current_actor(), number, duty_id, form.words.data or "", now())
    ):
        return finish(url_for("duties.show", number=number, duty_id=duty_id), told(given.told))
    return page("duties/answer.html", 422, seen=_seen(number, duty_id), answer=given, form=form)


@blueprint.get("/grants/<number>/duties/<int:duty_id>/report")
@signed_in
def write_report(number: str, duty_id: int) -> Response:
    """The report, filled in as far as the proposal and an earlier sitting go."""
    seen = _seen(number, duty_id, Action.DO_DUTY)
    kept = queries.report_start(db.session, seen.grant, seen.report)
    return _report_page(seen, ReportForm(formdata=None, data=report_data(kept)))


@blueprint.post("/grants/<number>/duties/<int:duty_id>/report")
@signed_in
@once
def send_report(number: str, duty_id: int) -> Response:
    """Keep it, or send it."""
    seen, form = _seen(number, duty_id, Action.DO_DUTY), ReportForm()
    is_sent = request.form.get("act") == "send"
    content = form.content(_indicators(seen))

    def run() -> None:
        act = commands.send_report if is_sent else commands.save_report
        act(db.session, current_actor(), number, duty_id, content, now())

    if form.submitted(run):
        words = N_("Sent. The data partner reads it next, and gets a mail now.") if is_sent else N_("Kept as it is.")
        return finish(
            url_for("duties.show" if is_sent else "duties.write_report", number=number, duty_id=duty_id), told(words)
        )
    return _report_page(_seen(number, duty_id), form, 422)


@blueprint.get("/grants/<number>/duties/<int:duty_id>/certify")
@signed_in
def ask_certify(number: str, duty_id: int) -> Response:
    """The certificate of deletion, to be signed."""
    seen = _seen(number, duty_id, Action.DO_DUTY)
    data = {"what": "\n".join(_datasets(seen)), "kept": "none", "where": ""}
    form = DeletionForm(formdata=None, data=data).offer(queries.allowed_copies(seen.grant))
    return page("duties/certify.html", seen=seen, form=form)


@blueprint.post("/grants/<number>/duties/<int:duty_id>/certify")
@signed_in
@once
def certify(number: str, duty_id: int) -> Response:
    """Sign it."""
    seen = _seen(number, duty_id, Action.DO_DUTY)
    form = DeletionForm().offer(queries.allowed_copies(seen.grant))
    if form.submitted(lambda: commands.certify(db.session, current_actor(), number, duty_id, _said(form), now())):
        return finish(
            url_for("duties.show", number=number, duty_id=duty_id),
            told(N_("Certified. The text is kept with its hash, and the data partner reads it next.")),
        )
    return page("duties/certify.html", 422, seen=_seen(number, duty_id), form=form)


@blueprint.get("/grants/<number>/duties/<int:duty_id>/certificate-<int:certificate_id>.txt")
@signed_in
def certificate(number: str, duty_id: int, certificate_id: int) -> Response:
    """The certificate as it was hashed."""
    seen = _seen(number, duty_id)
    found = next((each for each in seen.certificates if each.id == certificate_id), None)
    if found is None:
        raise NotFound(NOT_FOUND)
    name = f"{number}-deletion.txt"
    return send_file(BytesIO(found.body.encode()), "text/plain; charset=utf-8", as_attachment=True, download_name=name)


@blueprint.get("/grants/<number>/duties/<int:duty_id>/certificate-<int:certificate_id>.pdf")
@signed_in
def certificate_document(number: str, duty_id: int, certificate_id: int) -> Response:
    """The certificate as a sealed document."""
    found = _seen(number, duty_id).documents.get(certificate_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    data = BytesIO(_files().get(found.key))
    return send_file(data, found.media_type, as_attachment=True, download_name=found.filename)


@blueprint.get("/grants/<number>/duties/<int:duty_id>/files/<int:evidence_id>")
@signed_in
def evidence(number: str, duty_id: int, evidence_id: int) -> Response:
    """A file that shows that the duty was done; always as a download."""
    seen = _seen(number, duty_id)
    found = next((each.file for each in seen.evidence if each.id == evidence_id), None)
    if found is None:
        raise NotFound(NOT_FOUND)
    return send_file(
        BytesIO(_files().get(found.key)), found.media_type, as_attachment=True, download_name=found.filename
    )


def _shown(seen: SeenDuty, form: EvidenceForm, status: int = 200) -> Response:
    rows = seen.report.content if seen.report and Action.DO_DUTY not in seen.may else None
    methods = {method.value: told(words) for method, words in DELETION_METHODS.items()}
    return page(
        "duties/show.html",
        status,
        seen=seen,
        form=form,
        report=rows,
        methods=methods,
        states=DUTY_STATES,
        kinds=DutyKind,
        acts=Action,
    )


def _report_page(seen: SeenDuty, form: ReportForm, status: int = 200) -> Response:
    rows = _indicators(seen)
    return page(
        "duties/report.html", status, seen=seen, form=form, rows=list(zip(rows, form.values(rows), strict=False))
    )


def _indicators(seen: SeenDuty) -> list[dict[str, str]]:
    rows = queries.report_start(db.session, seen.grant, seen.report)["indicators"]
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _datasets(seen: SeenDuty) -> list[str]:
    return [f"{dataset.reference}, {dataset.title}" for dataset in queries.granted_datasets(seen.grant)]


def _seen(number: str, duty_id: int, needed: Action | None = None) -> SeenDuty:
    seen = queries.duty_seen_by(db.session, current_actor(), number, duty_id, now())
    if needed is not None and needed not in seen.may:
        raise NotFound(NOT_FOUND)
    return seen


def _said(form: DeletionForm) -> Deletion:
    return Deletion(
        what=form.what.data or "",
        where=form.where.data or "",
        methods=tuple(DeletionMethod(value) for value in form.methods.data or []),
        deleted_on=form.deleted_on.data,
        by_whom=form.by_whom.data or "",
        backups_by=form.backups_by.data,
        kept=form.kept.data or "none",
        kept_words=form.kept_words.data or "",
        typed_name=form.typed_name.data or "",
    )


def _file(form: EvidenceForm, number: str) -> StoredFile | None:
    brought = form.file.data
    if not isinstance(brought, FileStorage) or not brought.filename:
        return None
    upload = recognized(brought.stream.read(LARGEST_UPLOAD + 1), brought.filename)
    return store_file(db.session, _files(), upload.data, upload.filename, upload.media_type, ("duty", number), now())


def _files() -> FileStore:
    files: FileStore = current_app.extensions["onepact_files"]
    return files
