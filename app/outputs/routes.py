"""Outputs of a grant: submitting, reading line by line, clearing, publishing."""

from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, current_app, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.foundation.uploads import LARGEST_UPLOAD, TEXTS, recognized
from app.foundation.words import N_
from app.outputs import commands, queries
from app.outputs.commands import Request, Submission
from app.outputs.forms import ChangesForm, DelayForm, PublishForm, RemarkForm, SubmitForm, VersionForm, VersionShownForm
from app.outputs.models import OutputVersion
from app.outputs.queries import SeenOutput
from app.rules.actions import Action
from app.rules.outputs import GROUNDS, OUTPUT_KINDS, Ground, OutputKind
from app.rules.workflow import OUTPUT_STATES
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once

blueprint = Blueprint("outputs", __name__)
MOST_LINES = 1500
_NEVER_SEEN = -1


@dataclass(frozen=True)
class Text:
    """The lines of a text that is read on the page; `is_cut` where there are more."""

    lines: tuple[str, ...]
    is_cut: bool


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
    due, is_urgent = queries.answer_due(grant, now())
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
    due, is_urgent = queries.answer_due(grant, now())
    return page("outputs/new.html", 422, grant=grant, form=form, due=due, is_urgent=is_urgent)


@blueprint.get("/outputs/<reference>")
@signed_in
def show(reference: str) -> Response:
    """One output, its versions and the remarks on them."""
    return _shown(_seen(reference))


@blueprint.post("/outputs/<reference>/remark")
@signed_in
@once
def remark(reference: str) -> Response:
    """Remark on a line or page."""
    form = RemarkForm()

    def run() -> None:
        commands.comment(db.session, current_actor(), reference, form.place.data or "", form.words.data or "", now())

    if form.submitted(run):
        return finish(url_for("outputs.show", reference=reference, _anchor="remarks"), told(N_("Kept.")))
    return _shown(_seen(reference), remark=form, status=422)


@blueprint.post("/outputs/<reference>/changes")
@signed_in
@once
def ask_changes(reference: str) -> Response:
    """Ask for a change, on one of the three grounds."""
    form = ChangesForm().offer()

    def run() -> None:
        if form.ground.data not in set(Ground):
            raise Invalid(N_("Choose one of the three grounds. A finding is never one."), field="ground")
        request = Request(form.place.data or "", Ground(form.ground.data), form.words.data or "")
        shown = _NEVER_SEEN if form.version.data is None else form.version.data
        commands.ask_changes(db.session, current_actor(), reference, [request], shown, now())

    if form.submitted(run):
        return finish(
            url_for("outputs.show", reference=reference), told(N_("Asked. The team gets a mail with your words."))
        )
    return _shown(_seen(reference), changes=form, status=422)


@blueprint.post("/outputs/<reference>/clear")
@signed_in
@once
def clear(reference: str) -> Response:
    """Clear the version that was shown."""
    form = VersionShownForm()
    shown = _NEVER_SEEN if form.version.data is None else form.version.data
    commands.clear(db.session, current_actor(), reference, shown, now())
    return finish(url_for("outputs.show", reference=reference), told(N_("Cleared. The hash of this copy is kept.")))


@blueprint.post("/outputs/<reference>/delay")
@signed_in
@once
def delay(reference: str) -> Response:
    """Ask to wait with publication."""
    form = DelayForm()

    def run() -> None:
        commands.delay(db.session, current_actor(), reference, form.days.data, form.words.data or "", now())

    if form.submitted(run):
        return finish(
            url_for("outputs.show", reference=reference), told(N_("Asked. The team gets a mail with the day."))
        )
    return _shown(_seen(reference), delaying=form, status=422)


@blueprint.post("/outputs/<reference>/again")
@signed_in
@once
def resubmit(reference: str) -> Response:
    """Submit a new version after changes."""
    form, seen = VersionForm(), _seen(reference)

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
    return _shown(_seen(reference), again=form, status=422)


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
    return _shown(_seen(reference), publishing=form, status=422)


@blueprint.post("/outputs/<reference>/withdraw")
@signed_in
@once
def withdraw(reference: str) -> Response:
    """Take it back."""
    commands.withdraw(db.session, current_actor(), reference, now())
    return finish(url_for("outputs.show", reference=reference), told(N_("Withdrawn.")))


@blueprint.get("/outputs/<reference>/versions/<int:number>")
@signed_in
def file(reference: str, number: int) -> Response:
    """The file of one version; always as a download."""
    version = next((each for each in _seen(reference).versions if each.number == number), None)
    if version is None or version.file is None:
        raise NotFound(NOT_FOUND)
    data = BytesIO(_files().get(version.file.key))
    return send_file(data, version.file.media_type, as_attachment=True, download_name=version.file.filename)


def _seen(reference: str) -> SeenOutput:
    return queries.output_seen_by(db.session, current_actor(), reference, now())


def _shown(
    seen: SeenOutput,
    remark: RemarkForm | None = None,
    changes: ChangesForm | None = None,
    again: VersionForm | None = None,
    delaying: DelayForm | None = None,
    publishing: PublishForm | None = None,
    status: int = 200,
) -> Response:
    return page(
        "outputs/show.html",
        status,
        seen=seen,
        text=_text_of(seen.current),
        states=OUTPUT_STATES,
        kinds=OUTPUT_KINDS,
        grounds={ground.value: told(words) for ground, words in GROUNDS.items()},
        acts=Action,
        remark=remark or RemarkForm(formdata=None),
        changes=changes or ChangesForm(formdata=None).offer(),
        again=again or VersionForm(formdata=None),
        delaying=delaying or DelayForm(formdata=None),
        publishing=publishing or PublishForm(formdata=None),
        wrong=remark or changes or again or delaying or publishing,
    )


def _text_of(version: OutputVersion) -> Text | None:
    """The lines of a plain text or table, to be read and remarked on line by line."""
    if version.file is None or version.file.media_type not in TEXTS:
        return None
    lines = _files().get(version.file.key).decode("utf-8", "replace").splitlines()
    return Text(tuple(line[:500] for line in lines[:MOST_LINES]), len(lines) > MOST_LINES)


def _file(form: VersionForm, number: str) -> StoredFile | None:
    brought = form.file.data
    if not isinstance(brought, FileStorage) or not brought.filename:
        return None
    upload = recognized(brought.stream.read(LARGEST_UPLOAD + 1), brought.filename)
    return store_file(db.session, _files(), upload.data, upload.filename, upload.media_type, ("output", number), now())


def _files() -> FileStore:
    files: FileStore = current_app.extensions["onepact_files"]
    return files
