"""The days of a grant's duties, as its letter names them."""

from datetime import date

import pytest

from app.agreements.library import current_version
from app.grants.duties import dated_duties
from app.rules.terms import Duty, EffectiveRule, EffectiveTerms, Mode, Operator, Unit, ValueType
from app.rules.terms.values import as_duties

STARTS_ON, ENDS_ON = date(2026, 12, 21), date(2027, 12, 20)


def terms_with(unit: Unit) -> EffectiveTerms:
    duty = Duty("report", "report", 5, 0, unit, ("partner",), ("report",))
    how = (ValueType.DUTIES, Operator.DUTY_MERGE, Mode.MANDATORY)
    rule = EffectiveRule("duties", "audit", "18.6", *how, None, (duty,), sources=())
    return EffectiveTerms({"duties": rule})


@pytest.mark.parametrize(
    ("unit", "seat", "due_on"),
    [
        (Unit.CALENDAR_DAY, "NL", date(2026, 12, 26)),
        (Unit.WORKING_DAY, None, date(2026, 12, 28)),
        (Unit.WORKING_DAY, "NL", date(2026, 12, 29)),  # Christmas is a Friday
    ],
)
def test_working_days_are_those_at_the_seat_of_who_must_act(unit: Unit, seat: str | None, due_on: date) -> None:
    [duty] = dated_duties([terms_with(unit)], "Paloma Pay", STARTS_ON, ENDS_ON, seat)
    assert duty.due_on == due_on


def test_the_agreement_counts_its_own_duties_in_calendar_days() -> None:
    schedule = current_version().terms.layer.rules["duties"]
    assert {duty.unit for duty in as_duties(schedule.value)} == {Unit.CALENDAR_DAY}
