"""What follows for changes when their grant ends or is replaced, their day comes, or a side leaves the common agreement."""

from datetime import UTC, date, datetime

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from app.agreements.binding import has_left, left
from app.changes.commands.acting import by_system, locked
from app.changes.models import GrantChange
from app.changes.queries.waits import turn_of
from app.changes.wanted import from_json
from app.foundation.base import JSONObject
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.changes import GRANTS_ANEW, can_follow
from app.rules.roles import Capacity
from app.rules.workflow import OPEN_CHANGES, is_possible

_SIDES = {Capacity.MEMBER: Grant.member_id, Capacity.DATA_PARTNER: Grant.data_partner_id}


def follow_end(session: Session, number: str, now: datetime) -> int:
    """Let the open changes of a grant lapse once nothing can follow it any more. Returns how many.

    A renewal that is being decided when the grant expires goes on: it may be sealed a little after the end.
    """
    grant = locked_grant(session, number)
    still_open = select(GrantChange).where(GrantChange.grant_id == grant.id, GrantChange.state.in_(OPEN_CHANGES))
    lapsing = [each.reference for each in session.scalars(still_open) if not may_go_on(grant, each)]
    for reference in lapsing:
        _grant, change = locked(session, reference)
        if is_possible(Action.LAPSE_CHANGE, change.state):
            by_system(session, Action.LAPSE_CHANGE, grant, change, now)
    return len(lapsing)


def lapse_by_date(session: Session, now: datetime) -> int:
    """Let every open change lapse whose new last day has come: nothing can be issued for it any more. Returns how many.

    The grant stays as it is. Nobody could have acted on it, and whoever is named for it would have been reminded.
    """
    today, count = now.astimezone(UTC).date(), 0
    still_open = select(GrantChange).where(GrantChange.state.in_(OPEN_CHANGES)).order_by(GrantChange.id)
    passed = [row.reference for row in session.scalars(still_open) if _has_passed(row, today)]
    for reference in passed:
        grant, change = locked(session, reference)
        if is_possible(Action.LAPSE_CHANGE, change.state):
            last_day = from_json(change.wanted).ends_on
            by_system(session, Action.LAPSE_CHANGE, grant, change, now, last_day=last_day and last_day.isoformat())
            count += 1
    return count


def _has_passed(change: GrantChange, today: date) -> bool:
    last_day = from_json(change.wanted).ends_on
    return last_day is not None and last_day <= today


def end_changes_with(session: Session, side: Organization, capacity: Capacity, now: datetime) -> int:
    """Let every open change of a side that has left lapse: nothing new is granted to it or by it. Returns how many.

    Of a data partner that has only given notice, those lapse that would grant anew, for longer, or more (clause 19.7).
    Also that of a grant which has expired and was about to be renewed. Whose turn it was stands among the facts.
    """
    of_side = _SIDES[capacity]
    still_open = select(GrantChange.reference).join(Grant, Grant.id == GrantChange.grant_id)
    still_open = still_open.where(of_side == side.id, GrantChange.state.in_(OPEN_CHANGES))
    is_over, count = has_left(session, side.id, capacity), 0
    for reference in session.scalars(still_open.order_by(GrantChange.id)).all():
        grant, change = locked(session, reference)
        if is_possible(Action.END_CHANGE, change.state) and (is_over or GRANTS_ANEW.intersection(change.kinds)):
            turn = turn_of(session, change, grant, now)
            facts: JSONObject = {
                "side": side.name,
                "asked": sorted(name.person_id for name in turn.asked()) if turn else [],
            }
            by_system(session, Action.END_CHANGE, grant, change, now, **facts)
            count += 1
    return count


def sides_that_left() -> list[Select[int, str]]:
    """Whoever has left while a change of a grant of theirs is still open, with its capacity."""
    return [
        select(column, literal(capacity.value))
        .join(GrantChange, GrantChange.grant_id == Grant.id)
        .where(GrantChange.state.in_(OPEN_CHANGES), left(column, capacity))
        for capacity, column in _SIDES.items()
    ]


def may_go_on(grant: Grant, change: GrantChange) -> bool:
    """Whether what a change asks for can still follow its grant."""
    return can_follow(grant.state, renews=bool(change.wanted.get("renews")))
