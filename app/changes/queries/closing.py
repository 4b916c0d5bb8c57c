"""What is still open when a grant ends: the checklist of its close-out, who has each line of it, and what holds it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.queries import ref_of, wait_of
from app.grants.models import Duty, Grant
from app.grants.queries.turns import Turn, turns
from app.rules.closing import HoldUp, hold_up
from app.rules.workflow import DUTY_STATES, SETTLED, DutyState, Machine


@dataclass(frozen=True)
class Item:
    """One line of the checklist: the duty, and who has it. `holds_up`: why the grant cannot be closed before it is done."""

    sentence: str
    state: tuple[str, str]
    due_on: date | None
    is_done: bool
    holds_up: HoldUp | None
    turn: Turn | None
    duty_id: int


def checklist(session: Session, grant: Grant, now: datetime) -> list[Item]:
    """What was promised for the end, and what was promised before it: reports, statements, the certificate of deletion.

    What holds always, such as naming the source, is no item: it has no day on which it is done.
    """
    rows = session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.due_on.is_not(None)))
    owed = [duty for duty in rows if _counts(duty, grant)]
    found = turns(session, (wait_of(grant, duty) for duty in owed), now)
    items = [_item(duty, found.get(ref_of(grant, duty))) for duty in owed]
    return sorted(items, key=lambda item: (item.is_done, item.holds_up is None, item.due_on or date.max))


def hold_ups(session: Session, grant: Grant) -> Sequence[HoldUp]:
    """Each row of the rules that keeps this grant from being closed now, once."""
    rows = session.scalars(select(Duty).where(Duty.grant_id == grant.id).order_by(Duty.id))
    return list(dict.fromkeys(held for duty in rows if (held := _held_up_by(duty)) is not None))


def _held_up_by(duty: Duty) -> HoldUp | None:
    return hold_up(Machine.DUTY, duty.state, duty.kind)


def _counts(duty: Duty, grant: Grant) -> bool:
    """A duty that would have come after the end of a use that ended early is not owed any more."""
    ended = grant.state_since.date()
    return duty.kind == "delete" or duty.state in SETTLED or (duty.due_on is not None and duty.due_on <= ended)


def _item(duty: Duty, turn: Turn | None) -> Item:
    held = _held_up_by(duty)
    done = held is None and (duty.state in SETTLED or duty.state is DutyState.DONE)
    return Item(duty.sentence, DUTY_STATES[duty.state], duty.due_on, done, held, turn, duty.id)
