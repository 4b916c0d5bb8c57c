"""Cells that stand for an amount, a day or a moment: read as a number, and written again as they stood."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.catalog.profiles.shapes import Kind

# A number with a leading zero is a code.
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_NUMBER = re.compile(r"-?\d{1,15}[.,]\d{1,12}|-?(?:0|[1-9]\d{0,14})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
NOTHING = frozenset({"", "NA", "N/A", "na", "n/a", "null", "NULL", "None", "NaN"})
_PLACES = 2
_MINUTE = 60


@dataclass(frozen=True)
class Scale:
    """How cells of one kind are read as numbers; `step` is the smallest difference between two of them that is written."""

    read: Callable[[str], float | None]
    write: Callable[[float], str]
    step: float


def _whole(cell: str) -> float | None:
    return float(int(cell)) if _WHOLE.fullmatch(cell) else None


def _number(cell: str) -> float | None:
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def _day(cell: str) -> float | None:
    if not _DAY.fullmatch(cell):
        return None
    try:
        return float(date.fromisoformat(cell).toordinal())
    except ValueError:
        return None


def _moment(cell: str) -> float | None:
    if not _MOMENT.fullmatch(cell):
        return None
    try:
        found = datetime.fromisoformat(cell)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _written_moment(value: float) -> str:
    whole = value - value % _MINUTE
    return datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M")


# In the order in which they are tried: the first that reads every cell is the kind.
SCALES: dict[Kind, Scale] = {
    Kind.WHOLE: Scale(_whole, lambda value: str(round(value)), 1),
    Kind.NUMBER: Scale(_number, lambda value: f"{value:.{_PLACES}f}".rstrip("0").rstrip("."), 10.0**-_PLACES),
    Kind.DAY: Scale(_day, lambda value: date.fromordinal(round(value)).isoformat(), 1),
    Kind.MOMENT: Scale(_moment, _written_moment, _MINUTE),
}
