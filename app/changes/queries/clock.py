"""By when a change is dealt with: the clock of its step, in working days of whoever is waited for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.changes.models import GrantChange
from app.organizations.calendars import calendars_of, secretariat_calendar
from app.rules.calendar import PLAIN, Calendar, Progress, Wait, progress
from app.rules.workflow import ChangeState

WAITS: dict[ChangeState, Wait] = {
    ChangeState.ASKED: Wait.INTAKE,
    ChangeState.IN_DECISION: Wait.DECISION,
    ChangeState.APPROVED: Wait.ISSUE,
}
# Here the data partner is waited for; in the other states of the table, the secretariat.
_OF_PARTNER = frozenset({ChangeState.IN_DECISION})


def due_of(session: Session, change: GrantChange, now: datetime) -> Progress | None:
    """Where the wait stands; None where nobody is waited for. `change.grant` must be loaded."""
    return clocks_of(session, [change], now).get(change.reference)


def clocks_of(session: Session, changes: Collection[GrantChange], now: datetime) -> dict[str, Progress]:
    """Where the waits of open changes stand, by reference; three statements at most."""
    waiting = [change for change in changes if change.state in WAITS]
    partners = {change.grant.data_partner_id for change in waiting if change.state in _OF_PARTNER}
    days = calendars_of(session, partners) if partners else {}
    office = secretariat_calendar(session) if any(change.state not in _OF_PARTNER for change in waiting) else PLAIN

    def calendar(change: GrantChange) -> Calendar:
        return days.get(change.grant.data_partner_id, PLAIN) if change.state in _OF_PARTNER else office

    return {
        change.reference: progress(WAITS[change.state], change.state_since, now, calendar=calendar(change))
        for change in waiting
    }
