"""The page of one output: its versions, its lines, and what is said at each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app, request
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.files import FileStore
from app.foundation.uploads import TEXTS
from app.outputs import queries
from app.outputs.forms import AnswerForm, DelayForm, NoteForm, PublishForm, RemarkForm, VersionForm, WithdrawForm
from app.outputs.models import OutputDraft, OutputVersion
from app.outputs.queries import SeenOutput
from app.outputs.queries.lines import Became, Said, by_line, threads, what_became
from app.outputs.routes.blueprint import blueprint
from app.rules.actions import Action
from app.rules.outputs import GROUNDS, MOST_LINES, OUTPUT_KINDS
from app.rules.workflow import OUTPUT_STATES
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import signed_in

_F = TypeVar("_F", bound=Form)


@dataclass(frozen=True)
class Text:
    """The lines of a text that is read on the page; `is_cut` where there are more."""

    lines: tuple[str, ...]
    is_cut: bool


@dataclass(frozen=True)
class Opened:
    """The one form that is open at a line: a new change or remark there, a change that is kept, or an answer to a remark."""

    line: int | None = None
    draft: int | None = None
    answer: int | None = None


@dataclass(frozen=True)
class Reading:
    """What is said of the version that is read now, and of those before."""

    text: Text | None
    at_line: Mapping[int, Sequence[Said]]
    drafts_at: Mapping[int, Sequence[OutputDraft]]
    # What has no line of its own on the page.
    said: Sequence[Said]
    # What was asked of the version before, and what became of it.
    asked: Sequence[Became]
    older: Sequence[tuple[OutputVersion, Sequence[Said]]]


@dataclass(frozen=True)
class Forms:
    """The forms of the page as they were sent; those that were not are empty. `wrong` is the one to mend."""

    wrong: Form | None = None
    note: NoteForm | None = None
    remark: RemarkForm | None = None
    answer: AnswerForm | None = None
    again: VersionForm | None = None
    delaying: DelayForm | None = None
    publishing: PublishForm | None = None
    withdrawing: WithdrawForm | None = None


@blueprint.get("/outputs/<reference>")
@signed_in
def show(reference: str) -> Response:
    """One output, its versions and the remarks on them."""
    args = request.args
    opened = Opened(*(args.get(name, type=int) for name in ("line", "draft", "answer")))
    return shown(seen_output(reference), Forms(), opened)


def seen_output(reference: str) -> SeenOutput:
    """The output as the reader may see it; raises NotFound."""
    return queries.output_seen_by(db.session, current_actor(), reference, now())


def shown(seen: SeenOutput, sent: Forms, opened: Opened | None = None, status: int = 200) -> Response:
    """The page, with what was typed where something is to be mended."""
    open_one = opened or Opened()
    return page(
        "outputs/show.html",
        status,
        seen=seen,
        reading=_reading_of(seen),
        opened=open_one,
        states=OUTPUT_STATES,
        kinds=OUTPUT_KINDS,
        grounds={ground.value: told(words) for ground, words in GROUNDS.items()},
        acts=Action,
        noting=_apart(sent.note or _note_at(seen, open_one), "note"),
        remark=_apart(sent.remark or RemarkForm(formdata=None), "remark"),
        answer=_apart(sent.answer or AnswerForm(formdata=None), "answer"),
        again=_apart(sent.again or VersionForm(formdata=None), "again"),
        delaying=_apart(sent.delaying or DelayForm(formdata=None), "delay"),
        publishing=sent.publishing or PublishForm(formdata=None),
        withdrawing=_apart(sent.withdrawing or WithdrawForm(formdata=None), "withdraw"),
        wrong=sent.wrong,
    )


def files() -> FileStore:
    """Where the files of outputs are kept."""
    found: FileStore = current_app.extensions["onepact_files"]
    return found


def _note_at(seen: SeenOutput, opened: Opened) -> NoteForm:
    """The form with what was kept, where one of the drafts is open."""
    draft = next((each for each in seen.drafts if each.id == opened.draft), None)
    kept = {"ground": draft.ground, "place": draft.place, "words": draft.body} if draft else {}
    return NoteForm(formdata=None, data=kept).offer()


def _apart(form: _F, name: str) -> _F:
    """Several forms stand on the page: the fields of each have ids of their own."""
    for bound in form:
        bound.id = bound.label.field_id = f"{name}-{bound.short_name}"
    return form


def _reading_of(seen: SeenOutput) -> Reading:
    text = _text_of(seen.current)
    count = len(text.lines) if text else 0
    said = threads(seen.current) if seen.reads_remarks else ()
    drafts: dict[int, list[OutputDraft]] = {}
    for draft in seen.drafts:
        if draft.line and draft.line <= count:
            drafts.setdefault(draft.line, []).append(draft)
    before, asked = seen.before, []
    if before is not None:
        old = _text_of(before)
        changes = [each for each in threads(before) if each.comment.ground]
        asked = list(what_became(changes, old.lines if old else (), text.lines if text else ()))
    shown_there = {each.said.comment.id for each in asked}
    older = [
        (version, [each for each in threads(version) if each.comment.id not in shown_there])
        for version in reversed(seen.versions[:-1] if seen.reads_remarks else ())
    ]
    return Reading(
        text,
        {line: there for line, there in by_line(said).items() if line <= count},
        drafts,
        [each for each in said if not each.comment.line or each.comment.line > count],
        asked,
        [(version, left) for version, left in older if left],
    )


def _text_of(version: OutputVersion) -> Text | None:
    """The lines of a plain text or table, to be read and remarked on line by line."""
    if version.file is None or version.file.media_type not in TEXTS:
        return None
    lines = files().get(version.file.key).decode("utf-8", "replace").splitlines()
    return Text(tuple(line[:500] for line in lines[:MOST_LINES]), len(lines) > MOST_LINES)
