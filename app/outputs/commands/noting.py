"""What a reader means to ask for, kept line by line with their own side until all of it is sent as one request."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.grants.models import Grant
from app.outputs.commands.acting import NOT_THERE, latest, locked, require_permitted
from app.outputs.commands.reading import Request, answering, ask_changes, checked, require_shown
from app.outputs.models import Output, OutputDraft
from app.outputs.queries.outputs import side_of
from app.rules.actors import Actor
from app.rules.outputs import MOST_REQUESTS, Ground


def note(session: Session, actor: Actor, reference: str, request: Request, version: int, now: datetime) -> OutputDraft:
    """Keep one change that is to be asked for. Nobody but the reader's own side knows of it until it is sent.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where a newer version was submitted meanwhile.
        Invalid: it names no passage or no remedy, or there are too many already.
    """
    grant, row = _reading(session, actor, reference)
    require_shown(session, row, version)
    place, said = checked(request)
    current = latest(session, row)
    ours = (OutputDraft.version_id == current.id, OutputDraft.organization_id == side_of(actor, grant))
    if (session.scalar(select(func.count()).where(*ours)) or 0) >= MOST_REQUESTS:
        raise Invalid(N_("There are 200 changes already. Send these first."), field="words")
    added = OutputDraft(
        version_id=current.id,
        organization_id=side_of(actor, grant) or 0,
        author_id=actor.person_id or 0,
        line=request.line,
        place=place,
        ground=request.ground.value,
        body=said,
        saved_at=now,
    )
    session.add(added)
    session.flush()
    return added


def change_note(
    session: Session, actor: Actor, reference: str, draft_id: int, request: Request, now: datetime
) -> OutputDraft:
    """Say something else in a change that was not sent yet; its place stays where it stands at a line."""
    grant, row = _reading(session, actor, reference)
    draft = _draft(session, actor, grant, row, draft_id)
    draft.place, draft.body = checked(Request(request.place, request.ground, request.words, draft.line))
    draft.ground, draft.author_id, draft.saved_at = request.ground.value, actor.person_id or 0, now
    session.flush()
    return draft


def remove_note(session: Session, actor: Actor, reference: str, draft_id: int) -> int | None:
    """Drop a change that was not sent yet. Returns the line at which it stood."""
    grant, row = _reading(session, actor, reference)
    draft = _draft(session, actor, grant, row, draft_id)
    line = draft.line
    session.delete(draft)
    session.flush()
    return line


def send_notes(session: Session, actor: Actor, reference: str, version: int, now: datetime) -> Output:
    """Send everything that the reader's side has kept for this version, as one request; raises as `ask_changes` does."""
    grant, row = _reading(session, actor, reference)
    ours = (OutputDraft.version_id == latest(session, row).id, OutputDraft.organization_id == side_of(actor, grant))
    kept = sorted(session.scalars(select(OutputDraft).where(*ours)), key=lambda each: (each.line or 0, each.id))
    requests = [Request(each.place, Ground(each.ground), each.body, each.line) for each in kept]
    ask_changes(session, actor, reference, requests, version, now)
    session.execute(delete(OutputDraft).where(*ours))
    session.flush()
    return row


def _reading(session: Session, actor: Actor, reference: str) -> tuple[Grant, Output]:
    """The output under lock, for somebody who may ask for changes now; raises as the rules say."""
    grant, row = locked(session, reference)
    require_permitted(session, answering(session, actor, grant, row), actor, grant, row)
    return grant, row


def _draft(session: Session, actor: Actor, grant: Grant, row: Output, draft_id: int) -> OutputDraft:
    draft = session.get(OutputDraft, draft_id)
    if draft is None or draft.version_id != latest(session, row).id or draft.organization_id != side_of(actor, grant):
        raise NotFound(NOT_THERE)
    return draft
