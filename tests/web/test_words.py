"""By when, as pages and mails say it: a day, or a moment with the city whose clock it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.rules.calendar import Length, Progress, Wait, by_the_hour, progress
from app.rules.terms.values import Unit
from app.web.clocks import length_words, number_words, standing_words, track_words
from app.web.words import deadline, short_deadline

SENT = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "words", "short"),
    [
        (date(2026, 12, 3), "Thu 3 Dec 2026", "Thu 3 Dec"),
        (SENT, "20:00 UTC on Fri 27 Nov 2026", "20:00 UTC on Fri 27 Nov"),
        (
            SENT.astimezone(ZoneInfo("Asia/Dhaka")),
            "02:00 on Sat 28 Nov 2026 (Dhaka time)",
            "02:00 on Sat 28 Nov (Dhaka time)",
        ),
        (
            SENT.astimezone(ZoneInfo("America/Argentina/Buenos_Aires")),
            "17:00 on Fri 27 Nov 2026 (Buenos Aires time)",
            "17:00 on Fri 27 Nov (Buenos Aires time)",
        ),
        (None, "", ""),
    ],
)
def test_a_deadline_is_a_day_or_a_moment_with_its_city(app: Flask, when: date | None, words: str, short: str) -> None:
    with app.test_request_context():
        assert deadline(when) == words
        assert short_deadline(when) == short


@pytest.mark.parametrize(
    ("hours", "standing", "number", "track"),
    [
        (0, "12 hours left", "hours left", "Hour 1 of 12"),
        (11, "1 hour left", "hour left", "Hour 12 of 12"),
        (12, "1 hour over", "hour over", "1 hour over"),
        (14, "3 hours over", "hours over", "3 hours over"),
    ],
)
def test_hours_are_told_as_hours(app: Flask, hours: int, standing: str, number: str, track: str) -> None:
    clock = progress(Wait.CRISIS_INTAKE, SENT, SENT.replace(day=27 + (20 + hours) // 24, hour=(20 + hours) % 24))
    with app.test_request_context():
        assert (standing_words(clock), number_words(clock), track_words(clock)) == (standing, number, track)


@pytest.mark.parametrize(
    ("day", "standing", "number", "track"),
    [
        (0, "10 working days left", "working days left", "Day 1 of 10"),
        (10, "0 working days left", "days left: due today", "Day 10 of 10"),
        (11, "1 working day over", "working day over", "1 working day over"),
    ],
)
def test_days_are_told_as_working_days(app: Flask, day: int, standing: str, number: str, track: str) -> None:
    clock = Progress(day, 10, date(2026, 12, 3))
    with app.test_request_context():
        assert (standing_words(clock), number_words(clock), track_words(clock)) == (standing, number, track)


def test_a_length_names_its_unit(app: Flask) -> None:
    with app.test_request_context():
        assert length_words(Length(1, Unit.HOUR)) == "1 hour"
        assert length_words(Length(10, Unit.WORKING_DAY)) == "10 working days"


def test_the_lane_of_an_output_in_an_emergency_is_told_the_same_way(app: Flask) -> None:
    clock = by_the_hour(SENT, SENT.replace(day=29), SENT)
    with app.test_request_context():
        assert (deadline(clock.when), standing_words(clock)) == ("20:00 UTC on Sun 29 Nov 2026", "48 hours left")
