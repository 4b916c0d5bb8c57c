"""Notice of leaving: from which day it counts, and when a side can leave at the earliest (clauses 19.6, 21.8)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from app.agreements import library
from app.agreements.models import Accession
from app.organizations.calendars import calendar_of, secretariat_calendar
from app.organizations.naming import Awaited
from app.organizations.reminders import Timed
from app.rules.calendar import UNDO_MINUTES, add_working_days, by_the_hour
from app.rules.roles import Role

# A notice far ahead would take listings out of the catalog years before their data partner leaves; no grant runs longer either.
LATEST_DAYS = 730
# So long everything stays as it is, and nobody is told: a notice that is taken back by then has changed nothing.
TAKEN_BACK_WITHIN = timedelta(minutes=UNDO_MINUTES)


@dataclass(frozen=True)
class Period:
    """A notice that arrived on a day: it counts from `counts_from`, runs for `days`, and a side leaves from `earliest` on."""

    received: date
    counts_from: date
    days: int
    earliest: date
    latest: date


def period_of(session: Session, row: Accession, now: datetime, received_on: date | None = None) -> Period:
    """The period of a notice that is given now, or came in writing on a day.

    The notice goes to the secretariat, so its next working day counts (clause 21.8); the days are calendar days (clause 1.8). The
    day of leaving lies in the future, however late a notice on paper is recorded.
    """
    calendar = secretariat_calendar(session)
    received = received_on or calendar.day_of(now)
    counts_from = add_working_days(received, 1, calendar)
    days = int(str(library.version(row.agreement_version).terms.layer.rules["exit_notice_days"].value))
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    earliest = max(counts_from + timedelta(days=days), tomorrow)
    return Period(received, counts_from, days, earliest, max(received, tomorrow) + timedelta(days=LATEST_DAYS))


def may_still_be_undone(row: Accession, now: datetime) -> bool:
    """Whether nothing has followed from the notice yet."""
    return row.notice_at is not None and row.notice_followed_at is None and now < row.notice_at + TAKEN_BACK_WITHIN


def leaves_at(day: date) -> datetime:
    """The moment at which a side leaves: the begin of its day, in universal time as every last day of a grant."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def timed_leaving(session: Session, row: Accession, now: datetime) -> Timed:
    """What is left of the notice as a wait of the organization, in hours: whoever gave notice sees to what is open there."""
    begun, day = row.notice_at or now, row.leaves_on or now.date()
    clock = by_the_hour(begun, leaves_at(day), now, calendar_of(session, row.organization_id))
    return Timed(leader(row), begun, clock)


def leader(row: Accession) -> Awaited:
    """Who leads an organization out: the signatory who gave notice, else another one."""
    return Awaited(
        "accession",
        row.reference,
        row.organization_id,
        (Role.SIGNATORY,),
        substitutes=(Role.FOCAL_POINT,),
        first=row.notice_by_id,
    )
