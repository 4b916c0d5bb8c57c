"""What is said of a row, or of a value in one, that cannot be taken."""

from dataclasses import dataclass

# The row of what is said of the catalog around the rows.
CATALOG = 0


@dataclass(frozen=True)
class Refused:
    """One entry that cannot be taken, or a value in it: where, which field, what stands there, what is wrong, how to mend it."""

    row: int
    field: str
    value: str
    problem: str
    remedy: str
