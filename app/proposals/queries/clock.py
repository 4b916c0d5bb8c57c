"""How long a proposal has been waiting, and which reminders of that wait went out."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.proposals.models import Proposal, Reminder
from app.rules.calendar import (
    DAYS_BETWEEN_REMINDERS,
    REMIND_BY_HAND_FROM,
    Progress,
    add_working_days,
    took_working_days,
)
from app.rules.turns import clock_of


def progress_of(proposal: Proposal, now: datetime) -> Progress | None:
    """The clock of the wait that runs now; None where nothing is waited for by a date."""
    if proposal.waiting_since is None:
        return None
    return clock_of(proposal.state, proposal.step, proposal.waiting_since, now, proposal.used_days)


def last_reminder(session: Session, proposal: Proposal) -> datetime | None:
    """When somebody last sent a reminder by hand in the wait that runs now."""
    by_hand = _of_this_wait(proposal) & Reminder.percent.is_(None)
    return session.scalar(select(Reminder.sent_at).where(by_hand).order_by(Reminder.sent_at.desc()).limit(1))


def last_share(session: Session, proposal: Proposal) -> int | None:
    """The highest share of the time, in percent, at which a reminder of this wait went out by date."""
    return session.scalar(select(func.max(Reminder.percent)).where(_of_this_wait(proposal)))


def _of_this_wait(proposal: Proposal) -> ColumnElement[bool]:
    return (Reminder.proposal_id == proposal.id) & (Reminder.wait_began_at == proposal.waiting_since)


def reminder_possible_from(session: Session, proposal: Proposal, now: datetime) -> date | None:
    """The first day on which somebody may send a reminder in the wait that runs now; None where nobody waits by a date."""
    clock = progress_of(proposal, now)
    if clock is None or proposal.waiting_since is None:
        return None
    began = proposal.waiting_since.date()
    used = clock.day - took_working_days(proposal.waiting_since, now)
    first = add_working_days(began, clock.day_of(REMIND_BY_HAND_FROM) - used)
    last = last_reminder(session, proposal)
    return first if last is None else max(first, (last + timedelta(days=DAYS_BETWEEN_REMINDERS)).date())
