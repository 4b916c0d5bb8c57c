"""Catalogs that a worker is in the midst of, so that each part goes on where the one before it ended.

What is held is a place in a file: a worker that has none reads from the beginning to where it is asked to go on.
"""

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass
from itertools import islice

from app.exchange.foreign import Described, Refused

_MOST_OPEN = 4

Rows = Iterator[Described | Refused]


@dataclass
class _Place:
    """Rows that are still to come: how many came before them, and the number of the last of these in the file."""

    rows: Rows
    count: int = 0
    last: int = 0


class Readings:
    """Open catalogs by what was opened and how. A key names the content, so that a place in it means the same to everybody."""

    def __init__(self) -> None:
        self._places: dict[Hashable, _Place] = {}

    def part(self, key: Hashable, begin: Callable[[], Rows], before: int, size: int) -> list[Described | Refused]:
        """So many rows after the first `before` ones; fewer at the end. Raises Unreadable as the rows do."""
        place = self._taken(key)
        if place is None or place.count > before:
            place = _Place(begin())
        for _row in islice(place.rows, before - place.count):
            pass
        part = list(islice(place.rows, size))
        place.count = before + len(part)
        if len(part) == size:
            self._keep(key, place)
        return part

    def those(self, key: Hashable, begin: Callable[[], Rows], wanted: Collection[int]) -> dict[int, Described]:
        """The rows with these numbers, as far as they can be described. Raises Unreadable as the rows do."""
        found: dict[int, Described] = {}
        if not wanted:
            return found
        place = self._taken(key)
        if place is None or place.last >= min(wanted):
            place = _Place(begin())
        for row in place.rows:
            place.last = row.row
            if row.row in wanted and isinstance(row, Described):
                found[row.row] = row
            if row.row >= max(wanted):
                self._keep(key, place)
                break
        return found

    def _taken(self, key: Hashable) -> _Place | None:
        return self._places.pop(key, None)

    def _keep(self, key: Hashable, place: _Place) -> None:
        self._places[key] = place
        while len(self._places) > _MOST_OPEN:
            self._places.pop(next(iter(self._places)))


# One worker goes through messages one after the other, so that this is one per process.
READINGS = Readings()
