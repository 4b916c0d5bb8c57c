"""What the frozen terms of a grant say of incidents: the strictest over its datasets."""

from dataclasses import dataclass
from datetime import date

from app.grants.models import Grant
from app.grants.record import from_json
from app.incidents.models import Incident
from app.rules.calendar import Calendar, add_working_days
from app.rules.incidents import ALWAYS_TOLD, CLOSE_WORKING_DAYS, FULL_REPORT_WORKING_DAYS, NOTICE_HOURS, Recipient
from app.rules.terms.values import as_codes, as_number
from app.rules.workflow import IncidentState


@dataclass(frozen=True)
class Rules:
    """Within how many hours who is told, how many working days the full report has, and whether the notice suspends by itself."""

    notice_hours: int
    full_report_days: int
    recipients: frozenset[Recipient]
    suspends: bool


def rules_of(grant: Grant) -> Rules:
    """The rules for incidents of one grant."""
    terms = [dataset.terms for dataset in from_json(grant.record).datasets]
    told = {code for each in terms for code in as_codes(each.value("incident_recipients") or frozenset())}
    return Rules(
        notice_hours=_least([each.value("incident_notice_hours") for each in terms], NOTICE_HOURS),
        full_report_days=_least([each.value("full_report_wd") for each in terms], FULL_REPORT_WORKING_DAYS),
        recipients=ALWAYS_TOLD | {Recipient(code) for code in told if code in set(Recipient)},
        suspends=any(each.value("auto_suspend") is True for each in terms),
    )


def due_on(row: Incident, calendar: Calendar) -> date:
    """The day by which the next step is due, in the calendar of whoever is waited for: the full report, then the closing."""
    if row.state is IncidentState.OPEN:
        return row.full_report_by
    return add_working_days(calendar.day_of(row.state_since), CLOSE_WORKING_DAYS, calendar)


def _least(values: list[object], otherwise: int) -> int:
    return min((as_number(value) for value in values if isinstance(value, int)), default=otherwise)
