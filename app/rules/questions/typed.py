"""Makes something that can be stored out of whatever was typed. Nothing here ever raises: saving never fails."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.foundation.hashing import content_hash
from app.foundation.text import clean, clean_line
from app.rules.questions.choices import COUNTRIES
from app.rules.questions.shapes import Answer, Part, Shape

# More than anyone writes by hand; what is longer was pasted by mistake, and is not stored in full.
LONGEST_TEXT = 20_000
LONGEST_LINE = 2_000
LONGEST_DATE_PART = 20
INDICATOR_FIELDS = ("name", "baseline", "target", "by")


@dataclass(frozen=True)
class Cleaned:
    """An answer as it is stored, and whether something had to be left out because it was far too long."""

    answer: Answer
    was_cut: bool = False


def cleaned(part: Part, raw: object) -> Cleaned:
    """What is stored for a field: text cleaned and capped, codes that exist, dates as 2027-03-14 or as typed."""
    return _CLEANERS[part.shape](part, raw)


def is_empty(answer: object) -> bool:
    """Whether nothing was answered."""
    return not answer


def mark(answer: object) -> str:
    """A short mark of an answer's content, to tell whether it changed since a page was opened."""
    return content_hash(answer or "")[:12]


def typed_day(answer: object) -> date | None:
    """The day of a date answer; None when there is none, or when what was typed is no date."""
    return iso_day(answer) if isinstance(answer, str) else None


def typed_year(answer: object) -> int | None:
    """The year of a year answer; None when what was typed is no year between 1900 and 2100."""
    if not isinstance(answer, str) or not re.fullmatch(r"[0-9]{4}", answer):
        return None
    return int(answer) if 1900 <= int(answer) <= 2100 else None


def iso_day(text: str) -> date | None:
    """The day of a text such as 2027-03-14."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_typed(boxes: Sequence[str]) -> str:
    """A date from its boxes for day, month and year: 2027-03-14, or the boxes joined by / where they are no date."""
    typed = [clean_line(box)[:LONGEST_DATE_PART].replace("/", " ") for box in boxes]
    if len(typed) == 1:
        return _one_box(clean_line(boxes[0])[: 3 * LONGEST_DATE_PART])
    if not any(typed):
        return ""
    day = _from_numbers(typed)
    return day.isoformat() if day else "/".join(typed[:3])


def _one_box(text: str) -> str:
    if iso_day(text):
        return text
    day = _from_numbers(re.split(r"[\s./-]+", text))
    return day.isoformat() if day else text


def _from_numbers(typed: Sequence[str]) -> date | None:
    if len(typed) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", box) for box in typed):
        return None
    day, month, year = (int(box) for box in typed)
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def _texts(raw: object) -> list[str]:
    """Every text in what came: one, several, or none."""
    if isinstance(raw, str):
        return [raw]
    if isinstance(raw, Sequence) and not isinstance(raw, bytes | bytearray):
        return [item for item in raw if isinstance(item, str)]
    return []


def _line(_part: Part, raw: object) -> Cleaned:
    text = clean_line(" ".join(_texts(raw)[:1]))
    return Cleaned(text[:LONGEST_LINE].rstrip(), len(text) > LONGEST_LINE)


def _words(_part: Part, raw: object) -> Cleaned:
    text = clean(" ".join(_texts(raw)[:1]))
    return Cleaned(text[:LONGEST_TEXT].rstrip(), len(text) > LONGEST_TEXT)


def _choice(part: Part, raw: object) -> Cleaned:
    return Cleaned(next((text for text in _texts(raw) if text in part.choices), ""))


def _choices(part: Part, raw: object) -> Cleaned:
    chosen = set(_texts(raw))
    return Cleaned([code for code in part.choices if code in chosen])


def _country(_part: Part, raw: object) -> Cleaned:
    return Cleaned(next((text for text in _texts(raw) if text in COUNTRIES), ""))


def _countries(_part: Part, raw: object) -> Cleaned:
    return Cleaned(sorted(COUNTRIES.intersection(_texts(raw))))


def _date(_part: Part, raw: object) -> Cleaned:
    boxes = _texts(raw)[:3]
    if len(boxes) == 1 and boxes[0].count("/") == 2:
        boxes = boxes[0].split("/")
    return Cleaned(day_typed(boxes) if boxes else "")


def _year(_part: Part, raw: object) -> Cleaned:
    return Cleaned(clean_line(" ".join(_texts(raw)[:1]))[:LONGEST_DATE_PART].rstrip())


def _indicators(part: Part, raw: object) -> Cleaned:
    rows = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, Sequence) else []
    kept: list[dict[str, str]] = []
    was_cut = len(rows) > part.limit
    for row in rows[: part.limit]:
        values = {name: _line(part, row.get(name)) for name in INDICATOR_FIELDS[:3]}
        by = _date(part, row.get("by"))
        was_cut = was_cut or any(value.was_cut for value in values.values())
        texts = {name: str(value.answer) for name, value in values.items()} | {"by": str(by.answer)}
        if any(texts.values()):
            kept.append(texts)
    return Cleaned(kept, was_cut)


def _elsewhere(_part: Part, _raw: object) -> Cleaned:
    return Cleaned("")


_CLEANERS: dict[Shape, Callable[[Part, object], Cleaned]] = {
    Shape.LINE: _line,
    Shape.WORDS: _words,
    Shape.CHOICE: _choice,
    Shape.CHOICES: _choices,
    Shape.COUNTRY: _country,
    Shape.COUNTRIES: _countries,
    Shape.DATE: _date,
    Shape.YEAR: _year,
    Shape.INDICATORS: _indicators,
    Shape.DATASETS: _elsewhere,
    Shape.TEAM: _elsewhere,
}
