"""What the frozen terms of a grant say of its outputs: the merge over all of its datasets (joint clauses)."""

from datetime import datetime

from app.grants.models import Grant
from app.grants.record import from_json
from app.rules.calendar import Length
from app.rules.outputs import EMERGENCY, EMERGENCY_REVIEW, REVIEW, answer_by
from app.rules.terms.values import Unit, as_number


def answer_due(grant: Grant, now: datetime) -> tuple[datetime, bool]:
    """Until when the data partner answers, and whether it is the lane for emergencies (clause 17.2)."""
    record = from_json(grant.record)
    if record.purposes and all(code == EMERGENCY or code.startswith(f"{EMERGENCY}.") for code in record.purposes):
        hours = [dataset.terms.value("crisis_review_hours") for dataset in record.datasets]
        least = min((as_number(h) for h in hours if h is not None), default=EMERGENCY_REVIEW.amount)
        return answer_by(now, Length(least, Unit.HOUR)), True
    days = [dataset.terms.value("review_wd") for dataset in record.datasets]
    # The longest time that one of the datasets asks for: CLAMP_MAX, as in the merge of terms.
    most = max((as_number(d) for d in days if d is not None), default=REVIEW.amount)
    return answer_by(now, Length(most, Unit.WORKING_DAY)), False


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
