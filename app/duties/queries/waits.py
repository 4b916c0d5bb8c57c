"""Whom a duty waits for: the member, who does it, or the data partner, who reads what was done."""

from datetime import UTC, date, datetime

from app.grants.models import Duty, Grant
from app.grants.queries.turns import Share, Waiting, of_member, of_partner
from app.rules.calendar import Calendar, Progress, Wait, progress
from app.rules.duties import BINDING, share_used
from app.rules.roles import Role
from app.rules.workflow import OWED, READ_NEXT, Machine


def is_overdue(duty: Duty, today: date) -> bool:
    """Whether the member still owes it and its day has passed."""
    return duty.state in OWED and duty.due_on is not None and duty.due_on < today


def reading_clock(duty: Duty, now: datetime, calendar: Calendar) -> Progress | None:
    """The clock of the data partner, who reads what was done, in their own calendar; None at other times."""
    if duty.state not in READ_NEXT:
        return None
    return progress(Wait.DUTY_READING, duty.done_at or now, now, calendar=calendar)


def ref_of(grant: Grant, duty: Duty) -> str:
    """What a duty is known by among everything that waits."""
    return f"{grant.number}:{duty.id}"


def wait_of(grant: Grant, duty: Duty) -> Waiting | None:
    """Whom it waits for; None where nobody has to do anything about it, or another grant carries it on."""
    thing, ref = Machine.DUTY.value, ref_of(grant, duty)
    since = duty.state_since or grant.state_since
    if grant.state not in BINDING:
        return None
    if duty.state in OWED:
        return of_member(thing, ref, grant, lambda _days, now: _until_its_day(duty, now), since)
    if duty.state in READ_NEXT:
        return of_partner(thing, ref, grant, Wait.DUTY_READING, duty.done_at or since, Role.OFFICER)
    return None


def _until_its_day(duty: Duty, now: datetime) -> Share:
    today = now.astimezone(UTC).date()
    used = share_used((duty.due_on - today).days) if duty.due_on else 0
    return Share(used, duty.due_on, is_overdue(duty, today))
