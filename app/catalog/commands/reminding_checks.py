"""By date: the secretariat is reminded of listings that it has not checked."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.commands.acts import locked, subject
from app.catalog.models import Dataset
from app.catalog.queries.desk import checking
from app.catalog.queries.together import waiting_alone_or_first
from app.foundation.base import JSONObject
from app.history.commands import record
from app.organizations.calendars import secretariat_calendar
from app.organizations.commands.reminding import remind_each
from app.organizations.queries import secretariat
from app.organizations.reminders import Timed
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import Wait, progress
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import ListingState, Machine


def remind_of_checks(session: Session, now: datetime) -> int:
    """Remind of every listing that waits for the secretariat's check, and once of those sent together. Returns of how many."""
    rows = waiting_alone_or_first(session)
    if not rows:
        return 0
    office, days = secretariat(session).id, secretariat_calendar(session)
    waits = [
        Timed(checking(row, office), row.state_since, progress(Wait.LISTING_CHECK, row.state_since, now, calendar=days))
        for row in rows
    ]

    def lock(wait: Timed) -> Dataset | None:
        row = locked(session, wait.awaited.ref)
        return row if row.state is ListingState.IN_CHECK and row.state_since == wait.since else None

    def note(row: Dataset, facts: JSONObject) -> None:
        permit(Action.REMIND_OF_CHECK, frozenset(SYSTEM.extra), Machine.LISTING, row.state)
        # The listing stays as it is, so nothing that is derived from it follows.
        record(session, Event.LISTING_REMINDED, SYSTEM, subject(row), now, {"title": row.title, **facts})

    return remind_each(session, waits, lock, note)
