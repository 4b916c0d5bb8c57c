"""What every command on a duty begins and ends with: the grant and the duty under lock, the right, the line in the history."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.commands.acting import locked as locked_grant
from app.grants.commands.acting import record_event
from app.grants.models import Duty, Grant
from app.grants.sides import sides
from app.organizations.commands.restricting import lift_restriction
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.restrictions import RestrictionKind
from app.rules.workflow import OWED, DutyState, Machine, transition

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
# What a member cannot do while a duty of one of its grants is overdue.
RESTRICTED = (RestrictionKind.SEND_PROPOSALS, RestrictionKind.RENEW_GRANTS)


def locked(session: Session, number: str, duty_id: int) -> tuple[Grant, Duty]:
    """The grant and one of its duties, both locked until the transaction ends; raises NotFound."""
    grant = locked_grant(session, number)
    duty = session.scalar(
        select(Duty)
        .where(Duty.id == duty_id, Duty.grant_id == grant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if duty is None:
        raise NotFound(NOT_THERE)
    return grant, duty


def moved(
    session: Session, action: Action, actor: Actor, grant: Grant, duty: Duty, now: datetime, **facts: object
) -> Duty:
    """Let the act pass, move the duty to the state that the table names, and record it; raises as `permit` does."""
    after = DutyState(str(permit(action, sides(session, actor, grant), Machine.DUTY, duty.state)))
    if after is not duty.state:
        duty.state, duty.state_since, duty.reminded = after, now, None
        duty.done_at = None if after in OWED else duty.done_at or now
    event = transition(action).event
    if event is not None:
        told = {"duty": duty.kind, "duty_id": duty.id, "sentence": duty.sentence, **facts}
        record_event(session, event, actor, grant, now, told)
    session.flush()
    return duty


def require_permitted(session: Session, action: Action, actor: Actor, grant: Grant, duty: Duty) -> None:
    """Raise as `permit` does, before anything is looked at that the actor typed."""
    permit(action, sides(session, actor, grant), Machine.DUTY, duty.state)


def overdue_duties(session: Session, grant_id: int, today: date) -> bool:
    """Whether the member owes something of this grant whose day has passed."""
    found = select(Duty.id).where(Duty.grant_id == grant_id, Duty.state.in_(OWED), Duty.due_on < today).limit(1)
    return session.scalar(found) is not None


def lift_when_settled(session: Session, grant: Grant, now: datetime) -> None:
    """Let the member begin new things again at once, where nothing of this grant is overdue any more."""
    if not overdue_duties(session, grant.id, now.date()):
        for kind in RESTRICTED:
            lift_restriction(session, SYSTEM, grant.member_id, kind, grant.number, now)
