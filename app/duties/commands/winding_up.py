"""What becomes of the duties when their grant ends: the deletion gets its day, and what holds at every output is settled."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.commands.acting import lift_when_settled, moved
from app.duties.commands.handing_on import hand_on
from app.duties.queries.terms import day_of_end, delete_by
from app.foundation.words import N_
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Duty, Grant
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.duties import CARRIED_ON, DELETED_AT_THE_END, ENDED, FELL_AWAY, HOW_DONE, DutyKind, how_done
from app.rules.workflow import OWED

_STANDING = frozenset(kind for kind, how in HOW_DONE.items() if how.is_standing)
_CARRIED = N_("The grant that follows carries it on.")


def wind_up(session: Session, number: str, now: datetime) -> int:
    """Date the deletion of a grant that has ended, and settle what needs no more; does nothing a second time.

    A grant that was replaced hands its promises on: nothing is deleted then. Returns how many duties were touched.
    """
    grant = locked_grant(session, number)
    owed = _owed(session, grant)
    if grant.state in CARRIED_ON:
        hand_on(session, grant, now)
        touched = [duty for duty in owed if duty.kind == DutyKind.DELETE or how_done(duty.kind).is_standing]
        touched += [duty for duty in owed if duty not in touched and duty.due_on and duty.due_on > now.date()]
        for duty in touched:
            moved(session, Action.SETTLE_DUTY, SYSTEM, grant, duty, now, why=_CARRIED)
    elif grant.sealed_at is None:  # it never came into force: there is nothing to report, credit or delete
        touched = list(owed) if grant.state in ENDED else []
        for duty in touched:
            moved(session, Action.SETTLE_DUTY, SYSTEM, grant, duty, now)
    elif grant.state in ENDED:
        touched = [*_date_deletion(session, grant, owed, day_of_end(grant), now), *_lapse(session, grant, owed, now)]
    else:
        return 0
    lift_when_settled(session, grant, now)
    return len(touched)


def lapse_what_is_left(session: Session, now: datetime) -> int:
    """By date: wind up what ended early and of which something is still owed that would have come after. Returns how many."""
    dated = (Duty.state.in_(OWED), Duty.kind != DutyKind.DELETE, Duty.due_on.is_not(None))
    found = select(Grant, Duty.due_on).join(Duty, Duty.grant_id == Grant.id).where(Grant.state.in_(ENDED), *dated)
    left = {
        grant.number for grant, due_on in session.execute(found) if due_on is not None and due_on > day_of_end(grant)
    }
    for number in sorted(left):
        wind_up(session, number, now)
    return len(left)


def follow_last_day(session: Session, number: str, now: datetime) -> int:
    """The last day of a running grant has moved: the deletion is counted from it. Returns how many duties were touched."""
    grant = locked_grant(session, number)
    return len(_date_deletion(session, grant, _owed(session, grant), grant.ends_on, now))


def settle_standing(session: Session, grant: Grant, kind: DutyKind, now: datetime) -> None:
    """Settle a duty that holds at every output, when the grant is over and everything of it was recorded."""
    for duty in _owed(session, grant):
        if duty.kind == kind and kind in _STANDING:
            moved(session, Action.SETTLE_DUTY, SYSTEM, grant, duty, now)


def _owed(session: Session, grant: Grant) -> Sequence[Duty]:
    found = select(Duty).where(Duty.grant_id == grant.id, Duty.state.in_(OWED)).order_by(Duty.id)
    return session.scalars(found.with_for_update().execution_options(populate_existing=True)).all()


def _date_deletion(session: Session, grant: Grant, owed: Sequence[Duty], ended_on: date, now: datetime) -> list[Duty]:
    """The day is counted from the end: the last day of the grant, or the day on which it was revoked or closed."""
    due_on = delete_by(grant, ended_on)
    owed_deletions = [duty for duty in owed if duty.kind == DutyKind.DELETE]
    touched = [duty for duty in owed_deletions if duty.due_on != due_on and not _keeps_its_day(duty, due_on)]
    for duty in touched:
        duty.due_on = due_on
        duty.reminded = None
        moved(session, Action.DATE_DUTY, SYSTEM, grant, duty, now, due_on=due_on.isoformat())
    return touched


def _lapse(session: Session, grant: Grant, owed: Sequence[Duty], now: datetime) -> list[Duty]:
    """What would have come after the end of a use that ended early is not owed any more; the data still goes."""
    ended_on = day_of_end(grant)
    touched = [duty for duty in owed if duty.kind != DutyKind.DELETE and duty.due_on and duty.due_on > ended_on]
    for duty in touched:
        duty.words = FELL_AWAY
        moved(session, Action.LAPSE_DUTY, SYSTEM, grant, duty, now)
    return touched


def _keeps_its_day(duty: Duty, due_on: date) -> bool:
    """A dataset that was left out earlier is deleted no later because the grant has ended meanwhile."""
    return duty.round > DELETED_AT_THE_END and duty.due_on is not None and duty.due_on < due_on
