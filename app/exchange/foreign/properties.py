"""The properties of one entry, found by their plain names whatever they are called in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.readers import Entry
from app.readers.entries import Names

_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Found:
    """What a field is read from. `name` is the property that says this and nothing else; empty where it says more besides."""

    name: str
    value: object


class Properties:
    """The properties of an entry; of several with one plain name the first counts."""

    def __init__(self, entry: Entry) -> None:
        self.data: Mapping[str, object] = entry.data or {}
        self._names = entry.names
        self._by_plain: dict[str, str] = {}
        for name, value in self.data.items():
            if value not in _EMPTY:
                self._by_plain.setdefault(entry.names.of(name), name)
        for name, value in self.data.items():
            for other in entry.names.others(name) if value not in _EMPTY else ():
                self._by_plain.setdefault(other, name)
        self._by_plain.pop("", None)

    def find(self, terms: Sequence[str]) -> Found | None:
        """The first of these that is there."""
        for term in terms:
            name = self._by_plain.get(term)
            if name is not None:
                return Found(name, renamed(self.data[name], self._names))
        return None

    def get(self, *terms: str) -> object:
        """What the first of these holds; None where none is there."""
        found = self.find(terms)
        return found.value if found else None


def renamed(value: object, names: Names) -> object:
    """The value with plain names inside."""
    if isinstance(value, Mapping):
        return {
            name if name.startswith("@") else names.inner(name): renamed(held, names) for name, held in value.items()
        }
    if isinstance(value, list):
        return [renamed(item, names) if isinstance(item, Mapping | list) else item for item in value]
    return value


def objects(value: object) -> list[Mapping[str, object]]:
    """The objects in a value: itself, or those of a list."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]
