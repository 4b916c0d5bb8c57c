"""By date: whoever is next on a change, a suspension, a close-out to confirm or a hand-over to sign is reminded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, defer, joinedload

from app.changes.commands.acting import locked as locked_change
from app.changes.commands.acting import permitted, tell
from app.changes.commands.handing import locked as locked_subgrant
from app.changes.commands.handing import permitted as permitted_subgrant
from app.changes.commands.handing import tell as tell_subgrant
from app.changes.models import GrantChange
from app.changes.queries.waits import close_out_waits, signing_wait, suspension_wait, to_confirm, wait_of
from app.grants.commands.acting import locked as locked_grant
from app.grants.commands.acting import record_event
from app.grants.models import Grant, SubGrant
from app.grants.queries.rests import rests_of
from app.grants.queries.turns import Waiting
from app.grants.standing import standing
from app.organizations.calendars import calendars_of
from app.organizations.queries import secretariat
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import reminder_share
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import OPEN_CHANGES, Machine, SubGrantState, transition


def remind_of_changes(session: Session, now: datetime) -> int:
    """Remind whoever is next on a change, at 50, 80, 100 and 150 % of their time, each once. Returns how many reminders."""
    waiting = select(GrantChange).where(GrantChange.state.in_(OPEN_CHANGES)).order_by(GrantChange.id)
    rows = session.scalars(waiting.options(joinedload(GrantChange.grant))).all()
    rested = rests_of(session, (row.grant for row in rows))
    due = _due(session, [(wait_of(row, row.grant, rested), row.reminded) for row in rows], now)
    return sum(_remind_of_change(session, reference, now) for reference in due)


def _remind_of_change(session: Session, reference: str, now: datetime) -> bool:
    grant, change = locked_change(session, reference)
    wait = wait_of(change, grant, rests_of(session, [grant]))
    share = _due(session, [(wait, change.reminded)], now).get(reference, 0)
    if share:
        permitted(session, Action.REMIND_OF_CHANGE, SYSTEM, grant, change)
        change.reminded = share
        tell(session, Action.REMIND_OF_CHANGE, SYSTEM, grant, change, now, percent=share)
        session.flush()
    return bool(share)


@dataclass(frozen=True)
class _OfGrant:
    """What a grant itself waits for: in which rows, for whom, and how a reminder of it is recorded."""

    rows: ColumnElement[bool]
    waits: Callable[[Session, Sequence[Grant]], list[Waiting]]
    action: Action
    event: Event


def _suspensions(_session: Session, grants: Sequence[Grant]) -> list[Waiting]:
    return [wait for grant in grants if (wait := suspension_wait(grant)) is not None]


_CLOSE_OUTS = _OfGrant(to_confirm(), close_out_waits, Action.REMIND_OF_CLOSE_OUT, Event.CLOSE_OUT_REMINDED)
_SUSPENSIONS = _OfGrant(
    Grant.state.in_(transition(Action.REMIND_OF_SUSPENSION).sources),
    _suspensions,
    Action.REMIND_OF_SUSPENSION,
    Event.SUSPENSION_REMINDED,
)


def remind_of_close_outs(session: Session, now: datetime) -> int:
    """The same for whoever confirms that a grant is closed."""
    return _remind_of_grants(session, _CLOSE_OUTS, now)


def remind_of_suspensions(session: Session, now: datetime) -> int:
    """The same for whoever lifts a suspension, or ends the grant."""
    return _remind_of_grants(session, _SUSPENSIONS, now)


def _remind_of_grants(session: Session, kind: _OfGrant, now: datetime) -> int:
    rows = session.scalars(select(Grant).where(kind.rows).options(defer(Grant.record)).order_by(Grant.id)).all()
    due = _due(session, _reminded(session, kind, rows), now)
    return sum(_remind_of_grant(session, kind, number, now) for number in due)


def _remind_of_grant(session: Session, kind: _OfGrant, number: str, now: datetime) -> bool:
    grant = locked_grant(session, number)
    share = _due(session, _reminded(session, kind, [grant]), now).get(number, 0)
    if share:
        permit(kind.action, standing(session, SYSTEM, grant), Machine.GRANT, grant.state)
        grant.wait_reminded, grant.wait_reminded_at = share, now
        record_event(session, kind.event, SYSTEM, grant, now, {"title": grant.title, "percent": share})
        session.flush()
    return bool(share)


def _reminded(session: Session, kind: _OfGrant, grants: Sequence[Grant]) -> list["_Reminded"]:
    """What was reminded of in an earlier wait of the grant does not count."""
    found: list[_Reminded] = []
    for wait in kind.waits(session, grants):
        at = wait.grant.wait_reminded_at
        found.append((wait, wait.grant.wait_reminded if at is not None and at >= wait.since else None))
    return found


def remind_of_signatures(session: Session, now: datetime) -> int:
    """The same for whoever signs a hand-over for the member."""
    waiting = select(SubGrant).where(SubGrant.state == SubGrantState.TO_SIGN).order_by(SubGrant.id)
    rows = session.scalars(waiting.options(joinedload(SubGrant.grant))).all()
    due = _due(session, [(signing_wait(row, row.grant), row.reminded) for row in rows], now)
    return sum(_remind_of_signature(session, number, now) for number in due)


def _remind_of_signature(session: Session, number: str, now: datetime) -> bool:
    grant, row = locked_subgrant(session, number)
    share = _due(session, [(signing_wait(row, grant), row.reminded)], now).get(number, 0)
    if share:
        permitted_subgrant(session, Action.REMIND_OF_SUBGRANT, SYSTEM, grant, row)
        row.reminded = share
        tell_subgrant(session, Action.REMIND_OF_SUBGRANT, SYSTEM, grant, row, now, percent=share)
        session.flush()
    return bool(share)


_Reminded = tuple[Waiting | None, int | None]


def _due(session: Session, waits: Sequence[_Reminded], now: datetime) -> dict[str, int]:
    """The share at which somebody is to be reminded now, by reference. Without a lock on most runs: there is nothing to do."""
    known = [(wait, reminded) for wait, reminded in waits if wait is not None]
    if not known:
        return {}
    office = secretariat(session).id
    days = calendars_of(session, {wait.organization_id or office for wait, _reminded in known})
    shares = {
        wait.ref: reminder_share(wait.clock(days[wait.organization_id or office], now).percent, reminded)
        for wait, reminded in known
    }
    return {ref: share for ref, share in shares.items() if share}
