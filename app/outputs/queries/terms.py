"""What the frozen terms of a grant say of its outputs: the merge over all of its datasets (joint clauses)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.record import from_json
from app.organizations.calendars import calendar_of
from app.rules.calendar import Length
from app.rules.outputs import EMERGENCY, EMERGENCY_REVIEW, REVIEW, answer_by
from app.rules.terms.values import Unit, as_number


def answer_due(session: Session, grant: Grant, now: datetime) -> tuple[datetime, bool]:
    """Until when the data partner answers, in its own calendar, and whether it is the lane for emergencies (clause 17.2)."""
    length, is_urgent = _time_to_answer(grant)
    return answer_by(now, length, calendar_of(session, grant.data_partner_id)), is_urgent


def answer_day(session: Session, grant: Grant, now: datetime) -> tuple[date, bool]:
    """The same as people say it: the day there, or the moment in the data partner's time zone where hours count."""
    calendar = calendar_of(session, grant.data_partner_id)
    until, is_urgent = answer_due(session, grant, now)
    return until.astimezone(ZoneInfo(calendar.zone)) if is_urgent else calendar.day_of(until), is_urgent


def _time_to_answer(grant: Grant) -> tuple[Length, bool]:
    record = from_json(grant.record)
    if record.purposes and all(code == EMERGENCY or code.startswith(f"{EMERGENCY}.") for code in record.purposes):
        hours = [dataset.terms.value("crisis_review_hours") for dataset in record.datasets]
        return Length(
            min((as_number(h) for h in hours if h is not None), default=EMERGENCY_REVIEW.amount), Unit.HOUR
        ), True
    days = [dataset.terms.value("review_wd") for dataset in record.datasets]
    # The longest time that one of the datasets asks for: CLAMP_MAX, as in the merge of terms.
    most = max((as_number(d) for d in days if d is not None), default=REVIEW.amount)
    return Length(most, Unit.WORKING_DAY), False


def most_delay_days(grant: Grant) -> int:
    """For how many days after the clearance publication may be delayed; 0 where the terms allow no delay (clause 17.6)."""
    days = [dataset.terms.value("delay_days_max") for dataset in from_json(grant.record).datasets]
    return max((as_number(d) for d in days if d is not None), default=0)


def silence_clears(grant: Grant) -> bool:
    """Whether every dataset's terms say that an output is cleared when nobody answers (clause 17.5)."""
    values = [dataset.terms.value("silence") for dataset in from_json(grant.record).datasets]
    return bool(values) and all(value == "clear" for value in values)


def clearance_required(grant: Grant) -> bool:
    """Whether outputs are submitted before they are published at all (clause 17.1)."""
    return any(dataset.terms.value("clearance_required") is True for dataset in from_json(grant.record).datasets)
