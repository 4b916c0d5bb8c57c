"""By date: whoever is to accept a hand-over is reminded by mail, and in the end who offered it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.changes.commands.handing import locked, permitted, send_link, tell
from app.changes.queries.waits import answer_clock
from app.grants.models import SubGrant
from app.grants.queries.verification import is_in_force
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import SECRETARIAT_JOINS_AT, reminder_share
from app.rules.workflow import SubGrantState


def remind_of_offers(session: Session, now: datetime) -> int:
    """Remind of each hand-over that nobody has answered, at 50, 80, 100 and 150 % of the time. Returns how many reminders.

    While the grant gives no right nothing can be accepted, so nobody is asked to.
    """
    waiting = select(SubGrant).where(SubGrant.state == SubGrantState.OFFERED).order_by(SubGrant.id)
    rows = session.scalars(waiting.options(joinedload(SubGrant.grant))).all()
    due = [row.number for row in rows if _share(row, now) and is_in_force(row.grant, now)]
    return sum(_remind(session, number, now) for number in due)


def _remind(session: Session, number: str, now: datetime) -> bool:
    grant, row = locked(session, number)
    share = _share(row, now)
    if row.state is not SubGrantState.OFFERED or not share or not is_in_force(grant, now):
        return False
    permitted(session, Action.REMIND_OF_SUBGRANT, SYSTEM, grant, row)
    row.reminded = share
    clock = answer_clock(row, now)
    facts = {"percent": share, "due": clock.due.isoformat(), "over": clock.over}
    if share < SECRETARIAT_JOINS_AT:
        send_link(session, row, now, **facts)
    tell(session, Action.REMIND_OF_SUBGRANT, SYSTEM, grant, row, now, **facts)
    session.flush()
    return True


def _share(row: SubGrant, now: datetime) -> int:
    return reminder_share(answer_clock(row, now).percent, row.reminded)
