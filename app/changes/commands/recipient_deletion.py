"""What was handed over is deleted when its use ends: the member sees to it and certifies it (clauses 11.3, 20.1 and 20.2)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.changes.handed import record_of
from app.duties.queries import day_of_end, days_to_delete, delete_by
from app.grants.commands.acting import locked, record_event
from app.grants.duties import deletes_handed_over
from app.grants.models import Duty, Grant, SubGrant
from app.grants.queries.grants import in_force_after
from app.grants.sides import sides
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.duties import DELETED_AT_THE_END, ENDED, DutyKind
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import GrantState, Machine

DELETION_CLAUSE = "deletion-survival"  # clause 20, where the terms have no rule of their own


def promise_deletion(session: Session, grant: Grant, row: SubGrant, now: datetime) -> date:
    """Make the deletion of what was handed over a duty of the grant, with its own day: the member answers for the recipient.

    It stands with the grant that is in force after this one, and with a successor that waits for its seal, so that neither
    loses it. Returns the day, in UTC; never later than that of a grant that has ended.
    """
    holder = locked(session, in_force_after(session, grant).number)
    record, today = record_of(row.record), now.astimezone(UTC).date()
    due_on = min(row.ends_on, today) + timedelta(days=days_to_delete(record))
    if holder.state in ENDED:
        due_on = min(due_on, delete_by(holder, day_of_end(holder)))
    holders = [holder, *_waiting_for_its_seal(session, holder)]
    keys = [each.id for each in holders]
    for each in holders:
        permit(Action.BEGIN_DUTY, sides(session, SYSTEM, each), Machine.DUTY)
    clause = next((duty.clause for duty in record.duties if duty.kind == DutyKind.DELETE), DELETION_CLAUSE)
    last = session.scalar(select(func.max(Duty.round)).where(Duty.grant_id.in_(keys), Duty.kind == DutyKind.DELETE))
    for each in holders:
        duty = Duty(
            grant_id=each.id,
            kind=DutyKind.DELETE.value,
            clause=clause,
            sentence=deletes_handed_over(row.number, row.organization_name),
            due_on=due_on,
            round=max(last or 0, DELETED_AT_THE_END) + 1,
            state_since=now,
        )
        session.add(duty)
        session.flush()
        facts: dict[str, object] = {"duty": duty.kind, "duty_id": duty.id, "due_on": due_on.isoformat()}
        record_event(session, Event.DUTY_BEGUN, SYSTEM, each, now, facts)
    return due_on


def _waiting_for_its_seal(session: Session, grant: Grant) -> Sequence[Grant]:
    following = (Grant.predecessor_id == grant.id, Grant.state == GrantState.AWAITING_SIGNATURE)
    return session.scalars(select(Grant).where(*following)).all()
