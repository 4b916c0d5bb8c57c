"""Duties that come again: the next one is made when the one before is done."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.queries.terms import interval_days
from app.grants.commands.acting import record_event
from app.grants.models import Duty, Grant
from app.grants.sides import sides
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import Machine


def begin_next_round(session: Session, grant: Grant, duty: Duty, now: datetime) -> Duty | None:
    """The next duty of this kind, counted from the day on which this one was due; None where none falls into the grant's time."""
    days = interval_days(grant, duty.kind)
    if not days or duty.due_on is None:
        return None
    due_on = duty.due_on + timedelta(days=days)
    after = select(Duty.id).where(Duty.grant_id == grant.id, Duty.kind == duty.kind, Duty.round > duty.round)
    if due_on > grant.ends_on or session.scalar(after.limit(1)) is not None:
        return None
    permit(Action.BEGIN_DUTY, sides(session, SYSTEM, grant), Machine.DUTY)
    row = Duty(
        grant_id=grant.id,
        kind=duty.kind,
        clause=duty.clause,
        sentence=duty.sentence,
        due_on=due_on,
        round=duty.round + 1,
        state_since=now,
    )
    session.add(row)
    session.flush()
    facts: dict[str, object] = {"duty": row.kind, "duty_id": row.id, "due_on": due_on.isoformat()}
    record_event(session, Event.DUTY_BEGUN, SYSTEM, grant, now, facts)
    return row
