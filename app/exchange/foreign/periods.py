"""Days, periods and rhythms in foreign catalogs. What cannot be read is left out, and stays in what was carried along."""

import calendar
import re
from collections.abc import Mapping
from datetime import date

from app.exchange.foreign.texts import address, one_text
from app.foundation.text import fold
from app.rules.vocabulary import Frequency as F

_DAY = re.compile(r"(?P<year>[12]\d{3})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?(?!\d)")
_STARTS = ("startDate", "hasBeginning", "start", "beginning", "inXSDDate", "begin")
_ENDS = ("endDate", "hasEnd", "end", "inXSDDate")

# Words and codes by the rhythm that they mean; the first that fits counts. ISO 8601 repetitions as DCAT-US has them, folded.
_RHYTHMS: dict[F, str] = {
    F.ONCE: (
        r"^(never|none|not updated|no updates?|once|static|not planned|one time|not currently being updated|r p0d)\b"
        r"|\bno (future )?updates?\b"
    ),
    F.CONTINUOUS: r"\b(continuous|real ?time|update cont|cont|live|minutely|every minute|streaming|r pt1s)\b",
    F.HOURLY: r"\b(hourly|every hour|\d+ hours|cada hora|horaria|r pt1h)\b",
    F.DAILY: r"\b(daily|every day|each day|per day|diari[ao]|quotidien|r p1d)\b",
    F.WEEKLY: r"\b(weekly|every week|semanal|hebdomadaire|r p(1w|7d|0 33m|0 5m))\b",
    F.MONTHLY: r"\b(monthly|every month|mensual|mensal|mensuel|r p1m)\b",
    F.QUARTERLY: r"\b(quarterly|trimestral|trimestriel|r p3m|every three months)\b",
    F.ANNUAL: r"\b(annual|annually|yearly|every year|anual|annuel|r p1y)\b",
    F.IRREGULAR: (
        r"\b(irreg|irregular|as needed|as required|ad hoc|periodic\w*|varies|eventual|when available|as soon as"
        r"|need to update|sporadic|triennial|biennial|r p\d+[ym])\b"
    ),
}
_FITTING = tuple((rhythm, re.compile(pattern)) for rhythm, pattern in _RHYTHMS.items())


def period_of(value: object) -> tuple[date | None, date | None]:
    """First and last day; each None where it is not said. `2015-01-01/2015-12-31`, an object with both, or a single year."""
    if isinstance(value, list):
        found = [period_of(item) for item in value]
        starts = [start for start, _end in found if start]
        ends = [end for _start, end in found if end]
        return min(starts, default=None), max(ends, default=None) if len(ends) == len(found) else None
    if isinstance(value, Mapping):
        start = next((day for key in _STARTS if (day := _day(value.get(key), last=False))), None)
        end = next((day for key in _ENDS if (day := _day(value.get(key), last=True))), None)
        return (start, end) if start or end else _ordered(one_text(value) or "")
    return _ordered(value) if isinstance(value, str) else (None, None)


def rhythm_of(value: object) -> F:
    """How often a dataset is refreshed, as far as its words say."""
    said = [one_text(value) or "", re.split(r"[/#]", address(value))[-1]]
    for words in map(fold, said):
        for rhythm, pattern in _FITTING:
            if words and pattern.search(words[:300]):
                return rhythm
    return F.UNKNOWN


def _ordered(text: str) -> tuple[date | None, date | None]:
    # CKAN's portals write [2020-01-01T00:00:00 TO *].
    text = text.strip("[]").replace(" TO ", "/")
    parts = re.split(r"/|\bto\b|\ba\b|–|—| - ", text, maxsplit=1)
    start = _day(parts[0], last=False)
    end = _day(parts[1], last=True) if len(parts) > 1 else _day(parts[0], last=True)
    return (start, end) if not start or not end or start <= end else (end, start)


def _day(value: object, *, last: bool) -> date | None:
    """A day; of a year or month without one, its first or last."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("@value", *_STARTS, *_ENDS) if value.get(key)), None)
    found = _DAY.search(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"] or (12 if last else 1))
    try:
        day = int(found["day"] or (calendar.monthrange(year, month)[1] if last else 1))
        return date(year, month, day)
    except ValueError:
        return None
