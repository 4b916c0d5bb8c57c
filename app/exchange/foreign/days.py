"""Days, months, years and decades in a text: a text is understood as a whole or not at all, so that nothing is half read."""

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from babel import Locale

_LONGEST = 2000
_YEAR = r"([12]\d{3})"
_CLOCK = r"(?:[t ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:z|utc|[+-]\d\d:?\d\d(?![\d-])))?|z|[+-]\d\d:\d\d)?(?![\w:])"
_ORDINAL = r"(?:st|nd|rd|th|º)?"
_GAP = r"[\s,./-]*(?:(?:de|del|do|of)\s+)?"


@dataclass(frozen=True)
class Span:
    """From its first to its last day. In doubt is one whose day and month could stand either way round: it is their year."""

    first: date
    last: date
    is_doubtful: bool = False


@dataclass(frozen=True)
class Told:
    """What a text says of time; a side that it leaves open is None."""

    first: date | None
    last: date | None
    is_doubtful: bool = False
    is_reversed: bool = False


def told_in(text: str, beside: str = "") -> Told | None:
    """What a text says of time; None where any of it is not understood.

    Args:
        beside: another text by the same hand, which may tell whether the day or the month comes first.
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    parts = list(_parts(plain, _order(f"{plain} {_plain(beside[:_LONGEST])}")))
    spans = [part for part in parts if isinstance(part, Span)]
    signs = ["span" if isinstance(part, Span) else part for part in parts]
    if not spans or "" in signs or "open" in signs[1:-1]:
        return None
    begins_open = signs[0] == "to" or signs[:2] == ["open", "to"]
    ends_open = signs[-1] == "to" or signs[-2:] == ["to", "open"] or (len(spans) == 1 and "since" in signs)
    # A word such as "now" counts beside a range alone.
    if (
        (begins_open and ends_open)
        or (signs[0] == "open" and not begins_open)
        or (signs[-1] == "open" and not ends_open)
    ):
        return None
    pairs = pairwise(spans)
    return Told(
        None if begins_open else min(span.first for span in spans),
        None if ends_open else max(span.last for span in spans),
        any(span.is_doubtful for span in spans),
        "to" in signs and any(later.first < earlier.first for earlier, later in pairs),
    )


def _plain(text: str) -> str:
    """In small letters, without accents; CKAN's portals write [2020-01-01T00:00:00 TO *]."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def _parts(text: str, order: str) -> Iterator[Span | str]:
    """Each date and each word between them, by what it does; an empty text for what is not understood."""
    at = 0
    while at < len(text):
        found = _date_at(text, at, order)
        if found:
            span, at = found
            yield span
            continue
        word = _WORD.match(text, at)
        sign = _SIGNS.get(word[0]) if word else ""
        if sign != _NOTHING:
            yield sign or ""
        at = word.end() if word else len(text)


def _date_at(text: str, at: int, order: str) -> tuple[Span, int] | None:
    if not text[at].isalnum():
        return None
    for pattern, made in _DATES:
        match = pattern.match(text, at)
        if match is None:
            continue
        try:
            span = made(match, order)
        except ValueError:  # a thirteenth month, a 31st of June
            span = None
        if span:
            return span, match.end()
    return None


def _order(text: str) -> str:
    """Whether days or months come first in dates of numbers, where a number beyond twelve tells."""
    pairs = [(int(one), int(two)) for one, _sign, two, _year in _NUMBERS.findall(text)]
    found = {"day" if one > 12 else "month" for one, two in pairs if one > 12 or two > 12}
    return found.pop() if len(found) == 1 else ""


def _day(match: re.Match[str], _order: str) -> Span:
    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    return Span(day, day)


def _years(first: int, last: int, is_doubtful: bool = False) -> Span:
    return Span(date(first, 1, 1), date(last, 12, 31), is_doubtful)


