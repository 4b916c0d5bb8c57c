"""Public holidays and weekends of each country: the one door to the package `holidays`."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5


@lru_cache(maxsize=1)
def countries_known() -> frozenset[str]:
    """The countries, by ISO 3166 code, of which the holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=4096)
def days_off(country: str | None, year: int) -> frozenset[date]:
    """Every day of the year on which nobody in this country is expected to work: its weekend and its public holidays.

    A country that is not known, or none: Saturdays and Sundays.
    """
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    if country not in countries_known():
        return frozenset(day for day in days if day.weekday() >= _SATURDAY)
    known = holidays.country_holidays(country, years=year)
    return frozenset(day for day in days if not known.is_working_day(day))


@lru_cache(maxsize=512)
def public_holidays(country: str | None, year: int) -> tuple[tuple[date, str], ...]:
    """The public holidays of a year with their names, in order; none for a country that is not known."""
    if country not in countries_known():
        return ()
    named = holidays.country_holidays(country, years=year, language="en_US")
    return tuple(sorted((day, name) for day, name in named.items()))
