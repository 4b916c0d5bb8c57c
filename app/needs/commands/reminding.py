"""By date: the secretariat is reminded of data needs that it has not answered."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.needs.commands.acting import locked, record_act
from app.needs.models import DataNeed
from app.needs.queries import awaited, waiting_for_secretariat
from app.organizations.calendars import secretariat_calendar
from app.organizations.commands.reminding import remind_each
from app.organizations.queries import secretariat
from app.organizations.reminders import Timed
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import Wait, progress
from app.rules.permissions import permit
from app.rules.workflow import Machine, NeedState


def remind_of_needs(session: Session, now: datetime) -> int:
    """Remind of every data need that waits for its first answer. Returns of how many."""
    needs = waiting_for_secretariat(session)
    if not needs:
        return 0
    office, days = secretariat(session).id, secretariat_calendar(session)
    waits = [
        Timed(awaited(row, office), row.created_at, progress(Wait.NEED_ANSWER, row.created_at, now, calendar=days))
        for row in needs
    ]

    def lock(wait: Timed) -> DataNeed | None:
        row = locked(session, wait.awaited.ref)
        return row if row.state is NeedState.OPEN and row.answered_at is None else None

    def note(row: DataNeed, facts: JSONObject) -> None:
        permit(Action.REMIND_OF_NEED, frozenset(SYSTEM.extra), Machine.NEED, row.state)
        record_act(session, SYSTEM, row, Action.REMIND_OF_NEED, now, "", **facts)

    return remind_each(session, waits, lock, note)