def _month(match: re.Match[str], _order: str) -> Span:
    year, month = int(match["year"]), int(match["month"])
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _season(match: re.Match[str], _order: str) -> Span | None:
    """2019-20, where the second number can be no month."""
    year, last = int(match["year"]), int(match["last"])
    return _years(year, year - year % 100 + last) if last > 12 and last > year % 100 else None


def _numbers(match: re.Match[str], order: str) -> Span:
    """15/03/2016: which is the day must be beyond doubt."""
    one, two, year = int(match[1]), int(match[3]), int(match[4])
    if one <= 12 and two <= 12 and one != two and not order:
        return _years(year, year, is_doubtful=True)
    is_day_first = one > 12 or (two <= 12 and order != "month")
    day = date(year, two, one) if is_day_first else date(year, one, two)
    return Span(day, day)


def _named(match: re.Match[str], _order: str) -> Span | None:
    year, month = int(match["year"]), _MONTHS[match["name"]]
    if match["before"] and match["after"]:
        return None
    day = int(match["before"] or match["after"] or 0)
    last = calendar.monthrange(year, month)[1]
    return Span(date(year, month, day or 1), date(year, month, day or last))


def _decade(match: re.Match[str], _order: str) -> Span | None:
    """The 1990s; the 1900s may be a century."""
    year = int(match["year"])
    return _years(year, year + 9) if year % 100 else None


def _names_of_months() -> dict[str, int]:
    """In the languages of the product, whole and shortened."""
    return {
        _plain(str(name)).rstrip("."): number
        for language in ("fr", "pt", "es", "en")
        for width in ("wide", "abbreviated")
        for number, name in Locale(language).months["format"][width].items()
    } | {"sept": 9}


_MONTHS = _names_of_months()
_NUMBERS = re.compile(rf"(?<!\d)(\d\d?)([-/.])(\d\d?)\2{_YEAR}{_CLOCK}")
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WHOLE_YEAR = r"(?P<year>[12]\d{3})"
_Made = Callable[[re.Match[str], str], Span | None]
_DATES: tuple[tuple[re.Pattern[str], _Made], ...] = (
    (re.compile(rf"{_WHOLE_YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?){_CLOCK}"), _day),
    (re.compile(rf"{_WHOLE_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\w)"), _day),
    (re.compile(rf"{_WHOLE_YEAR}[-/–](?P<last>\d\d)(?![\w-])"), _season),
    (re.compile(rf"{_WHOLE_YEAR}-(?P<month>\d\d?)(?![\w-]|/\d\d?(?!\d))"), _month),
    (_NUMBERS, _numbers),
    (re.compile(rf"(?P<month>\d\d?)[-/.]{_WHOLE_YEAR}(?!\w)"), _month),
    (
        re.compile(
            rf"(?:(?P<before>\d\d?){_ORDINAL}{_GAP})?(?P<name>{_NAME})(?![^\W\d])"
            rf"{_GAP}(?:(?P<after>\d\d?){_ORDINAL},?\s+)?(?:de\s+|del\s+)?{_WHOLE_YEAR}(?!\w)"
        ),
        _named,
    ),
    (re.compile(rf"{_WHOLE_YEAR}['’]?s(?!\w)"), _decade),
    (re.compile(rf"{_WHOLE_YEAR}(?!\w)"), lambda match, _order: _years(int(match["year"]), int(match["year"]))),
)

# What stands between dates: a range, a list, a beginning without an end, a side that is open, nothing at all.
_NOTHING = "nothing"
_WORDS = {
    "to": "to a until till through thru hasta ate au / - – — ‒ ~",
    "and": ", ; & + and y e et",
    "since": "from since desde depuis onwards",
    "open": ".. * ongoing present now today current continuing date presente actualidad hoy hoje atual",
    _NOTHING: "( ) [ ] the de du between entre year years",
}
_SIGNS = {word: sign for sign, words in _WORDS.items() for word in words.split()} | dict.fromkeys(
    (" ", "\t", "\n"), _NOTHING
)
_WORD = re.compile(r"[^\W\d_]+|\.\.|\d+|\W|_")
