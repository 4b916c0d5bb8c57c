"""What the columns of a sample look like, kept in place of its rows, and made-up rows in that shape.

The rule on rare things: nothing in a profile, and so nothing in a made-up row, stands for fewer than `FEWEST` rows. A value that
fewer rows have is not named, a range begins and ends where at least that many rows lie at its edge or beyond, and a bar of fewer
rows is not drawn. Texts that are not values of a short list are never kept at all, only how long they are.
"""

from app.catalog.profiles.making import made_up
from app.catalog.profiles.measuring import FEWEST, MOST_CELLS, MOST_ROWS, measured
from app.catalog.profiles.persons import persons_in, persons_kept, without
from app.catalog.profiles.shapes import AMBIGUOUS, ColumnProfile, Kind, Profile

__all__ = [
    "AMBIGUOUS",
    "FEWEST",
    "MOST_CELLS",
    "MOST_ROWS",
    "ColumnProfile",
    "Kind",
    "Profile",
    "made_up",
    "measured",
    "persons_in",
    "persons_kept",
    "without",
]
