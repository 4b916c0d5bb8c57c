"""What is still open when a grant ends: the checklist of its close-out."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Duty, Grant
from app.rules.workflow import DUTY_STATES, OWED, SETTLED, DutyState


@dataclass(frozen=True)
class Item:
    """One line of the checklist. `blocks`: the grant cannot be closed before it is done."""

    sentence: str
    state: tuple[str, str]
    due_on: date | None
    is_done: bool
    blocks: bool
    duty_id: int


def checklist(session: Session, grant: Grant) -> list[Item]:
    """What was promised for the end, and what was promised before it: reports, statements, the certificate of deletion.

    What holds always, such as naming the source, is no item: it has no day on which it is done.
    """
    rows = session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.due_on.is_not(None)))
    found = [_item(duty) for duty in rows if _counts(duty, grant)]
    return sorted(found, key=lambda item: (item.is_done, not item.blocks, item.due_on or date.max))


def _counts(duty: Duty, grant: Grant) -> bool:
    """A duty that would have come after the end of a use that ended early is not owed any more."""
    ended = grant.state_since.date()
    return duty.kind == "delete" or duty.state in SETTLED or (duty.due_on is not None and duty.due_on <= ended)


def _item(duty: Duty) -> Item:
    is_delete = duty.kind == "delete"
    done = duty.state not in OWED if is_delete else duty.state in SETTLED or duty.state is DutyState.DONE
    return Item(duty.sentence, DUTY_STATES[duty.state], duty.due_on, done, is_delete and not done, duty.id)
