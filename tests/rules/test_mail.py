"""Which mail belongs to which group, and when each leaves."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.mail import (
    CADENCES,
    MAILS,
    MANDATORY,
    OPTIONAL,
    PRESET_NAMES,
    PRESETS,
    TOPICS,
    Cadence,
    Preset,
    Topic,
    kind_of,
    preset_of,
)
from app.rules.mail_hours import WINDOW, Hours, after_quiet, leaves_at, next_morning
from tests.support.run import ROOT

# Made of several mails, not written by a reaction.
COMPOSED = {"several", "digest"}
NIGHT = Hours("Europe/Madrid", time(22), time(7))
WEDNESDAY = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def test_every_template_says_which_group_it_belongs_to_and_no_other_name_stands_in_the_table() -> None:
    folders = {path.name for path in (ROOT / "templates/email").iterdir() if path.is_dir()}
    assert folders - COMPOSED == set(MAILS)


def test_every_group_cadence_and_preset_has_its_words() -> None:
    assert set(TOPICS) == set(Topic)
    assert set(CADENCES) == set(Cadence)
    assert set(PRESET_NAMES) == set(PRESETS) == set(Preset)
    assert all(set(choices) == set(OPTIONAL) for choices in PRESETS.values())


def test_what_nobody_can_turn_off_is_urgent() -> None:
    assert {name for name, kind in MAILS.items() if kind.topic in MANDATORY and not kind.is_urgent} == set()


def test_codes_revocations_and_what_is_overdue_cannot_be_turned_off() -> None:
    assert kind_of("signing_code").is_mandatory
    assert kind_of("grant_revoked").is_mandatory
    assert kind_of("proposal_reminder", is_over=True).is_mandatory
    assert not kind_of("proposal_reminder").is_mandatory
    assert not kind_of("proposal_comment", is_over=True).is_mandatory


def test_being_asked_by_the_hour_cannot_be_put_off_and_news_can() -> None:
    for template in ("proposal_to_check", "proposal_to_decide", "proposal_to_issue", "proposal_reminder"):
        assert kind_of(template, by_the_hour=True).is_mandatory
        assert not kind_of(template).is_mandatory
    assert not kind_of("proposal_received", by_the_hour=True).is_mandatory


def test_a_preset_is_recognized_and_a_mix_is_nobodys() -> None:
    for preset, choices in PRESETS.items():
        assert preset_of(choices) is preset
    assert preset_of({**PRESETS[Preset.MUST], Topic.GRANTS: Cadence.WEEKLY}) is None


@pytest.mark.parametrize(
    ("cadence", "is_urgent", "leaves"),
    [
        (Cadence.NOW, True, WEDNESDAY),
        (Cadence.NOW, False, WEDNESDAY + WINDOW),
        (Cadence.DAILY, True, datetime(2026, 11, 19, 6, 0, tzinfo=UTC)),  # seven in Madrid
        (Cadence.WEEKLY, False, datetime(2026, 11, 23, 6, 0, tzinfo=UTC)),  # the next Monday
    ],
)
def test_a_mail_leaves_when_its_group_is_wanted(cadence: Cadence, is_urgent: bool, leaves: datetime) -> None:
    assert leaves_at(WEDNESDAY, cadence, Hours("Europe/Madrid"), is_urgent=is_urgent) == leaves


def test_in_quiet_hours_a_mail_waits_for_their_end_by_the_clock_of_the_person() -> None:
    late = datetime(2026, 11, 18, 21, 30, tzinfo=UTC)  # half past ten in the evening in Madrid
    assert leaves_at(late, Cadence.NOW, NIGHT, is_urgent=True) == datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
    assert leaves_at(WEDNESDAY, Cadence.NOW, NIGHT, is_urgent=True) == WEDNESDAY


def test_quiet_hours_within_a_day_end_on_the_same_day() -> None:
    siesta = Hours("UTC", time(14), time(16))
    assert after_quiet(datetime(2026, 11, 18, 15, 0, tzinfo=UTC), siesta) == datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
    assert after_quiet(datetime(2026, 11, 18, 16, 0, tzinfo=UTC), siesta) == datetime(2026, 11, 18, 16, 0, tzinfo=UTC)


def test_the_morning_stays_at_seven_when_the_clocks_change() -> None:
    before = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)  # summer time begins in Madrid on 28 March 2027
    assert next_morning(before, Hours("Europe/Madrid"), weekly=False) == datetime(2027, 3, 28, 5, 0, tzinfo=UTC)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["UTC", "Europe/Madrid", "America/Bogota", "Asia/Kathmandu", "Pacific/Kiritimati"])


@given(
    MOMENTS, ZONES, st.times(), st.times(), st.sampled_from([Cadence.NOW, Cadence.DAILY, Cadence.WEEKLY]), st.booleans()
)
def test_no_optional_mail_leaves_in_quiet_hours_too_early_or_never(
    now: datetime, zone: str, begin: time, end: time, cadence: Cadence, is_urgent: bool
) -> None:
    hours = Hours(zone, begin.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))
    at = leaves_at(now, cadence, hours, is_urgent=is_urgent)
    assert now <= at <= now + timedelta(days=9)
    # The clocks may jump over the end of the quiet hours; an hour is the most that they jump.
    assert after_quiet(at, hours) - at <= timedelta(hours=1)
