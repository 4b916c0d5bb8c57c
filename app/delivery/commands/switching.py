"""Access is over, for a while or for good: the data partner switches off what it holds open, and says so."""

from datetime import datetime

from sqlalchemy import and_, or_, outerjoin, select
from sqlalchemy.orm import Session

from app.delivery.commands.acting import locked, moved, permitted
from app.delivery.commands.providing import begin
from app.delivery.models import Delivery
from app.delivery.queries import has_delivery, holds_open, must_switch_off
from app.grants.commands.acting import record_event
from app.grants.models import Grant
from app.grants.sides import sides
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.delivery import MAY_PROVIDE
from app.rules.permissions import permit
from app.rules.workflow import Machine, is_possible, transition


def switch_off(session: Session, actor: Actor, number: str, now: datetime) -> Delivery:
    """Say that it is off on the data partner's side: keys, accounts, files put up.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where nobody asked for it.
    """
    grant, row = locked(session, number)
    after = permitted(session, Action.SWITCH_ACCESS_OFF, actor, grant, row)
    row.is_open, row.switched_off_at, row.switched_off_by_id = False, now, actor.person_id
    moved(row, after, now)
    _tell(session, Action.SWITCH_ACCESS_OFF, actor, grant, row, now)
    return row


def follow_grant(session: Session, number: str, now: datetime) -> bool:
    """Ask for what must be done about access since the grant stopped or goes on; tells whether anything was.

    One that was suspended from its seal on has no delivery yet: it begins here.
    """
    begins = not has_delivery(session, number)
    if begins and begin(session, number, now) is None:
        return False
    return _follow_delivery(session, number, now) or begins


def _follow_delivery(session: Session, number: str, now: datetime) -> bool:
    grant, row = locked(session, number)
    if must_switch_off(grant, row) and is_possible(Action.ASK_TO_SWITCH_OFF, row.state):
        return _follow(session, Action.ASK_TO_SWITCH_OFF, grant, row, now)
    if grant.state not in MAY_PROVIDE or not is_possible(Action.ASK_FOR_ACCESS_AGAIN, row.state):
        return False
    # What nobody has switched off yet goes on; the member says whether it works.
    goes_on = is_possible(Action.KEEP_ACCESS, row.state) and row.provided_at is not None
    return _follow(session, Action.KEEP_ACCESS if goes_on else Action.ASK_FOR_ACCESS_AGAIN, grant, row, now)


def follow_grants(session: Session, now: datetime) -> int:
    """By date: the same for each grant that it was not done for when it stopped or went on. Returns how many."""
    stopped = and_(holds_open(), Delivery.state.in_(transition(Action.ASK_TO_SWITCH_OFF).sources))
    sources = transition(Action.ASK_FOR_ACCESS_AGAIN).sources
    goes_on = and_(Grant.state.in_(MAY_PROVIDE), Delivery.state.in_(sources))
    begins = and_(Delivery.id.is_(None), Grant.sealed_at.is_not(None), Grant.state.in_(MAY_PROVIDE))
    beside = outerjoin(Grant, Delivery, Delivery.grant_id == Grant.id)
    wanted = select(Grant.number).select_from(beside).where(or_(stopped, goes_on, begins))
    numbers = session.scalars(wanted.order_by(Grant.id)).all()
    return sum(follow_grant(session, number, now) for number in numbers)


def _follow(session: Session, action: Action, grant: Grant, row: Delivery, now: datetime) -> bool:
    after = permit(action, sides(session, SYSTEM, grant), Machine.DELIVERY, row.state)
    if action is not Action.ASK_TO_SWITCH_OFF:  # it is provided, or arrives, anew
        row.missing, row.arrived_at = "", None
    if action is Action.ASK_FOR_ACCESS_AGAIN:
        row.provided_at, row.provided_by_id = None, None
    moved(row, after, now)
    _tell(session, action, SYSTEM, grant, row, now)
    return True


def _tell(session: Session, action: Action, actor: Actor, grant: Grant, row: Delivery, now: datetime) -> None:
    event = transition(action).event
    if event is not None:
        record_event(session, event, actor, grant, now, {"mode": row.mode})
    session.flush()
