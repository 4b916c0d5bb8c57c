"""What is still open when a grant ends: the checklist of its close-out, who has each line of it, and what holds it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery.models import Delivery
from app.delivery.queries import wait_of as wait_of_delivery
from app.duties.queries import ref_of, wait_of
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.grants.queries.turns import Turn, turns
from app.rules.closing import HoldUp, hold_up
from app.rules.workflow import DELIVERY_STATES, DUTY_STATES, SETTLED, DeliveryState, DutyState, Machine

_SWITCHED_OFF = N_("Access is switched off by the data partner")


@dataclass(frozen=True)
class Item:
    """One line of the checklist: a duty, or access to switch off, and who has it.

    `holds_up`: why the grant cannot be closed before it is done; `duty_id`: whose page says more, of a duty.
    """

    sentence: str
    state: tuple[str, str]
    due_on: date | None
    is_done: bool
    holds_up: HoldUp | None
    turn: Turn | None
    duty_id: int | None = None


def checklist(session: Session, grant: Grant, now: datetime) -> list[Item]:
    """What was promised for the end and before it, reports, statements, the certificate of deletion; and access to switch off.

    What holds always, such as naming the source, is no item: it has no day on which it is done.
    """
    rows = session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.due_on.is_not(None)))
    owed, access = [duty for duty in rows if _counts(duty, grant)], _access_of(session, grant)
    waits = [wait_of(grant, duty) for duty in owed]
    found = turns(session, [*waits, wait_of_delivery(grant, access) if access else None], now)
    items = [_item(duty, found.get(ref_of(grant, duty))) for duty in owed]
    items += [_of_access(access, found.get(grant.number))] if access else []
    return sorted(items, key=lambda item: (item.is_done, item.holds_up is None, item.due_on or date.max))


def hold_ups(session: Session, grant: Grant) -> Sequence[HoldUp]:
    """Each row of the rules that keeps this grant from being closed now, once."""
    rows = session.scalars(select(Duty).where(Duty.grant_id == grant.id).order_by(Duty.id))
    held = [_held_up_by(duty) for duty in rows]
    access = _access_of(session, grant)
    held += [_held_up_by_access(access)] if access else []
    return list(dict.fromkeys(row for row in held if row is not None))


def _held_up_by(duty: Duty) -> HoldUp | None:
    return hold_up(Machine.DUTY, duty.state, duty.kind)


def _access_of(session: Session, grant: Grant) -> Delivery | None:
    """Its delivery, where the data partner holds something open for it, or did."""
    row = session.scalar(select(Delivery).where(Delivery.grant_id == grant.id))
    return row if row is not None and (row.is_open or row.switched_off_at is not None) else None


def _held_up_by_access(row: Delivery) -> HoldUp | None:
    return hold_up(Machine.DELIVERY, row.state) if row.is_open else None


def _of_access(row: Delivery, turn: Turn | None) -> Item:
    held, due = _held_up_by_access(row), turn.clock.due if turn else None
    state = DELIVERY_STATES[DeliveryState.TO_SWITCH_OFF if row.is_open else DeliveryState.SWITCHED_OFF]
    return Item(_SWITCHED_OFF, state, due, not row.is_open, held, turn)


def _counts(duty: Duty, grant: Grant) -> bool:
    """A duty that would have come after the end of a use that ended early is not owed any more."""
    ended = grant.state_since.date()
    return duty.kind == "delete" or duty.state in SETTLED or (duty.due_on is not None and duty.due_on <= ended)


def _item(duty: Duty, turn: Turn | None) -> Item:
    held = _held_up_by(duty)
    done = held is None and (duty.state in SETTLED or duty.state is DutyState.DONE)
    return Item(duty.sentence, DUTY_STATES[duty.state], duty.due_on, done, held, turn, duty.id)
