"""Whom an incident waits for: the side that owes the full report, then the data partner or the secretariat, who close it."""

from datetime import datetime

from app.grants.models import Grant
from app.grants.queries.turns import Share, Waiting, of_member, of_partner
from app.incidents.models import Incident
from app.incidents.queries.terms import due_on
from app.rules.calendar import Calendar
from app.rules.incidents import Reports
from app.rules.roles import Role
from app.rules.workflow import IncidentState, Machine


def wait_of(grant: Grant, row: Incident) -> Waiting | None:
    """Whom it waits for; None once it is closed."""
    thing, ref, since = Machine.INCIDENT.value, row.reference, row.state_since

    def clock(days: Calendar, now: datetime) -> Share:
        due = due_on(row, days)
        return Share(share_used(row, now, days), due, due < days.day_of(now))

    if row.state is IncidentState.CLOSED:
        return None
    if row.state is IncidentState.REPORTED:
        return of_partner(thing, ref, grant, clock, since, Role.OFFICER, Role.DIRECTOR)
    side = of_partner if row.owed_by is Reports.PARTNER else of_member
    return side(thing, ref, grant, clock, since, Role.OFFICER)


def waited_for(grant: Grant, row: Incident) -> int:
    """The organization whose calendar counts: the side that owes the full report, then the data partner."""
    is_members = row.state is IncidentState.OPEN and row.owed_by is Reports.MEMBER
    return grant.member_id if is_members else grant.data_partner_id


def share_used(row: Incident, now: datetime, calendar: Calendar) -> int:
    """The share of the time until the next step that is used, in percent of calendar days."""
    since = calendar.day_of(row.state_since)
    whole = (due_on(row, calendar) - since).days
    return (calendar.day_of(now) - since).days * 100 // whole if whole > 0 else 100
