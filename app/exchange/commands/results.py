"""What became of the rows of an import."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from app.exchange.foreign import Refused

COLUMNS = ("row", "field", "value", "problem", "remedy")
# So many listings are named, and so many changes shown; the rest is counted.
MOST_NAMED = 20
# And so many rows of a look as they would be listed.
MOST_PREVIEWED = 10


@dataclass(frozen=True)
class Difference:
    """One field of a listing, as it is and as the catalog has it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Touched:
    """A listing that an import created or changed; in a dry run a new one has no reference yet."""

    reference: str
    title: str
    is_new: bool
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Preview:
    """One listing as it would be. `lacks` names the required answers that are missing, in the words of the pages."""

    row: int
    title: str
    publisher: str
    countries: tuple[str, ...]
    period: tuple[str, str]
    license: str
    access: str
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """What became of the rows of one import, or of a part of it."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    # What is to be mended in rows that were taken, or in the catalog around them.
    remarks: tuple[Refused, ...] = ()
    touched: tuple[Touched, ...] = ()
    # How many of those that were created or updated are listed by it.
    listed: int = 0
    # How many new ones have the country that their title names, as the catalog says no place.
    placed: int = 0
    # Of a dry run the first rows as they would be listed.
    previews: tuple[Preview, ...] = ()
    # How many of those that are taken have no description.
    undescribed: int = 0

    @property
    def counts(self) -> list[int]:
        """Read, created, updated, unchanged, refused."""
        return [self.read, self.created, self.updated, self.unchanged, len(self.refused)]

    def __add__(self, other: "Imported") -> "Imported":
        """Both together; of each kind of listing the first ones keep their names."""
        touched = self.touched + other.touched
        new, changed = [one for one in touched if one.is_new], [one for one in touched if not one.is_new]
        return Imported(
            self.read + other.read,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.remarks + other.remarks,
            tuple(new[:MOST_NAMED] + changed[:MOST_NAMED]),
            self.listed + other.listed,
            self.placed + other.placed,
            (self.previews + other.previews)[:MOST_PREVIEWED],
            self.undescribed + other.undescribed,
        )


def as_row(one: Refused) -> dict[str, object]:
    """A refusal as programs read it."""
    return {"row": one.row, "field": one.field, "value": one.value, "problem": one.problem, "remedy": one.remedy}


def refusals_as_csv(refused: Iterable[Refused]) -> str:
    """Refused rows, or remarks, as a table; no cell begins as a formula does, for those who open it as a sheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in refused:
        writer.writerow([_harmless(str(value)) for value in as_row(one).values()])
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
