"""The datasets of a flat list of nodes: what JSON-LD has under @graph, and what its flattened form is as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from app.foundation.words import N_
from app.readers.around import catalog_among
from app.readers.entries import Entry, Format, Names, Unreadable, plain, types_of
from app.readers.formats import format_of

_DEEPEST = 4
# So many values are put into one dataset from the nodes that it names; more are no description of it.
_MOST_VALUES = 10_000
ARE_DATASETS = frozenset({"Dataset", "DatasetSeries"})
_ARE_NOT = frozenset(
    {"Catalog", "CatalogRecord", "DataService", "DataCatalog", "Distribution", "Agent", "Organization"}
)

_WHOLE: Mapping[str, object] = MappingProxyType({})

_Node = dict[str, object]


def entries_among(items: Iterable[object], names: Names, part: Mapping[str, object] = _WHOLE) -> Iterator[Entry]:
    """One entry per dataset, with the nodes that it names put in their place.

    Raises:
        Unreadable: none of the nodes is a dataset.
    """
    nodes = [names.with_keywords(node) for item in items if isinstance(node := plain(item), dict)]
    nodes += [nested for node in nodes for nested in _nested(node, names)]
    by_id = {str(node["@id"]): node for node in nodes if node.get("@id") and len(node) > 1}
    found = [node for node in nodes if _is_dataset(node, names)]
    if not found:
        raise Unreadable(N_("The JSON-LD describes no dataset."), N_("Give each dataset the type dcat:Dataset."))
    around = {**_Filled(by_id).of(catalog_among(nodes, names)), **part}
    for row, node in enumerate(found, 1):
        data = _Filled(by_id).of(node)
        known = format_of(data, names)
        yield Entry(row, data, "", Format.DCAT if known is Format.TABLE else known, names, catalog=around)


def _nested(node: Mapping[str, object], names: Names) -> Iterator[_Node]:
    """The datasets that stand inside a catalog, and inside the catalogs in it."""
    for name, held in node.items():
        plainly = names.of(name)
        for item in (held if isinstance(held, list) else [held]) if plainly in ("dataset", "catalog") else ():
            if isinstance(item, dict) and len(item) > 1:
                if plainly == "dataset":
                    yield item
                else:
                    yield from _nested(item, names)


def _is_dataset(node: Mapping[str, object], names: Names) -> bool:
    types = {names.of(word) for word in types_of(node)}
    has_title = any(names.of(name) == "title" for name in node)
    return bool(types & ARE_DATASETS) or (not types & _ARE_NOT and not types and has_title and len(node) > 2)


class _Filled:
    """Puts the nodes that one node refers to in their place, up to a measure: a few that name each other would fill memory."""

    def __init__(self, by_id: Mapping[str, _Node]) -> None:
        self._by_id = by_id
        self._left = _MOST_VALUES

    def of(self, node: Mapping[str, object], depth: int = 0) -> _Node:
        """The node with others in the place of references."""
        return {name: self._value(held, depth) for name, held in node.items()}

    def _value(self, value: object, depth: int) -> object:
        if depth > _DEEPEST:
            return value
        if isinstance(value, list):
            return [self._value(item, depth + 1) for item in value]
        if isinstance(value, dict) and set(value) == {"@id"} and str(value["@id"]) in self._by_id:
            node = self._by_id[str(value["@id"])]
            size = sum(len(held) if isinstance(held, list) else 1 for held in node.values())
            if size <= self._left:
                self._left -= size
                return self.of(node, depth + 1)
        return value
