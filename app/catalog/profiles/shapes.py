"""A profile as a value: one shape for each column, and the form in which a listing keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from app.foundation.base import JSONObject


class Kind(StrEnum):
    """What a column holds, as far as its values show."""

    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    VALUES = "values"
    TEXT = "text"
    EMPTY = "empty"


# A column in which a comma may set thousands apart or begin the decimals.
AMBIGUOUS = "?"


@dataclass(frozen=True)
class Bar:
    """One bar of the picture: a value, or a range from `label` to `until`, and its share in percent; 0 where it is too rare."""

    label: str
    share: int
    until: str = ""


@dataclass(frozen=True)
class ColumnProfile:
    """One column.

    `filled` is in percent. `low` and `high` are empty where too few rows lie at an edge; of a text they are lengths.
    `others` is the share of the values that are too rare to be named. Whole numbers are multiples of `step`.
    """

    name: str
    kind: Kind
    filled: int
    distinct: int
    low: str = ""
    high: str = ""
    bars: tuple[Bar, ...] = ()
    others: int = 0
    all_differ: bool = False
    step: int = 1
    # What sets the thousands of its numbers apart; `AMBIGUOUS` where nobody can say whether its comma does.
    thousands: str = ""


@dataclass(frozen=True)
class Profile:
    """All columns, and how many rows were looked at."""

    rows: int
    columns: tuple[ColumnProfile, ...]

    def of(self, name: str) -> ColumnProfile | None:
        """The shape of the column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def to_json(self) -> JSONObject:
        """As a listing keeps it."""
        return {"rows": self.rows, "columns": [_kept(column) for column in self.columns]}


def profile_of(kept: Mapping[str, object] | None) -> Profile | None:
    """The profile that a listing keeps; None where there is none."""
    if not kept:
        return None
    columns = kept.get("columns")
    found = [_column(one) for one in columns if isinstance(one, dict)] if isinstance(columns, list) else []
    return Profile(int(str(kept.get("rows", 0))), tuple(found))


def _kept(column: ColumnProfile) -> JSONObject:
    kept: JSONObject = {**asdict(column), "bars": [asdict(bar) for bar in column.bars]}
    # Left out where it says nothing, as in profiles from before it was measured.
    return kept if column.thousands else {name: value for name, value in kept.items() if name != "thousands"}


def _column(kept: Mapping[str, object]) -> ColumnProfile:
    bars = kept.get("bars")
    return ColumnProfile(
        name=str(kept.get("name", "")),
        kind=Kind(str(kept.get("kind", Kind.EMPTY.value))),
        filled=int(str(kept.get("filled", 0))),
        distinct=int(str(kept.get("distinct", 0))),
        low=str(kept.get("low", "")),
        high=str(kept.get("high", "")),
        bars=tuple(_bar(one) for one in bars if isinstance(one, dict)) if isinstance(bars, list) else (),
        others=int(str(kept.get("others", 0))),
        all_differ=bool(kept.get("all_differ")),
        step=int(str(kept.get("step", 1))),
        thousands=str(kept.get("thousands", ""))[:1],
    )


def _bar(kept: Mapping[str, object]) -> Bar:
    return Bar(str(kept.get("label", "")), int(str(kept.get("share", 0))), str(kept.get("until", "")))
