"""How a grant follows the one that it replaces: what the letter says of it, and the record keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.foundation.base import JSONObject

UNTIL = "In force until"


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was in the grant before, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Succession:
    """How a grant follows the one that it replaces: `kind` is "amends" or "renews"."""

    kind: str
    change: str
    change_sha256: str
    term_began_on: date
    differences: tuple[Difference, ...]


def succession_json(succession: Succession) -> JSONObject:
    """As plain values that canonical JSON can carry."""
    return {
        "kind": succession.kind,
        "change": succession.change,
        "change_sha256": succession.change_sha256,
        "term_began_on": succession.term_began_on.isoformat(),
        "differences": [{"label": d.label, "before": d.before, "after": d.after} for d in succession.differences],
    }


def succession_back(data: Mapping[str, object]) -> Succession:
    """What was stored; a KeyError, ValueError or TypeError says that it is none."""
    rows = data["differences"]
    if not isinstance(rows, list):
        raise TypeError(f"{rows!r} is no list")
    return Succession(
        str(data["kind"]),
        str(data["change"]),
        str(data["change_sha256"]),
        date.fromisoformat(str(data["term_began_on"])),
        tuple(Difference(str(row["label"]), str(row["before"]), str(row["after"])) for row in rows),
    )
