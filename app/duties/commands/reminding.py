"""What happens by date: reminders, and what a member may not begin while something is overdue."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.commands.acting import RESTRICTED, lift_when_settled, locked, moved
from app.duties.queries import reading_clock
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.organizations.calendars import calendars_of
from app.organizations.commands.restricting import restrict
from app.organizations.models import Restriction
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import PLAIN, Calendar, reminder_share
from app.rules.duties import BINDING, REMIND_DAYS_BEFORE, RESTRICTED_AFTER_DAYS, reminder_due
from app.rules.workflow import OWED, READ_NEXT

WHY = N_("A duty of %(number)s is overdue: %(duty)s, due %(day)s. It must be done, or waived by the data partner.")


def remind_due(session: Session, now: datetime) -> int:
    """Remind the lead before and after a duty's day, and the data partner of what is to be read. Returns how many."""
    today = now.astimezone(UTC).date()
    horizon = today + timedelta(days=max(REMIND_DAYS_BEFORE))
    owed = (
        select(Duty, Grant.number, Grant.data_partner_id)
        .join(Grant, Grant.id == Duty.grant_id)
        .where(Grant.state.in_(BINDING), Duty.state.in_(OWED), Duty.due_on <= horizon)
    )
    to_read = (
        select(Duty, Grant.number, Grant.data_partner_id)
        .join(Grant, Grant.id == Duty.grant_id)
        .where(Grant.state.in_(BINDING), Duty.state.in_(READ_NEXT))
    )
    count, reading = 0, session.execute(to_read).all()
    days = calendars_of(session, {partner_id for _duty, _number, partner_id in reading}) if reading else {}
    near = [*session.execute(owed).all(), *reading]
    # Looked at without a lock first: on most runs there is nothing to do.
    due = [(row.id, number) for row, number, partner in near if _step(row, now, days.get(partner, PLAIN)) is not None]
    for duty_id, number in due:
        grant, duty = locked(session, number, duty_id)
        step = _step(duty, now, days.get(grant.data_partner_id, PLAIN))
        if step is not None:
            duty.reminded = step
            moved(session, Action.REMIND_OF_DUTY, SYSTEM, grant, duty, now, step=step)
            count += 1
    return count


def restrict_overdue(session: Session, now: datetime) -> int:
    """Tell members with overdue duties what they cannot do until these are done. Returns how many grants this concerns."""
    today = now.astimezone(UTC).date()
    since = today - timedelta(days=RESTRICTED_AFTER_DAYS)
    overdue = (
        select(Duty, Grant)
        .join(Grant, Grant.id == Duty.grant_id)
        .where(Grant.state.in_(BINDING), Duty.state.in_(OWED), Duty.due_on <= since)
        .order_by(Grant.id, Duty.due_on)
    )
    first: dict[int, tuple[Duty, Grant]] = {}
    for duty, grant in session.execute(overdue):
        first.setdefault(grant.id, (duty, grant))
    for duty, grant in first.values():
        words = WHY % {"number": grant.number, "duty": duty.sentence, "day": f"{duty.due_on:%d %b %Y}"}
        for kind in RESTRICTED:
            restrict(session, SYSTEM, grant.member_id, kind, words, grant.number, now)
    _lift_the_rest(session, set(first), now)
    return len(first)


def _lift_the_rest(session: Session, overdue: set[int], now: datetime) -> None:
    causes = select(Restriction.cause).where(Restriction.ended_at.is_(None), Restriction.kind.in_(RESTRICTED))
    open_ones = select(Grant).where(Grant.number.in_(causes)).order_by(Grant.id)
    for grant in session.scalars(open_ones).all():
        if grant.id not in overdue:
            lift_when_settled(session, grant, now)


def _step(duty: Duty, now: datetime, calendar: Calendar) -> int | None:
    if duty.state in OWED:
        return reminder_due(duty.due_on, now.astimezone(UTC).date(), duty.reminded) if duty.due_on else None
    clock = reading_clock(duty, now, calendar)
    return reminder_share(clock.percent, duty.reminded) or None if clock else None
