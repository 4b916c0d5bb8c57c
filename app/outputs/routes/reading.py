"""Reading an output: remarks and answers, changes asked for line by line, cleared or returned, and that taken back."""

from flask import url_for
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.outputs import commands
from app.outputs.commands import Request
from app.outputs.forms import AnswerForm, DelayForm, NoteForm, RemarkForm, VersionShownForm
from app.outputs.routes.blueprint import blueprint
from app.outputs.routes.showing import Forms, Opened, seen_output, shown
from app.rules.outputs import Ground
from app.web.actor import current_actor
from app.web.answers import finish, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

_NEVER_SEEN = -1


@blueprint.post("/outputs/<reference>/notes")
@signed_in
@once
def note(reference: str) -> Response:
    """Keep a change that is to be asked for; nothing is sent yet."""
    form = NoteForm().offer()

    def run() -> None:
        commands.note(db.session, current_actor(), reference, _request(form), _version(form), now())

    if form.submitted(run):
        return _noted(reference, form.line.data, N_("Kept. Nothing is sent yet."))
    return shown(seen_output(reference), Forms(form, note=form), Opened(line=form.line.data), 422)


@blueprint.post("/outputs/<reference>/notes/<int:key>")
@signed_in
@once
def change_note(reference: str, key: int) -> Response:
    """Say something else in a change that is not sent yet."""
    form, kept = NoteForm().offer(), []

    def run() -> None:
        kept.append(commands.change_note(db.session, current_actor(), reference, key, _request(form), now()))

    if form.submitted(run):
        return _noted(reference, kept[0].line, N_("Kept. Nothing is sent yet."))
    return shown(seen_output(reference), Forms(form, note=form), Opened(draft=key), 422)


@blueprint.post("/outputs/<reference>/notes/<int:key>/remove")
@signed_in
@once
def remove_note(reference: str, key: int) -> Response:
    """Drop a change that is not sent yet."""
    line = commands.remove_note(db.session, current_actor(), reference, key)
    return _noted(reference, line, N_("Removed."))


@blueprint.post("/outputs/<reference>/changes")
@signed_in
@once
def ask_changes(reference: str) -> Response:
    """Send everything that was kept, as one request."""
    form = VersionShownForm()

    def run() -> None:
        commands.send_notes(db.session, current_actor(), reference, _version(form), now())

    if form.submitted(run):
        words = N_("Asked. You can take it back for ten minutes; then the team gets a mail with your words.")
        return finish(url_for("outputs.show", reference=reference), told(words))
    return shown(seen_output(reference), Forms(form), status=422)


@blueprint.post("/outputs/<reference>/remark")
@signed_in
@once
def remark(reference: str) -> Response:
    """Remark on a line or page."""
    form = RemarkForm()

    def run() -> None:
        said = (form.place.data or "", form.words.data or "", now(), form.line.data)
        commands.comment(db.session, current_actor(), reference, *said)

    if form.submitted(run):
        words = N_("Kept. The others who read it get a mail with your words.")
        return finish(_at(reference, form.line.data, "remarks"), told(words))
    return shown(seen_output(reference), Forms(form, remark=form), Opened(line=form.line.data), 422)


@blueprint.post("/outputs/<reference>/remarks/<int:key>/answer")
@signed_in
@once
def answer(reference: str, key: int) -> Response:
    """Answer a remark, or a change asked for, at its place."""
    form = AnswerForm()

    def run() -> None:
        commands.answer(db.session, current_actor(), reference, key, form.words.data or "", now())

    if form.submitted(run):
        words = N_("Answered. The others who read it get a mail with your words.")
        return finish(url_for("outputs.show", reference=reference, _anchor=f"remark-{key}"), told(words))
    return shown(seen_output(reference), Forms(form, answer=form), Opened(answer=key), 422)


@blueprint.post("/outputs/<reference>/clear")
@signed_in
@once
def clear(reference: str) -> Response:
    """Clear the version that was shown."""
    commands.clear(db.session, current_actor(), reference, _version(VersionShownForm()), now())
    words = N_("Cleared. You can take it back for ten minutes; then the team gets a mail.")
    return finish(url_for("outputs.show", reference=reference), told(words))


@blueprint.post("/outputs/<reference>/take-back")
@signed_in
@once
def take_back(reference: str) -> Response:
    """Take back that it was cleared, or that changes were asked for."""
    commands.take_back(db.session, current_actor(), reference, now())
    words = N_("Taken back. What you asked for is a draft again; the clock goes on as if it had not stopped.")
    return finish(url_for("outputs.show", reference=reference), told(words))


@blueprint.post("/outputs/<reference>/delay")
@signed_in
@once
def delay(reference: str) -> Response:
    """Ask to wait with publication."""
    form = DelayForm()

    def run() -> None:
        commands.delay(db.session, current_actor(), reference, form.days.data, form.words.data or "", now())

    if form.submitted(run):
        words = N_("Asked. The team gets a mail with the day.")
        return finish(url_for("outputs.show", reference=reference), told(words))
    return shown(seen_output(reference), Forms(form, delaying=form), status=422)


def _request(form: NoteForm) -> Request:
    if form.ground.data not in set(Ground):
        raise Invalid(N_("Choose one of the three grounds. A finding is never one."), field="ground")
    return Request(form.place.data or "", Ground(form.ground.data), form.words.data or "", form.line.data)


def _version(form: NoteForm | VersionShownForm) -> int:
    return _NEVER_SEEN if form.version.data is None else form.version.data


def _noted(reference: str, line: int | None, words: str) -> Response:
    return finish(_at(reference, line, "asking"), told(words))


def _at(reference: str, line: int | None, otherwise: str) -> str:
    return url_for("outputs.show", reference=reference, _anchor=f"line-{line}" if line else otherwise)
