"""What a JSON document says of its catalog, around the list of its datasets."""

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

import ijson

from app.readers.entries import Names, plain, types_of

# A property that takes more than this many steps of the parser is no word about a catalog, and is not held.
_MOST_EVENTS = 20_000
_MOST_PROPERTIES = 200
_NOTHING: Mapping[str, object] = MappingProxyType({})
_LISTS = frozenset({"dataset", "record", "service", "catalog", "hasPart"})


class Around:
    """Collects the properties at the top of a document while it is parsed, but for its lists of datasets."""

    def __init__(self, lists: Container[str]) -> None:
        self._lists = lists
        self._found: dict[str, object] = {}
        self._key = ""
        self._events = 0
        self._builder: ijson.ObjectBuilder | None = None

    def see(self, prefix: str, event: str, value: object, names: Names) -> None:
        """Take in one event of the parser."""
        if prefix == "" and event in ("map_key", "end_map"):
            self._finish()
            if event == "map_key" and value != "@context" and names.of(str(value)) not in self._lists:
                self._key, self._events, self._builder = str(value), 0, ijson.ObjectBuilder()
        elif self._builder is not None:
            self._events += 1
            if self._events > _MOST_EVENTS:
                self._builder = None
            else:
                self._builder.event(event, value)

    @property
    def properties(self) -> Mapping[str, object]:
        """What was found, in plain values."""
        try:
            found = plain(self._found, 1)
        except ValueError:  # nested too deeply to say anything of a catalog
            return _NOTHING
        return found if isinstance(found, dict) else _NOTHING

    def _finish(self) -> None:
        if self._builder is not None and self._events and len(self._found) < _MOST_PROPERTIES:
            self._found[self._key] = self._builder.value
        self._builder = None


def catalog_among(nodes: Iterable[Mapping[str, object]], names: Names) -> Mapping[str, object]:
    """The properties of the one catalog among some nodes, without its lists; empty where there are none or several."""
    found = [node for node in nodes if "Catalog" in {names.of(word) for word in types_of(node)}]
    if len(found) != 1:
        return _NOTHING
    return {name: value for name, value in found[0].items() if names.of(name) not in _LISTS}
