"""What was worked out from the database and holds until anything happens: kept in the process, never wrong, never needed.

Each change appends to the history in its own transaction, so the root of the history's tree says whether a value can be old.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from app.history.queries import root_of_all

T = TypeVar("T")


@dataclass(frozen=True)
class Version:
    """What a value depends on: everything that happened, and the day or minute from which it counts."""

    root: str
    period: Hashable


def version_now(session: Session, period: Hashable) -> Version:
    """The version of this moment. Read it before the value is worked out: what happens meanwhile makes it old."""
    return Version(root_of_all(session), period)


class Remembered(Generic[T]):
    """The values asked for last, each with its version. Several threads of a process share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, tuple[Version, T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, version: Version) -> T | None:
        """The value, or None where there is none of this version."""
        with self._lock:
            found = self._values.get(key)
            if found is None or found[0] != version:
                return None
            self._values.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, version: Version, value: T) -> None:
        """Keep a value, and let go of the one asked for longest ago where there are too many."""
        with self._lock:
            self._values[key] = (version, value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
