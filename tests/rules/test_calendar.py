"""Working days: of each country, each organization, each time zone; the arithmetic holds whatever the days are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.calendar import (
    HOURS,
    PLAIN,
    REMIND_AT,
    WORKING_DAYS,
    Calendar,
    Length,
    Progress,
    Wait,
    add_working_days,
    length_of,
    progress,
    reminder_share,
    took_working_days,
    working_days_between,
)
from app.rules.holidays import countries_known, days_off, public_holidays
from app.rules.terms.values import Unit

COUNTRIES = (None, "CO", "EG", "SA", "IR", "IL", "NP", "CN", "KE", "ES", "BN", "XX")
ZONES = ("UTC", "America/Bogota", "Asia/Kathmandu", "Pacific/Kiritimati")
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given
CALENDARS = st.builds(
    Calendar,
    st.sampled_from(COUNTRIES),
    st.sampled_from(ZONES),
    st.frozensets(DAYS, max_size=20),
)


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_nothing_is_ever_due_on_a_closed_day(calendar: Calendar, start: date, count: int) -> None:
    due = add_working_days(start, count, calendar)
    assert calendar.works_on(due)
    assert working_days_between(start, due, calendar) == count


@given(CALENDARS, DAYS, st.integers(0, 40), st.integers(0, 40))
def test_more_days_are_never_due_earlier(calendar: Calendar, start: date, first: int, more: int) -> None:
    assert add_working_days(start, first, calendar) <= add_working_days(start, first + more, calendar)
    assert add_working_days(add_working_days(start, first, calendar), more, calendar) == add_working_days(
        start, first + more, calendar
    )


@given(CALENDARS, MOMENTS, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_pausing_and_going_on_loses_no_day(
    calendar: Calendar, since: datetime, run: int, pause: int, more: int
) -> None:
    stopped = since + timedelta(days=run)
    went_on = stopped + timedelta(days=pause)
    now = went_on + timedelta(days=more)
    used = took_working_days(since, stopped, calendar)
    clock = progress(Wait.DECISION, went_on, now, used_days=used, calendar=calendar)
    whole, paused = took_working_days(since, now, calendar), took_working_days(stopped, went_on, calendar)
    assert clock.day == whole - paused
    if pause == 0:
        assert clock.day == progress(Wait.DECISION, since, now, calendar=calendar).day


@given(
    CALENDARS,
    MOMENTS,
    st.integers(0, 200),
    st.integers(0, 200),
    st.sampled_from(list(WORKING_DAYS)),
    st.integers(0, 30),
)
def test_a_clock_only_goes_on_and_is_over_after_its_due_day(
    calendar: Calendar, since: datetime, first: int, more: int, wait: Wait, used: int
) -> None:
    earlier = progress(wait, since, since + timedelta(hours=first), used_days=used, calendar=calendar)
    later = progress(wait, since, since + timedelta(hours=first + more), used_days=used, calendar=calendar)
    assert earlier.day <= later.day
    assert earlier.due == later.due
    assert calendar.works_on(later.due)
    assert earlier.day >= used
    if used <= WORKING_DAYS[wait]:
        today = calendar.day_of(since + timedelta(hours=first + more))
        assert later.is_over == (working_days_between(later.due, today, calendar) > 0)


@given(CALENDARS, MOMENTS, st.integers(0, 100), st.sampled_from(list(HOURS)))
def test_hours_run_day_and_night_whatever_the_calendar(
    calendar: Calendar, since: datetime, hours: int, wait: Wait
) -> None:
    clock = progress(wait, since, since + timedelta(hours=hours), calendar=calendar)
    ends_at = since + timedelta(hours=HOURS[wait])
    assert (clock.day, clock.ends_at) == (hours, ends_at)
    assert clock.due == calendar.day_of(ends_at)
    assert clock.is_over == (hours >= HOURS[wait])
    assert clock.left == HOURS[wait] - hours
    shares = {percent: clock.moment_of(percent) for percent in REMIND_AT}
    assert shares[100] == ends_at
    assert all(
        at is not None and (at <= since + timedelta(hours=hours)) == (clock.percent >= p) for p, at in shares.items()
    )


def test_a_wait_has_hours_or_working_days_and_never_both() -> None:
    assert HOURS.keys() | WORKING_DAYS.keys() == set(Wait)
    assert not HOURS.keys() & WORKING_DAYS.keys()
    assert length_of(Wait.CRISIS_DECISION) == Length(24, Unit.HOUR)
    assert length_of(Wait.DECISION) == Length(10, Unit.WORKING_DAY)


def test_a_moment_stands_before_the_end_of_its_day() -> None:
    since = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # a Friday
    by_hour = progress(Wait.CRISIS_DECISION, since, since)
    by_day = Progress(1, 10, by_hour.due)
    assert sorted([by_day, by_hour], key=lambda each: each.place) == [by_hour, by_day]


@given(CALENDARS, MOMENTS, st.integers(0, 60))
def test_a_day_closed_later_never_brings_the_end_nearer(calendar: Calendar, since: datetime, offset: int) -> None:
    before = progress(Wait.DECISION, since, since, calendar=calendar)
    closed = calendar.closed | {calendar.day_of(since) + timedelta(days=offset)}
    after = progress(Wait.DECISION, since, since, calendar=Calendar(calendar.country, calendar.zone, closed))
    assert after.due >= before.due


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("EG", date(2026, 11, 20), False),  # a Friday
        ("EG", date(2026, 11, 22), True),  # a Sunday
        ("IR", date(2026, 11, 21), True),  # a Saturday
        ("CO", date(2026, 12, 8), False),  # the Immaculate Conception
        ("CO", date(2026, 12, 9), True),
        ("CN", date(2026, 2, 14), True),  # a Saturday worked before the Spring Festival
        (None, date(2026, 12, 25), True),  # no country, no holidays
        (None, date(2026, 11, 21), False),
        ("XX", date(2026, 11, 20), True),  # not known: Monday to Friday
        ("XX", date(2026, 11, 21), False),
    ],
)
def test_weekends_and_holidays_are_the_countrys_own(country: str | None, day: date, works: bool) -> None:
    assert Calendar(country).works_on(day) is works


def test_a_day_begins_at_midnight_where_the_organization_is() -> None:
    late = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
    assert Calendar(zone="America/Bogota").day_of(late) == date(2026, 11, 16)
    assert PLAIN.day_of(late) == date(2026, 11, 17)
    assert Calendar(zone="America/Bogota").begin_of(date(2026, 11, 17)) == datetime(2026, 11, 17, 5, 0, tzinfo=UTC)


def test_every_country_that_is_known_has_days_off_and_names_in_order() -> None:
    assert {"CO", "ES", "EG", "KE"} <= countries_known()
    for country in sorted(countries_known()):
        assert len(days_off(country, 2027)) >= 52, country
        named = public_holidays(country, 2027)
        assert list(named) == sorted(named), country


@pytest.mark.parametrize(
    ("percent", "reminded", "share"),
    [
        (49, None, 0),
        (50, None, 50),
        (79, 50, 0),
        (80, 50, 80),
        (100, 50, 100),
        (149, 100, 0),
        (900, 100, 150),
        (900, 150, 0),
    ],
)
def test_each_share_of_a_wait_is_reminded_of_once(percent: int, reminded: int | None, share: int) -> None:
    assert reminder_share(percent, reminded) == share
