"""Whom an incident waits for: the side that owes the full report, then the data partner or the secretariat, who close it."""

from datetime import UTC, datetime

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

    def clock(_days: Calendar, now: datetime) -> Share:
        due = due_on(row)
        return Share(share_used(row, now), due, due < now.astimezone(UTC).date())

    if row.state is IncidentState.CLOSED:
        return None
    if row.state is IncidentState.REPORTED:
        return of_partner(thing, ref, grant, clock, since, Role.OFFICER, Role.DIRECTOR)
    side = of_partner if row.owed_by is Reports.PARTNER else of_member
    return side(thing, ref, grant, clock, since, Role.OFFICER)


def share_used(row: Incident, now: datetime) -> int:
    """The share of the time until the next step that is used, in percent of calendar days."""
    since = row.state_since.astimezone(UTC).date()
    whole = (due_on(row) - since).days
    return (now.astimezone(UTC).date() - since).days * 100 // whole if whole > 0 else 100
