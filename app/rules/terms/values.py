"""What a parameter of the agreement can hold, and how it is written as JSON. `None` (unset, no opinion) is never a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Codes = frozenset[str]


class ValueType(StrEnum):
    """The kinds of value."""

    TEXT = "text"
    CHOICE = "choice"
    LEVEL = "level"
    YESNO = "yesno"
    NUMBER = "number"
    DATE = "date"
    CODES = "codes"
    LINES = "lines"
    DUTIES = "duties"


class Unit(StrEnum):
    """What a number counts. Hours, calendar days and working days are three units, never converted into each other."""

    HOUR = "hour"
    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    MINUTE = "minute"
    METER = "meter"
    PERSON = "person"
    UNIT_COUNT = "unit_count"
    USD = "usd"
    VERSION = "version"


@dataclass(frozen=True, order=True)
class Line:
    """One line of text that is kept beside others, such as a credit or a known limit."""

    id: str
    text: str


@dataclass(frozen=True, order=True)
class Duty:
    """Something that falls due: for the first time after `first`, then every `every`, counted in `unit`; 0 is not at all."""

    id: str
    kind: str
    first: int
    every: int
    unit: Unit
    recipients: tuple[str, ...]
    evidence: tuple[str, ...]


Value = bool | int | str | date | Codes | tuple[Line, ...] | tuple[Duty, ...]
# What JSON and TOML bring in and take out.
Plain = bool | int | str | date | Sequence[object] | dict[str, object] | None


def plain(value: Value) -> object:
    """The value as JSON can carry it: sets and lists sorted, dates in ISO 8601."""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    items: list[Line | Duty] = [*value]
    return [_plain_item(item) for item in sorted(items, key=lambda item: (item.id, repr(item)))]


def _plain_item(item: Line | Duty) -> dict[str, object]:
    if isinstance(item, Line):
        return {"id": item.id, "text": item.text}
    return {
        "id": item.id,
        "kind": item.kind,
        "first": item.first,
        "every": item.every,
        "unit": item.unit.value,
        "recipients": list(item.recipients),
        "evidence": list(item.evidence),
    }


def as_codes(value: Value) -> Codes:
    """The value as a set of codes; a TypeError says that the schedule was read wrongly."""
    if isinstance(value, frozenset):
        return value
    raise TypeError(f"{value!r} is no set of codes")


def as_number(value: Value) -> int:
    """The value as a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"{value!r} is no number")


def as_text(value: Value) -> str:
    """The value as text: a code, a level or a word."""
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")


def as_date(value: Value) -> date:
    """The value as a day."""
    if isinstance(value, date):
        return value
    raise TypeError(f"{value!r} is no date")


def as_yesno(value: Value) -> bool:
    """The value as yes or no."""
    if isinstance(value, bool):
        return value
    raise TypeError(f"{value!r} is neither yes nor no")


def as_lines(value: Value) -> tuple[Line, ...]:
    """The value as lines."""
    if isinstance(value, tuple):
        return tuple(item for item in value if isinstance(item, Line))
    raise TypeError(f"{value!r} is no list of lines")


def as_duties(value: Value) -> tuple[Duty, ...]:
    """The value as duties."""
    if isinstance(value, tuple):
        return tuple(item for item in value if isinstance(item, Duty))
    raise TypeError(f"{value!r} is no list of duties")
