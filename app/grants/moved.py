"""A last day that came earlier before a letter was sealed: what the record keeps of it, and its letter prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.foundation.base import JSONObject


@dataclass(frozen=True)
class MovedDay:
    """When it moved, and from which day to which."""

    on: date
    before: date
    ends_on: date


def moved_json(days: Sequence[MovedDay]) -> JSONObject:
    """As plain values under a name of their own; nothing where no day moved, so that a record's hash stays what it was."""
    rows = [{name: day.isoformat() for name, day in vars(each).items()} for each in days]
    return {"moved": rows} if rows else {}


def moved_back(stored: Mapping[str, object]) -> tuple[MovedDay, ...]:
    """What was stored so; a KeyError or ValueError says that it is none."""
    rows = stored.get("moved", ())
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    return tuple(
        MovedDay(*(date.fromisoformat(str(row[name])) for name in ("on", "before", "ends_on"))) for row in found
    )
