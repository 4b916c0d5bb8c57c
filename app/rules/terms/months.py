"""Months as contracts count them: to the same day number, or the last day of a shorter month."""

from calendar import monthrange
from datetime import date, timedelta

_MONTHS_IN_YEAR = 12


def add_months(day: date, months: int) -> date:
    """The day so many months later."""
    year, month = divmod(day.year * _MONTHS_IN_YEAR + day.month - 1 + months, _MONTHS_IN_YEAR)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_day(start: date, months: int) -> date:
    """The last day of a term that begins on `start`: the day before the same day number."""
    return add_months(start, months) - timedelta(days=1)
