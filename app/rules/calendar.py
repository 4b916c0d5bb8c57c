"""Working days, hours, and the clock of each step. Lengths are domain rules: docs/decisions 0005 and 0060."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.rules.holidays import days_off
from app.rules.terms.values import Unit


class Wait(StrEnum):
    """The steps in which somebody is waited for."""

    INTAKE = "intake"
    DECISION = "decision"
    VOTE = "committee_vote"
    ETHICS = "ethics"
    LEGAL = "legal"
    CRISIS_INTAKE = "crisis_intake"
    CRISIS_DECISION = "crisis_decision"
    CRISIS_ISSUE = "crisis_issue"
    AFTERWARDS = "afterwards"
    CHANGES = "changes"
    ISSUE = "issue"
    SIGNATURE = "signature"
    COUNTERSIGNATURE = "countersignature"
    LISTING_CHECK = "listing_check"
    # A question on a dataset's page.
    LISTING_QUESTION = "listing_question"
    FOUND_CHANGES = "found_changes"
    NEED_ANSWER = "need_answer"
    DELIVERY = "delivery"
    # Around a team: vouching, accepting terms, standing behind a joint proposal, taking a lead, naming one where it is missing.
    VOUCHING = "vouching"
    TEAM_TERMS = "team_terms"
    CO_APPLICANT = "co_applicant"
    NEW_LEAD = "new_lead"
    MISSING_LEAD = "missing_lead"
    # The member says whether it arrived; the data partner reads what was done about a duty.
    ARRIVAL = "arrival"
    DUTY_READING = "duty_reading"
    # The grant gives no right any more: the data partner switches off what it opened, and says so.
    SWITCH_OFF = "switch_off"
    # The use has ended and the deletion is certified and accepted: somebody confirms that the grant is closed.
    CLOSE_OUT = "close_out"
    # The use is stopped: somebody lifts the suspension, or ends the grant.
    SUSPENSION = "suspension"


# In working days of the one who is waited for.
WORKING_DAYS: dict[Wait, int] = {
    Wait.INTAKE: 2,
    Wait.DECISION: 10,
    Wait.VOTE: 10,
    Wait.ETHICS: 10,
    Wait.LEGAL: 5,
    # What was granted in a crisis is looked at again within a month.
    Wait.AFTERWARDS: 20,
    Wait.CHANGES: 15,
    Wait.ISSUE: 5,
    Wait.SIGNATURE: 5,
    Wait.COUNTERSIGNATURE: 5,
    Wait.LISTING_CHECK: 2,
    Wait.LISTING_QUESTION: 5,
    Wait.FOUND_CHANGES: 10,
    Wait.NEED_ANSWER: 2,
    Wait.DELIVERY: 1,
    Wait.VOUCHING: 3,
    Wait.TEAM_TERMS: 10,
    Wait.CO_APPLICANT: 5,
    Wait.NEW_LEAD: 5,
    Wait.MISSING_LEAD: 2,
    Wait.ARRIVAL: 5,
    Wait.DUTY_READING: 10,
    Wait.SWITCH_OFF: 1,
    Wait.CLOSE_OUT: 10,
    Wait.SUSPENSION: 10,
}

# In hours of the clock, nights, weekends and holidays included: a crisis is decided within two days, a night in each step.
HOURS: dict[Wait, int] = {Wait.CRISIS_INTAKE: 12, Wait.CRISIS_DECISION: 24, Wait.CRISIS_ISSUE: 12}


@dataclass(frozen=True)
class Length:
    """How long somebody has: hours of the clock, or working days of their calendar; never converted into each other."""

    amount: int
    unit: Unit


def length_of(wait: Wait) -> Length:
    """How long a step may take."""
    return Length(HOURS[wait], Unit.HOUR) if wait in HOURS else Length(WORKING_DAYS[wait], Unit.WORKING_DAY)


# Working days from a signature until it is countersigned, at most: clause 10.3 of the agreement.
JOINING_DAYS = 10
FIRST_REPORT_DAYS = 90
UNDO_MINUTES = 10
# From so many days before its last one on, the page for issuing says that a proposal's days are about to pass.
DAYS_TO_ISSUE_NEAR = 14

# Shares of a wait, in percent, at which the one waited for is reminded by date: half way, near the end, when it is over
# (the deputy joins), and half as long again (the secretariat takes over).
REMIND_AT = (50, 80, 100, 150)
DEPUTY_JOINS_AT = 100
SECRETARIAT_JOINS_AT = 150
# A person may send a reminder from this share on, once in so many days; of a wait in hours, once in so many hours.
REMIND_BY_HAND_FROM = 80
DAYS_BETWEEN_REMINDERS = 3
HOURS_BETWEEN_REMINDERS = 3


def reminder_share(percent: int, reminded: int | None = None) -> int:
    """The share at which to remind now, of a wait that has used `percent`; 0 where there is none, or it was done already."""
    reached = max((share for share in REMIND_AT if percent >= share), default=0)
    return reached if reached > (reminded or 0) else 0


_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Progress:
    """Where a wait stands: the working day it is in, of how many, and the day it is due; or the same in hours.

    `ends_at` is the moment at which a wait in hours is over; None for one in days, of whose due day the whole is in time. `day`
    then counts the full hours that are used, and `zone` is that of whoever is waited for.
    """

    day: int
    total: int
    due: date
    ends_at: datetime | None = None
    zone: str = "UTC"

    @property
    def unit(self) -> Unit:
        """What `day`, `total`, `left` and `over` count."""
        return Unit.WORKING_DAY if self.ends_at is None else Unit.HOUR

    @property
    def when(self) -> date:
        """The day by which to act; of a wait in hours the moment, in the time zone of whoever is waited for."""
        return self.due if self.ends_at is None else self.ends_at.astimezone(ZoneInfo(self.zone))

    @property
    def place(self) -> tuple[date, time]:
        """Where it stands among others by date: a moment comes before the end of its day."""
        when = self.when
        return (self.due, when.time() if isinstance(when, datetime) else time.max)

    @property
    def number(self) -> int:
        """The day or hour that it is in, counted from 1."""
        return max(self.day, 1) if self.ends_at is None else self.day + 1

    @property
    def left(self) -> int:
        """Working days left, today not counted, or begun hours; negative when over."""
        return self.total - self.day

    @property
    def is_over(self) -> bool:
        """Whether the due day, or the moment, has passed."""
        return self.over > 0

    @property
    def over(self) -> int:
        """Working days past the due day, or begun hours past the moment; 0 while it has not passed."""
        return max(self.day - self.total + (self.ends_at is not None), 0)

    @property
    def percent(self) -> int:
        """The share of the time that is used."""
        return self.day * 100 // self.total

    def day_of(self, percent: int) -> int:
        """The first day or full hour on which this share of the time is used."""
        return -(-self.total * percent // 100)

    def moment_of(self, percent: int) -> datetime | None:
        """The moment from which this share of a wait in hours is used; None for one in days, which asks a calendar."""
        return None if self.ends_at is None else self.ends_at - (self.total - self.day_of(percent)) * _HOUR


@dataclass(frozen=True)
class Calendar:
    """The days on which an organization works, and the time zone in which its days begin.

    Without a country: Monday to Friday. `closed` are days that it added itself.
    """

    country: str | None = None
    zone: str = "UTC"
    closed: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether it is neither weekend, nor a public holiday of the country, nor a day of the organization's own."""
        return day not in self.closed and day not in days_off(self.country, day.year)

    def day_of(self, moment: datetime) -> date:
        """The day that a moment falls on where the organization is."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def begin_of(self, day: date) -> datetime:
        """The moment at which a day begins there."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)


