"""What follows for changes and hand-overs when their grant ends or is replaced."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.commands.acting import by_system, locked
from app.changes.models import GrantChange
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.rules.actions import Action
from app.rules.workflow import OPEN_CHANGES, is_possible


def follow_end(session: Session, number: str, now: datetime) -> int:
    """Let the open changes of a grant lapse once nothing can follow it any more. Returns how many.

    A renewal that is being decided when the grant expires goes on: it may be sealed a little after the end.
    """
    grant = locked_grant(session, number)
    if is_possible(Action.ASK_FOR_CHANGE, grant.state) or is_possible(Action.LIFT_SUSPENSION, grant.state):
        return 0
    still_open = select(GrantChange).where(GrantChange.grant_id == grant.id, GrantChange.state.in_(OPEN_CHANGES))
    lapsing = [each.reference for each in session.scalars(still_open) if not _may_go_on(grant, each)]
    for reference in lapsing:
        _grant, change = locked(session, reference)
        if is_possible(Action.LAPSE_CHANGE, change.state):
            by_system(session, Action.LAPSE_CHANGE, grant, change, now)
    return len(lapsing)


def _may_go_on(grant: Grant, change: GrantChange) -> bool:
    return bool(change.wanted.get("renews")) and is_possible(Action.REPLACE_GRANT, grant.state)
