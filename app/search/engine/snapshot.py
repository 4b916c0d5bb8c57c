"""The index as it is at one moment: everything that one search asks of it is asked of the same state."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tantivy import DocAddress, Query, Schema, Searcher, SearchResult

# What is remembered of one state; a state ends with the next change of a listing.
_MOST_REMEMBERED = 20_000


class Broken(Exception):
    """The index cannot be read or written; it is built anew."""


@contextmanager
def whole() -> Iterator[None]:
    """Turn whatever the library does on a damaged index into `Broken`: its panics are no Exception."""
    try:
        yield
    except (ValueError, OSError, KeyError, TypeError, MemoryError) as error:
        raise Broken(repr(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Broken(str(error)) from error
        raise


@dataclass(frozen=True)
class Held:
    """What an index on disk says of itself.

    `position`: the last change of a listing that it holds. `year`: the one for which periods were parted. `turn`: how
    often it was written.
    """

    name: str
    form: int
    position: int
    year: int
    database: str
    documents: int
    turn: int = 0


@dataclass(frozen=True)
class Snapshot:
    """One state of the index."""

    held: Held
    schema: Schema
    searcher: Searcher
    memory: dict[Hashable, object] = field(default_factory=dict)

    def remember(self, key: Hashable, value: object) -> None:
        """Keep an answer as long as this state lasts."""
        if len(self.memory) >= _MOST_REMEMBERED:
            self.memory.clear()
        self.memory[key] = value

    def count(self, query: Query) -> int:
        """How many listings a query finds."""
        return number_found(self.searcher.search(query, 1))

    def numbers(self, name: str, addresses: Sequence[DocAddress]) -> list[int]:
        """A numeric field of some listings."""
        return [int(value or 0) for value in self.searcher.fast_field_values(name, list(addresses))]


def number_found(result: SearchResult) -> int:
    """How many documents a search found."""
    return int(result.count)  # type: ignore[attr-defined] # missing in the library's own types
