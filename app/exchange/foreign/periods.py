"""Days, periods and rhythms in foreign catalogs. What cannot be read is left out, and stays in what was carried along."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.exchange.foreign.days import told_in
from app.exchange.foreign.texts import address, one_text
from app.foundation.text import fold
from app.rules.vocabulary import Frequency as F

_INSTANTS = ("inXSDDate", "inXSDDateTime", "inXSDDateTimeStamp", "inXSDgYearMonth", "inXSDgYear")
_STARTS = ("startDate", "hasBeginning", "start", "beginning", "begin", *_INSTANTS)
_ENDS = ("endDate", "hasEnd", "end", *_INSTANTS)
_OPEN = frozenset({"", "ongoing", "present", "now", "today", "current", "continuing"})
UNREAD_DAY = "one of its days is no date"
REVERSED = "its last day is before its first"
# Beside a day in the order of ISO 8601 the other in another order: read, and what was read is said.
MIXED = "its two days are not written alike; it is read as {first}/{last}"
_ISO, _OTHER = r"\d{4}-\d\d-\d\d", r"\d\d?[-.]\d\d?[-.]\d{4}"
_IS_MIXED = re.compile(rf"\s*({_ISO}\s*/\s*{_OTHER}|{_OTHER}\s*/\s*{_ISO})\s*")
DOUBTFUL = "day and month could stand either way round"

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


@dataclass(frozen=True)
class Period:
    """First and last day; each None where it is not said. `problem` is what could not be read of it, or not beyond doubt."""

    start: date | None = None
    end: date | None = None
    problem: str = ""


def period_of(value: object) -> Period:
    """The period in a text such as `2015-01-01/2015-12-31`, in an object with both days, or in a list of them.

    A text that is not understood as a whole gives nothing; of two days that a slash parts, each counts for itself.
    """
    if isinstance(value, list):
        return _joined([period_of(item) for item in value])
    if isinstance(value, Mapping):
        start, end = _words([value.get(key) for key in _STARTS]), _words([value.get(key) for key in _ENDS])
        return _of_two(start, end) if start or end else _of_text(one_text(value) or "")
    return _of_text(_words(value))


def days_said(value: object) -> str:
    """What stands there of a period, for a message."""
    if isinstance(value, Mapping):
        days = [_words([value.get(key) for key in keys]) for keys in (_STARTS, _ENDS)]
        return "/".join(days) if any(days) else one_text(value) or address(value)
    return "; ".join(days_said(item) for item in value) if isinstance(value, list) else _words(value)


def rhythm_of(value: object) -> F:
    """How often a dataset is refreshed, as far as its words say."""
    said = [one_text(value) or "", re.split(r"[/#]", address(value))[-1]]
    for words in map(fold, said):
        for rhythm, pattern in _FITTING:
            if words and pattern.search(words[:300]):
                return rhythm
    return F.UNKNOWN


def _joined(found: list[Period]) -> Period:
    """From the first day of several periods to their last."""
    read = [one for one in found if one.start or one.end]
    problem = next((one.problem for one in read if one.problem), "") or (UNREAD_DAY if len(read) < len(found) else "")
    starts, ends = [one.start for one in read if one.start], [one.end for one in read if one.end]
    return Period(
        min(starts) if starts and len(starts) == len(read) else None,
        max(ends) if ends and len(ends) == len(read) else None,
        problem,
    )


def _of_text(text: str) -> Period:
    told = told_in(text)
    if told:
        mixed = MIXED.format(first=told.first, last=told.last) if _IS_MIXED.fullmatch(text) else ""
        return Period(told.first, told.last, REVERSED if told.is_reversed else DOUBTFUL if told.is_doubtful else mixed)
    start, slash, end = text.partition("/")
    # Of 2005/06 nobody can say whether it is a month or two years.
    if not slash or "/" in end or any(re.fullmatch(r"\d{1,2}", side.strip()) for side in (start, end)):
        return Period()
    return _of_two(start, end)


def _of_two(start: str, end: str) -> Period:
    """A period of which each day is said for itself."""
    first, last = told_in(start, end), told_in(end, start)
    days = (first.first if first else None, last.last if last else None)
    if days == (None, None):
        return Period()
    if any(told is None and fold(side) not in _OPEN for told, side in ((first, start), (last, end))):
        return Period(*days, UNREAD_DAY)
    doubt = DOUBTFUL if any(told and told.is_doubtful for told in (first, last)) else ""
    if first and last and days[0] and days[1] and days[0] > days[1]:
        return Period(last.first or days[1], first.last or days[0], REVERSED)
    return Period(*days, doubt)


def _words(value: object) -> str:
    """The text of a day, wherever it stands inside; a year may be a number."""
    if isinstance(value, list):
        return next((words for item in value if (words := _words(item))), "")
    if isinstance(value, Mapping):
        return _words([value.get(key) for key in ("@value", *_STARTS, *_ENDS)]) or one_text(value) or ""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
