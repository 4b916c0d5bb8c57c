"""What is said of a row, or of a value in one, that cannot be taken."""

from dataclasses import dataclass

# The row of what is said of the catalog around the rows.
CATALOG = 0
# Of what many datasets of a catalog lack, said at one of them.
SAID_ONCE = "it is missing; the first dataset that lacks it is named for all of them"


@dataclass(frozen=True)
class Refused:
    """One entry that cannot be taken, or a value in it: where, which field, what stands there, what is wrong, how to mend it."""

    row: int
    field: str
    value: str
    problem: str
    remedy: str

    @property
    def is_of_catalog(self) -> bool:
        """Whether it is said of the whole catalog, whichever dataset it was said with."""
        return self.row == CATALOG or self.problem == SAID_ONCE
