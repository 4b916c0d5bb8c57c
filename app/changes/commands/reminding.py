"""Reminders that a grant ends: the lead renews or closes it while there is time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.models import GrantReminder
from app.changes.queries.changes import end_is_to_move
from app.grants.commands.acting import locked, record_event
from app.grants.models import Grant
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.changes import REMIND_DAYS_BEFORE_END
from app.rules.events import Event
from app.rules.workflow import transition


def remind_of_ends(session: Session, now: datetime) -> int:
    """Remind of every grant whose end is near, each once per distance. Returns how many reminders went out.

    A grant that is shorter than the distance is not reminded at it, nor one whose end a change on its way would move.
    """
    today = now.astimezone(UTC).date()
    latest = today + timedelta(days=max(REMIND_DAYS_BEFORE_END))
    ending = select(Grant.number).where(
        Grant.state.in_(transition(Action.ASK_FOR_CHANGE).sources),
        Grant.ends_on.between(today, latest),
        ~end_is_to_move(),
    )
    return sum(_remind(session, number, now) for number in session.scalars(ending.order_by(Grant.id)).all())


def _remind(session: Session, number: str, now: datetime) -> bool:
    grant = locked(session, number)
    today = now.astimezone(UTC).date()
    left = (grant.ends_on - today).days
    whole = (grant.ends_on - grant.issued_at.astimezone(UTC).date()).days
    reached = [days for days in REMIND_DAYS_BEFORE_END if left <= days < whole]
    sent = set(session.scalars(select(GrantReminder.days).where(GrantReminder.grant_id == grant.id)))
    if not reached or min(reached) in sent:
        return False
    session.add(GrantReminder(grant_id=grant.id, days=min(reached), sent_at=now))
    session.flush()
    record_event(session, Event.GRANT_ENDS_SOON, SYSTEM, grant, now, {"title": grant.title, "days_left": left})
    return True
