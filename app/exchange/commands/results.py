"""What became of the rows of an import."""

from dataclasses import dataclass

from app.exchange.foreign import Refused

# So many listings are named, and so many changes shown; the rest is counted.
MOST_NAMED = 20


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
class Imported:
    """What became of the rows of one import, or of a part of it."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    # Values that no field could be made of, in rows that were taken.
    remarks: tuple[Refused, ...] = ()
    touched: tuple[Touched, ...] = ()

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
        )
