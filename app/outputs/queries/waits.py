"""Whom an output waits for: who reads it, who tests it, who changes it, who records where it is published."""

from datetime import date, datetime

from app.grants.models import Grant
from app.grants.queries.turns import Share, Waiting, of_member, of_office, of_partner
from app.outputs.models import Output
from app.outputs.queries.clock import is_delayed, is_late, share_used
from app.rules.calendar import Calendar, Progress, by_the_hour
from app.rules.workflow import Machine, OutputState


def wait_of(grant: Grant, row: Output) -> Waiting | None:
    """Whom it waits for; None once it is published, or withdrawn."""
    thing, ref, since = Machine.OUTPUT.value, row.reference, row.state_since

    def clock(days: Calendar, now: datetime) -> Progress | Share:
        if row.is_urgent and row.state is OutputState.IN_READING and row.answer_by is not None:
            return by_the_hour(since, row.answer_by, now, days)
        return Share(share_used(row, now), due_on(row, now, days), is_late(row, now))

    match row.state:
        case OutputState.IN_READING:
            return of_partner(thing, ref, grant, clock, since)
        case OutputState.WITH_SECRETARIAT:
            return of_office(thing, ref, grant, clock, since)
        case OutputState.CHANGES_ASKED | OutputState.CLEARED:
            return of_member(thing, ref, grant, clock, since, is_followed=True)
        case _:
            return None


def due_on(row: Output, now: datetime, calendar: Calendar) -> date | None:
    """The day by which it is answered, where whoever is waited for is; or from which it may be published."""
    if row.answer_by is not None:
        return calendar.day_of(row.answer_by)
    return row.delayed_until if is_delayed(row, now) else None
