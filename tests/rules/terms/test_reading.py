"""A schedule of terms that contradicts itself is refused, with the parameter named."""

from typing import Any

import pytest

from app.rules.terms import BadSchedule, read_schedule
from tests.rules.terms.specimens import parameter, schedule


def read(extra: dict[str, Any]) -> None:
    data: dict[str, Any] = schedule()
    data["parameter"].append(extra)
    read_schedule(data, "agreement@1", "1", "")


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (parameter("k_min", "number", "MAX"), "taken"),
        (parameter("x", "number", "ORD_MIN"), "cannot merge"),
        (parameter("x", "number", "SUM"), "SUM"),
        (parameter("x", "number", "MIN", unit="fortnight"), "fortnight"),
        (parameter("x", "number", "MIN", value=0), "1 or more"),
        (parameter("x", "yesno", "LOCKED", "mandatory"), "go together"),
        (parameter("x", "codes", "INTERSECT", vocabulary="planets"), "planets"),
        (parameter("x", "codes", "UNION", subtracts_from=["nothing"]), "nothing"),
        (
            parameter("x", "yesno", "OR_STRICT")
            | {"when": [{"parameter": "sensitivity", "at_least": "9", "value": True}]},
            "level",
        ),
        (
            parameter("x", "yesno", "OR_STRICT") | {"when": [{"parameter": "absent", "at_least": "9", "value": True}]},
            "absent",
        ),
    ],
)
def test_a_schedule_that_contradicts_itself_is_refused(extra: dict[str, Any], why: str) -> None:
    with pytest.raises(BadSchedule, match=why):
        read(extra)
