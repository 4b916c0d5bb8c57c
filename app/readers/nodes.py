"""The datasets of a flat list of nodes: what JSON-LD has under @graph, and what its flattened form is as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from app.foundation.words import N_
from app.readers.around import catalog_among
from app.readers.entries import TABLE_NOTES, Entry, Format, Names, Note, Unreadable, plain, types_of
from app.readers.formats import format_of

_DEEPEST = 4
# So many values are put into one dataset from the nodes that it names; more are no description of it.
_MOST_VALUES = 10_000
ARE_DATASETS = frozenset({"Dataset", "DatasetSeries"})
_ARE_NOT = frozenset(
    {"Catalog", "CatalogRecord", "DataService", "DataCatalog", "Distribution", "Agent", "Organization"}
)
# Properties that refer to something: a plain text in them may be the name of a node. Elsewhere a text is only a text, but
# where the context says that it is a reference.
_REFER = frozenset({
    "publisher", "creator", "contributor", "author", "provider", "rightsHolder", "contactPoint", "agent",
    "qualifiedAttribution", "distribution", "sample", "temporal", "temporalCoverage", "spatial", "spatialCoverage",
    "license", "rights", "accessRights", "accrualPeriodicity", "theme", "language", "format", "mediaType",
    "conformsTo", "describedBy", "provenance", "wasGeneratedBy", "hasQualityMeasurement", "accessService", "checksum",
    "hasPolicy", "recordSet", "field",
})  # fmt: skip
# Nodes that stand for themselves, although nothing names them.
_BESIDE = frozenset({"Catalog", "CatalogRecord"})
_MOST_NAMED = 3

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
    lost = _unnamed(nodes, names)
    around = {
        **_Filled(by_id, names).of(catalog_among(nodes, names)),
        **part,
        **({TABLE_NOTES: [lost]} if lost else {}),
    }
    for row, node in enumerate(found, 1):
        data = _Filled(by_id, names).of(node)
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


def _unnamed(nodes: Iterable[_Node], names: Names) -> Note | None:
    """What to say of the nodes that no other names: they belong to no dataset, and go nowhere."""
    named: set[str] = set()
    for node in nodes:
        named.update(one for one in _references(node, names) if one != node.get("@id"))
    lost = [
        str(node.get("@id") or ", ".join(sorted(types_of(node))) or next(iter(node), ""))
        for node in nodes
        if len(node) > 1
        and str(node.get("@id", "")) not in named
        and not _is_dataset(node, names)
        and not {names.of(word) for word in types_of(node)} & _BESIDE
    ]
    if not lost:
        return None
    more = f" and {len(lost) - _MOST_NAMED:,} more" if len(lost) > _MOST_NAMED else ""
    value = ", ".join(lost[:_MOST_NAMED]) + more
    return Note(
        "@graph", value, N_("no dataset names these nodes"), N_("Let the dataset that they belong to name them.")
    )


def _references(value: object, names: Names, is_reference: bool = False) -> Iterator[str]:
    """Every name of a node in a value, in either form."""
    if isinstance(value, str):
        if is_reference:
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _references(item, names, is_reference)
    elif isinstance(value, dict):
        if set(value) == {"@id"}:
            yield str(value["@id"])
        for name, held in value.items():
            yield from _references(held, names, _refers(name, names))


def _refers(name: str, names: Names) -> bool:
    return name in names.references or names.of(name) in _REFER


class _Filled:
    """Puts the nodes that one node refers to in their place, up to a measure: a few that name each other would fill memory."""

    def __init__(self, by_id: Mapping[str, _Node], names: Names) -> None:
        self._by_id = by_id
        self._names = names
        self._left = _MOST_VALUES

    def of(self, node: Mapping[str, object], above: tuple[str, ...] = (), depth: int = 0) -> _Node:
        """The node with others in the place of references; `above` are those that it stands in."""
        above = (*above, str(node.get("@id", "")))
        return {name: self._value(held, _refers(name, self._names), above, depth) for name, held in node.items()}

    def _value(self, value: object, is_reference: bool, above: tuple[str, ...], depth: int) -> object:
        if depth > _DEEPEST:
            return value
        if isinstance(value, list):
            return [self._value(item, is_reference, above, depth + 1) for item in value]
        if isinstance(value, str):
            found = self._by_id.get(value) if is_reference and value not in above else None
        else:
            found = self._by_id.get(str(value["@id"])) if isinstance(value, dict) and set(value) == {"@id"} else None
        if found is None:
            return value
        size = sum(len(held) if isinstance(held, list) else 1 for held in found.values())
        if size > self._left:
            return value
        self._left -= size
        return self.of(found, above, depth + 1)
