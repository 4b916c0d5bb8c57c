"""Working days and the clock of each step. Lengths are domain rules: docs/decisions/0005-clock.md."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

_SATURDAY = 5


class Wait(StrEnum):
    """The steps in which somebody is waited for."""

    INTAKE = "intake"
    DECISION = "decision"
    CHANGES = "changes"
    ISSUE = "issue"
    SIGNATURE = "signature"
    COUNTERSIGNATURE = "countersignature"
    LISTING_CHECK = "listing_check"
    DELIVERY = "delivery"


# In working days of the one who is waited for.
WORKING_DAYS: dict[Wait, int] = {
    Wait.INTAKE: 2,
    Wait.DECISION: 10,
    Wait.CHANGES: 15,
    Wait.ISSUE: 5,
    Wait.SIGNATURE: 5,
    Wait.COUNTERSIGNATURE: 5,
    Wait.LISTING_CHECK: 2,
    Wait.DELIVERY: 1,
}

FIRST_REPORT_DAYS = 90
UNDO_MINUTES = 10

# Shares of a wait, in percent, at which the one waited for is reminded by date: half way, near the end, when it is over
# (the deputy joins), and half as long again (the secretariat takes over).
REMIND_AT = (50, 80, 100, 150)
DEPUTY_JOINS_AT = 100
SECRETARIAT_JOINS_AT = 150
# A person may send a reminder from this share on, once in so many days.
REMIND_BY_HAND_FROM = 80
DAYS_BETWEEN_REMINDERS = 3


@dataclass(frozen=True)
class Progress:
    """Where a wait stands: the day it is in, of how many, and the day it is due. Days are working days."""

    day: int
    total: int
    due: date

    @property
    def left(self) -> int:
        """Working days left, today not counted; negative when over."""
        return self.total - self.day

    @property
    def is_over(self) -> bool:
        """Whether the due day has passed."""
        return self.day > self.total

    @property
    def over(self) -> int:
        """Working days past the due day; 0 while it has not passed."""
        return max(self.day - self.total, 0)

    @property
    def percent(self) -> int:
        """The share of the time that is used."""
        return self.day * 100 // self.total

    def day_of(self, percent: int) -> int:
        """The first day on which this share of the time is used."""
        return -(-self.total * percent // 100)


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _SATURDAY


def add_working_days(start: date, count: int) -> date:
    """The day that is `count` working days after `start`."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def progress(wait: Wait, since: datetime, now: datetime, paused_days: int = 0, used_days: int = 0) -> Progress:
    """The clock of one wait that began at `since`.

    Args:
        paused_days: working days that did not count, because somebody else was waited for.
        used_days: working days that had been used before the clock stopped and began again at `since`.
    """
    total = WORKING_DAYS[wait]
    started, today = since.astimezone(UTC).date(), now.astimezone(UTC).date()
    day = max(working_days_between(started, today) - paused_days, 0) + used_days
    return Progress(day, total, add_working_days(started, total + paused_days - used_days))


def took_working_days(since: datetime, now: datetime) -> int:
    """The working days from one moment to another, in UTC."""
    return working_days_between(since.astimezone(UTC).date(), now.astimezone(UTC).date())
