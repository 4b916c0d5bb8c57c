"""How long a proposal has been waiting for one organization, in its calendar, and which reminders of that wait went out."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.organizations.calendars import calendar_of
from app.proposals.models import Proposal, Reminder
from app.rules.calendar import (
    DAYS_BETWEEN_REMINDERS,
    HOURS_BETWEEN_REMINDERS,
    PLAIN,
    Calendar,
    Progress,
    add_working_days,
    length_of,
    progress,
    took_working_days,
)
from app.rules.pipelines import Step
from app.rules.terms.values import Unit
from app.rules.turns import KEEPS_ITS_CLOCK, Expected, current_step, expected


def used_days(proposal: Proposal, organization_id: int, step: Step | None, calendar: Calendar) -> int:
    """The working days that an organization had used in a step before its clock last stopped, in its own calendar."""
    if step not in KEEPS_ITS_CLOCK:
        return 0
    if not proposal.review_runs:
        return proposal.used_days
    return sum(took_working_days(begin, end, calendar) for begin, end in _runs(proposal, organization_id, step))


def used_time(proposal: Proposal, organization_id: int, step: Step | None) -> timedelta:
    """The same of a wait that is counted in hours."""
    if step not in KEEPS_ITS_CLOCK:
        return timedelta()
    return sum((end - begin for begin, end in _runs(proposal, organization_id, step)), timedelta())


def _runs(proposal: Proposal, organization_id: int, step: Step | None) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(str(run["from"])), datetime.fromisoformat(str(run["to"])))
        for run in proposal.review_runs
        if run["organization"] == organization_id and run["step"] == step
    ]


def progress_for(
    proposal: Proposal, row: Expected, organization_id: int, calendar: Calendar, now: datetime
) -> Progress | None:
    """The clock of one organization that a proposal waits for; None where nothing is waited for by a date."""
    if proposal.waiting_since is None or row.wait is None:
        return None
    step = current_step(proposal.state, proposal.step)
    if length_of(row.wait).unit is Unit.HOUR:
        began = proposal.waiting_since - used_time(proposal, organization_id, step)
        return progress(row.wait, began, now, calendar=calendar)
    used = used_days(proposal, organization_id, step, calendar)
    return progress(row.wait, proposal.waiting_since, now, used_days=used, calendar=calendar)


def changes_clock(session: Session, proposal: Proposal, now: datetime) -> Progress | None:
    """The clock of the team that answers changes, in its organization's calendar."""
    row = expected(proposal.state, proposal.step, pipeline=proposal.pipeline)
    organization_id = proposal.organization_id
    return progress_for(proposal, row, organization_id, calendar_of(session, organization_id), now)


def first_day_of(percent: int, clock: Progress, since: datetime, used: int, calendar: Calendar = PLAIN) -> date:
    """The first day on which this share of a wait's time is used."""
    days = clock.day_of(percent) - used
    began = calendar.day_of(since)
    return add_working_days(began, days, calendar) if days > 0 else began


def moment_of(percent: int, clock: Progress, since: datetime, used: int, calendar: Calendar) -> datetime:
    """The moment from which this share of a wait's time is used, its beginning at the earliest."""
    hour = clock.moment_of(percent)
    if hour is not None:
        return max(hour, since)
    day = first_day_of(percent, clock, since, used, calendar)
    return since if day == calendar.day_of(since) else calendar.begin_of(day)


def over_at(clock: Progress, since: datetime, used: int, calendar: Calendar) -> datetime:
    """The moment from which a wait is overdue."""
    if clock.ends_at is not None:
        return clock.ends_at
    return since if used > clock.total else calendar.begin_of(add_working_days(clock.due, 1, calendar))


def last_reminder(session: Session, proposal: Proposal) -> datetime | None:
    """When somebody last sent a reminder by hand in the wait that runs now."""
    by_hand = _of_this_wait(proposal) & Reminder.percent.is_(None)
    return session.scalar(select(Reminder.sent_at).where(by_hand).order_by(Reminder.sent_at.desc()).limit(1))


def last_share(session: Session, proposal: Proposal, organization_id: int) -> int | None:
    """The highest share of the time, in percent, at which an organization was reminded by date in this wait."""
    theirs = (Reminder.organization_id == organization_id) | Reminder.organization_id.is_(None)
    return session.scalar(select(func.max(Reminder.percent)).where(_of_this_wait(proposal), theirs))


def _of_this_wait(proposal: Proposal) -> ColumnElement[bool]:
    return (Reminder.proposal_id == proposal.id) & (Reminder.wait_began_at == proposal.waiting_since)


def soonest_by_hand(first: date, last: datetime | None) -> date:
    """The first day on which somebody may send a reminder, three days after the last one at the earliest; or the moment, where
    hours count.

    Args:
        first: the first day, or the moment, at which enough of the time is used.
        last: when the last one was sent by hand.
    """
    if last is None:
        return first
    if isinstance(first, datetime):
        return max(first, last.astimezone(first.tzinfo) + timedelta(hours=HOURS_BETWEEN_REMINDERS))
    return max(first, (last + timedelta(days=DAYS_BETWEEN_REMINDERS)).date())


def has_come(when: date, now: datetime) -> bool:
    """Whether a day has begun, or a moment has passed."""
    return when <= (now if isinstance(when, datetime) else now.date())
