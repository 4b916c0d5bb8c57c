"""The member submits an output before it is published, and submits it again after changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, WrongState
from app.foundation.numbers import yearly_reference
from app.foundation.said import words_of
from app.foundation.stored_files import StoredFile
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.grants.commands.acting import locked as locked_grant
from app.grants.sides import sides
from app.outputs.commands.acting import address_of, latest, locked, moved, record_event, require_permitted
from app.outputs.models import Output, OutputVersion
from app.outputs.queries.terms import answer_due
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.outputs import MAY_SUBMIT, OutputKind
from app.rules.permissions import permit
from app.rules.workflow import Machine, OutputState

PREFIX = "OUT"


@dataclass(frozen=True)
class Submission:
    """What is submitted: a file, as exactly its bytes are cleared, and perhaps an address where it can be read too."""

    title: str
    kind: OutputKind
    planned_on: date | None = None
    file: StoredFile | None = None
    link: str = ""
    note: str = ""


def submit(session: Session, actor: Actor, number: str, given: Submission, now: datetime) -> Output:
    """Submit an output of a grant; the data partner reads it by the day that the terms say.

    Raises:
        NotFound, NotAllowed: as the rules say. WrongState: the grant was never in force.
        Invalid: the title or the thing itself is missing, or the planned day has passed.
    """
    grant = locked_grant(session, number)
    permit(Action.SUBMIT_OUTPUT, sides(session, actor, grant), Machine.OUTPUT)
    if grant.state not in MAY_SUBMIT:
        raise WrongState(N_("The grant is not in force yet, so nothing can rest on its data."))
    title = clean_line(given.title)
    if not title or len(title) > 200:
        raise Invalid(N_("Give it a title of at most 200 characters."), field="title")
    if given.planned_on and given.planned_on < now.astimezone(UTC).date():
        raise Invalid(
            N_("This day has passed. Enter the day on which it is to be published, or leave it empty."),
            field="planned_on",
        )
    due, is_urgent = answer_due(session, grant, now)
    row = Output(
        reference=yearly_reference(session, PREFIX, now.astimezone(UTC).year),
        grant_id=grant.id,
        title=title,
        kind=given.kind.value,
        planned_on=given.planned_on,
        state=OutputState.IN_READING,
        state_since=now,
        answer_by=due,
        is_urgent=is_urgent,
        submitted_by_id=actor.person_id or 0,
        submitted_at=now,
    )
    session.add(row)
    session.flush()
    version = _add_version(session, actor, row, given, 1, now)
    facts: dict[str, object] = {"kind": row.kind, "sha256": version.sha256, "version": 1}
    record_event(session, Event.OUTPUT_SUBMITTED, actor, grant, row, now, facts)
    return row


def resubmit(session: Session, actor: Actor, reference: str, given: Submission, now: datetime) -> Output:
    """Submit it again after changes; the data partner has its whole time anew."""
    grant, row = locked(session, reference)
    require_permitted(session, Action.RESUBMIT_OUTPUT, actor, grant, row)
    number = latest(session, row).number + 1
    version = _add_version(session, actor, row, given, number, now)
    moved(session, Action.RESUBMIT_OUTPUT, actor, grant, row, now, sha256=version.sha256, version=number)
    row.answer_by, _ = answer_due(session, grant, now)
    session.flush()
    return row


def _add_version(
    session: Session, actor: Actor, row: Output, given: Submission, number: int, now: datetime
) -> OutputVersion:
    link = address_of(given.link, "link")
    if given.file is None:
        raise Invalid(
            N_("Add the file that is to be published: exactly its bytes are cleared. An address alone can change."),
            field="file",
        )
    version = OutputVersion(
        output_id=row.id,
        number=number,
        file_id=given.file.id,
        link=link,
        sha256=given.file.sha256,
        note=words_of(given.note, field="note"),
        submitted_by_id=actor.person_id or 0,
        submitted_at=now,
    )
    session.add(version)
    session.flush()
    return version
