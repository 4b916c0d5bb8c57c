"""Whom a change waits for, and by when: the clock of its step, in working days."""

from datetime import datetime

from app.changes.models import GrantChange
from app.rules.calendar import Progress, Wait, progress
from app.rules.workflow import ChangeState

WAITS: dict[ChangeState, Wait] = {
    ChangeState.ASKED: Wait.INTAKE,
    ChangeState.IN_DECISION: Wait.DECISION,
    ChangeState.APPROVED: Wait.ISSUE,
}


def due_of(change: GrantChange, now: datetime) -> Progress | None:
    """Where the wait stands; None where nobody is waited for."""
    wait = WAITS.get(change.state)
    return None if wait is None else progress(wait, change.state_since, now)
