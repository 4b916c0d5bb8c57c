"""When a mail leaves: at once, after a short wait for more of the same, or in the morning of the person it goes to."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.rules.mail import Cadence

# So long a mail that asks for nothing waits for more about the same thing.
WINDOW = timedelta(minutes=10)
MORNING = time(7)
MONDAY = 0


@dataclass(frozen=True)
class Hours:
    """When somebody wants no mail, by the clock where they are. Both ends or none; may run over midnight."""

    zone: str = "UTC"
    quiet_from: time | None = None
    quiet_until: time | None = None


def leaves_at(
    now: datetime, cadence: Cadence, hours: Hours, *, is_urgent: bool, not_before: datetime | None = None
) -> datetime:
    """The moment at which an optional mail of this cadence may leave, never in the person's quiet hours.

    Args:
        not_before: until when what it tells can still be taken back.
    """
    ready = max(now, not_before or now)
    if cadence is Cadence.NOW:
        return after_quiet(ready if is_urgent else max(now + WINDOW, ready), hours)
    return after_quiet(next_morning(ready, hours, weekly=cadence is Cadence.WEEKLY), hours)


def next_morning(now: datetime, hours: Hours, *, weekly: bool) -> datetime:
    """The next morning where the person is; the next Monday's for a weekly mail."""
    zone = ZoneInfo(hours.zone)
    day = now.astimezone(zone).date()
    while True:
        morning = datetime.combine(day, MORNING, zone)
        if morning.astimezone(UTC) > now and (not weekly or day.weekday() == MONDAY):
            return morning.astimezone(UTC)
        day += timedelta(days=1)


def after_quiet(at: datetime, hours: Hours) -> datetime:
    """The same moment, or the end of the quiet hours that it falls into."""
    if hours.quiet_from is None or hours.quiet_until is None or hours.quiet_from == hours.quiet_until:
        return at
    zone = ZoneInfo(hours.zone)
    local = at.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    over_midnight = hours.quiet_from > hours.quiet_until
    late = over_midnight and clock >= hours.quiet_from
    is_quiet = late or (clock < hours.quiet_until and (over_midnight or clock >= hours.quiet_from))
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if late else 0)
    return datetime.combine(day, hours.quiet_until, zone).astimezone(UTC)