PLAIN = Calendar()


def is_working_day(day: date, calendar: Calendar = PLAIN) -> bool:
    """Whether somebody is expected to work; Monday to Friday where no calendar is given."""
    return calendar.works_on(day)


def add_working_days(start: date, count: int, calendar: Calendar = PLAIN) -> date:
    """The day that is `count` working days after `start`; a day without work counts for none."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        if calendar.works_on(day):
            count -= 1
    return day


def working_days_between(start: date, end: date, calendar: Calendar = PLAIN) -> int:
    """How many working days lie after `start` up to and including `end`; 0 when `end` is not later."""
    return sum(calendar.works_on(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def progress(
    wait: Wait,
    since: datetime,
    now: datetime,
    paused_days: int = 0,
    used_days: int = 0,
    calendar: Calendar = PLAIN,
) -> Progress:
    """The clock of one wait that began at `since`, in working days of whoever is waited for, or in hours where it has hours.

    Args:
        paused_days: working days that did not count, because somebody else was waited for.
        used_days: working days that had been used before the clock stopped and began again at `since`.
    """
    if wait in HOURS:
        return by_the_hour(since, since + HOURS[wait] * _HOUR, now, calendar)
    total = WORKING_DAYS[wait]
    started, today = calendar.day_of(since), calendar.day_of(now)
    day = max(working_days_between(started, today, calendar) - paused_days, 0) + used_days
    return Progress(day, total, _due(started, total + paused_days - used_days, calendar))


def by_the_hour(since: datetime, until: datetime, now: datetime, calendar: Calendar = PLAIN) -> Progress:
    """The clock of a wait that runs day and night from one moment to another; the calendar tells only the time zone."""
    used, total = max((now - since) // _HOUR, 0), max((until - since) // _HOUR, 1)
    return Progress(used, total, calendar.day_of(until), until, calendar.zone)


def _due(started: date, days: int, calendar: Calendar) -> date:
    """The day on which the time is used up; where it was used up before, the first working day from the start on."""
    return (
        add_working_days(started - timedelta(days=1), 1, calendar)
        if days < 1
        else add_working_days(started, days, calendar)
    )


def took_working_days(since: datetime, now: datetime, calendar: Calendar = PLAIN) -> int:
    """The working days from one moment to another."""
    return working_days_between(calendar.day_of(since), calendar.day_of(now), calendar)
