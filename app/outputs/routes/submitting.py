"""Outputs of a grant: submitted, submitted again, published, withdrawn."""

from io import BytesIO

from flask import send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.stored_files import StoredFile, store_file
from app.foundation.uploads import LARGEST_UPLOAD, recognized
from app.foundation.words import N_
from app.outputs import commands, queries
from app.outputs.commands import Submission
from app.outputs.forms import PublishForm, SubmitForm, VersionForm, WithdrawForm
from app.outputs.routes.blueprint import blueprint
from app.outputs.routes.showing import Forms, files, seen_output, shown
from app.rules.outputs import OUTPUT_KINDS, OutputKind
from app.rules.workflow import OUTPUT_STATES
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once


@blueprint.get("/grants/<number>/outputs")
@signed_in
def index(number: str) -> Response:
    """The outputs of a grant, as far as the reader may know of them."""
    grant, may_submit = queries.grant_for_outputs(db.session, current_actor(), number)
    rows = queries.outputs_of(db.session, current_actor(), grant)
    return page(
        "outputs/index.html", grant=grant, outputs=rows, may_submit=may_submit, states=OUTPUT_STATES, kinds=OUTPUT_KINDS
    )


@blueprint.get("/grants/<number>/outputs/new")
@signed_in
def new(number: str) -> Response:
    """Where an output is submitted."""
    grant, may_submit = queries.grant_for_outputs(db.session, current_actor(), number)
    if not may_submit:
        raise NotFound(NOT_FOUND)
    due, is_urgent = queries.answer_day(db.session, grant, now())
    return page("outputs/new.html", grant=grant, form=SubmitForm(formdata=None).offer(), due=due, is_urgent=is_urgent)


@blueprint.post("/grants/<number>/outputs/new")
@signed_in
@once
def submit(number: str) -> Response:
    """Submit it."""
    grant, may_submit = queries.grant_for_outputs(db.session, current_actor(), number)
    if not may_submit:
        raise NotFound(NOT_FOUND)
    form, made = SubmitForm().offer(), []

    def run() -> None:
        given = Submission(
            form.title.data or "", form.chosen, form.planned_on.data, _file(form, number), form.link.data or "",
            form.note.data or "",
        )  # fmt: skip
        made.append(commands.submit(db.session, current_actor(), number, given, now()))

    if form.submitted(run):
        words = N_("Submitted. The data partner gets a mail now, with the day by which it answers.")
        return finish(url_for("outputs.show", reference=made[0].reference), told(words))
    due, is_urgent = queries.answer_day(db.session, grant, now())
    return page("outputs/new.html", 422, grant=grant, form=form, due=due, is_urgent=is_urgent)


@blueprint.post("/outputs/<reference>/again")
@signed_in
@once
def resubmit(reference: str) -> Response:
    """Submit a new version after changes."""
    form, seen = VersionForm(), seen_output(reference)

    def run() -> None:
        row = seen.output
        given = Submission(
            row.title, OutputKind(row.kind), row.planned_on, _file(form, seen.grant.number), form.link.data or "",
            form.note.data or "",
        )  # fmt: skip
        commands.resubmit(db.session, current_actor(), reference, given, now())

    if form.submitted(run):
        return finish(
            url_for("outputs.show", reference=reference), told(N_("Submitted again. The data partner reads it."))
        )
    return shown(seen_output(reference), Forms(form, again=form), status=422)


@blueprint.post("/outputs/<reference>/publish")
@signed_in
@once
def publish(reference: str) -> Response:
    """Record where it was published."""
    form = PublishForm()

    def run() -> None:
        where = (form.address.data or "", form.doi.data or "", form.credit.data or "")
        commands.publish(db.session, current_actor(), reference, form.published_on.data, where, now())

    if form.submitted(run):
        return finish(
            url_for("outputs.show", reference=reference), told(N_("Recorded. It stands in the public register now."))
        )
    return shown(seen_output(reference), Forms(form, publishing=form), status=422)


@blueprint.post("/outputs/<reference>/withdraw")
@signed_in
@once
def withdraw(reference: str) -> Response:
    """Take it back, before it is published."""
    form = WithdrawForm()

    def run() -> None:
        commands.withdraw(db.session, current_actor(), reference, form.words.data or "", now())

    if form.submitted(run):
        words = N_("Withdrawn. Those who read it get a mail.")
        return finish(url_for("outputs.show", reference=reference), told(words))
    return shown(seen_output(reference), Forms(form, withdrawing=form), status=422)


@blueprint.get("/outputs/<reference>/versions/<int:number>")
@signed_in
def file(reference: str, number: int) -> Response:
    """The file of one version; always as a download."""
    version = next((each for each in seen_output(reference).versions if each.number == number), None)
    if version is None or version.file is None:
        raise NotFound(NOT_FOUND)
    data = BytesIO(files().get(version.file.key))
    return send_file(data, version.file.media_type, as_attachment=True, download_name=version.file.filename)


def _file(form: VersionForm, number: str) -> StoredFile | None:
    brought = form.file.data
    if not isinstance(brought, FileStorage) or not brought.filename:
        return None
    upload = recognized(brought.stream.read(LARGEST_UPLOAD + 1), brought.filename)
    return store_file(db.session, files(), upload.data, upload.filename, upload.media_type, ("output", number), now())
