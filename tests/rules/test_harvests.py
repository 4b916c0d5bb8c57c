"""Harvesting as tables: when a source is read next, and what may be taken without being looked at."""

from datetime import UTC, datetime

import pytest

from app.rules.harvests import Schedule, conditions_in, is_a_flood, may_pass_unseen, next_reading


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "planned", "now", "following"),
    [
        (Schedule.DAILY, at(2026, 1, 1), at(2026, 1, 3), at(2026, 1, 4)),
        (Schedule.WEEKLY, at(2026, 1, 1), at(2026, 1, 3), at(2026, 1, 8)),
        (Schedule.MONTHLY, at(2026, 1, 15), at(2026, 12, 20), at(2027, 1, 15)),
        (Schedule.MONTHLY, at(2026, 12, 31), at(2027, 1, 31), at(2027, 2, 28)),
        (Schedule.BY_HAND, at(2026, 1, 15), at(2026, 12, 20), None),
    ],
)
def test_the_next_reading_keeps_the_hour_of_the_first(
    schedule: Schedule, planned: datetime, now: datetime, following: datetime | None
) -> None:
    assert next_reading(schedule, planned, now) == following


@pytest.mark.parametrize("field", ["title", "countries", "foreign:dct:modified", "foreign:dcat:accessURL"])
def test_what_only_describes_may_pass_unseen(field: str) -> None:
    assert may_pass_unseen(field)


@pytest.mark.parametrize(
    "field",
    [
        *("license_text", "conditions", "visibility", "access_mode", "sensitivity", "collaborative_type", "admitted"),
        *("extra_questions", "delivery_steps", "something_new", "foreign:dct:accessRights", "foreign:dct:license"),
        *("foreign:odrl:hasPolicy", "foreign:conditionsOfAccess", "foreign:usageInfo", "foreign:rights_holder"),
    ],
)
def test_what_sets_conditions_or_is_not_known_to_only_describe_is_looked_at(field: str) -> None:
    assert not may_pass_unseen(field)


def test_conditions_are_found_however_deep_they_stand() -> None:
    assert conditions_in([{"downloadURL": "a", "license": "b"}]) == {"/0/license": "'b'"}
    assert conditions_in({"a": {"b": [{"odrl:permission": 1}]}}) == {"/a/b/0/odrl:permission": "1"}
    assert conditions_in({"downloadURL": "a"}) == {}


@pytest.mark.parametrize(("vanished", "known", "is_one"), [(0, 0, False), (1, 1, False), (2, 10, False), (3, 10, True)])
def test_more_than_a_fifth_at_once_is_a_flood(vanished: int, known: int, is_one: bool) -> None:
    assert is_a_flood(vanished, known) is is_one
