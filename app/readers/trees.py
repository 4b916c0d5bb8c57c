"""Reads a catalog from JSON as a stream: JSON-LD in its usual shapes, and the plain JSON that portals publish."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

import ijson

from app.foundation.words import N_
from app.readers.entries import DEEPEST, Entry, Names, Unreadable, local_name, plain

# Where the list of datasets stands, best first.
_LISTS = ("dataset", "datasets", "@graph", "results", "packages")
# What the parser raises for a document that is none; a number such as 1e9999999999 is arithmetic to it.
_BROKEN = (ijson.JSONError, UnicodeError, ValueError, ArithmeticError)
# The parser takes in this much before depth can be looked at, and depth costs it the square of it.
_PART = 4096
_ARE_DATASETS = frozenset({"Dataset", "DatasetSeries"})
_ARE_NOT = frozenset(
    {"Catalog", "CatalogRecord", "DataService", "DataCatalog", "Distribution", "Agent", "Organization"}
)


@dataclass
class _Survey:
    """What a first pass over the document learns: its context, and each place where datasets can be."""

    names: Names = field(default_factory=Names)
    places: list[tuple[str, str, bool]] = field(default_factory=list)
    is_list: bool = False


def read_tree(file: IO[bytes]) -> Iterator[Entry]:
    """One entry per dataset, in the order of the file. The document is read twice, and never held whole.

    Raises:
        Unreadable: it is no JSON, too deep, or holds no list of datasets.
    """
    survey = _surveyed(file)
    file.seek(0)
    found = [place for wanted in _LISTS for place in survey.places if place[0] == wanted]
    graph = next((place for place in found if place[0] == "@graph"), None)
    if graph and all(path == graph[1] or path.startswith(f"{graph[1]}.") for _name, path, _many in found):
        return _of_graph(file, f"{graph[1]}.item", survey.names)
    if found:
        _name, path, is_array = found[0]
        return _of_list(file, f"{path}.item" if is_array else path, survey.names)
    return _of_list(file, "item", survey.names) if survey.is_list else _single(file, survey.names)


def _surveyed(file: IO[bytes]) -> _Survey:
    survey, depth, inside = _Survey(), 0, ""
    builder: ijson.ObjectBuilder | None = None
    key = ("", "")
    try:
        for prefix, event, value in ijson.parse(file, buf_size=_PART):
            if builder is not None and (prefix == inside or prefix.startswith(f"{inside}.")):
                builder.event(event, value)
                continue
            if builder is not None:
                survey.names.learn(builder.value)
                builder = None
            if event in ("start_map", "start_array"):
                depth = _deeper(depth)
                survey.is_list |= prefix == "item" and event == "start_map"
                _note_place(survey, prefix, key, event)
                if key[1] == "@context" and prefix == key[0] and depth <= 3:
                    builder, inside = ijson.ObjectBuilder(), prefix
                    builder.event(event, value)
                    depth -= 1
            elif event in ("end_map", "end_array"):
                depth -= 1
            key = (f"{prefix}.{value}" if prefix else str(value), str(value)) if event == "map_key" else ("", "")
    except _BROKEN as error:
        raise _no_json(error) from error
    return survey


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise Unreadable(
            f"The JSON is nested more than {DEEPEST} levels deep.", N_("Export the catalog as plain DCAT JSON.")
        )
    return depth + 1


def _note_place(survey: _Survey, prefix: str, key: tuple[str, str], event: str) -> None:
    name = survey.names.of(key[1]) if key[1] else ""
    if name in _LISTS and prefix == key[0] and len(survey.places) < 50:
        survey.places.append((name, prefix, event == "start_array"))


def _no_json(error: Exception) -> Unreadable:
    found = re.search(r"(?:lexical|parse) error: ([^.{\[\\\"]+)", str(error))
    said = " ".join(found[1].split())[:80] if found else "malformed"
    return Unreadable(
        f"The file begins like JSON, but cannot be read to its end ({said}).",
        N_("Check it with a JSON validator, or export the catalog again in UTF-8."),
    )


def _items(file: IO[bytes], path: str) -> Iterator[object]:
    try:
        yield from ijson.items(file, path)
    except _BROKEN as error:
        raise _no_json(error) from error


def _of_list(file: IO[bytes], path: str, names: Names) -> Iterator[Entry]:
    for row, item in enumerate(_items(file, path), 1):
        yield _entry(row, item, names)


def _entry(row: int, item: object, names: Names) -> Entry:
    if not isinstance(item, Mapping):
        return Entry(row, None, f"is {_kind(item)}, not a dataset with a title")
    if "@context" in item:
        names.learn(item["@context"])
    data = plain(item, names)
    return Entry(row, data if isinstance(data, dict) else {})


def _single(file: IO[bytes], names: Names) -> Iterator[Entry]:
    """A document that is one dataset, such as a portal's page gives."""
    item = next(_items(file, ""), None)
    data = plain(item, names) if isinstance(item, Mapping) else None
    if isinstance(data, dict) and _types(data) & _ARE_DATASETS:
        return iter([Entry(1, data)])
    raise Unreadable(
        N_("The JSON holds no list of datasets."),
        N_("A DCAT catalog has one under “dataset”, a JSON-LD document under “@graph”."),
    )


def _of_graph(file: IO[bytes], path: str, names: Names) -> Iterator[Entry]:
    """The datasets of a flat list of nodes, with the nodes that they name put in their place."""
    nodes = [node for item in _items(file, path) if isinstance(node := plain(item, names), dict)]
    nodes += [nested for node in nodes for nested in _nested(node)]
    by_id = {str(node["@id"]): node for node in nodes if node.get("@id") and len(node) > 1}
    found = [node for node in nodes if _is_dataset(node)]
    if not found:
        raise Unreadable(N_("The JSON-LD describes no dataset."), N_("Give each dataset the type dcat:Dataset."))
    for row, node in enumerate(found, 1):
        yield Entry(row, {name: _resolved(value, by_id, 0) for name, value in node.items()})


def _nested(node: Mapping[str, object]) -> Iterator[dict[str, object]]:
    held = node.get("dataset")
    for item in held if isinstance(held, list) else [held]:
        if isinstance(item, dict) and len(item) > 1:
            yield item


def _is_dataset(node: Mapping[str, object]) -> bool:
    types = _types(node)
    return bool(types & _ARE_DATASETS) or (not types & _ARE_NOT and not types and "title" in node and len(node) > 2)


def _types(node: Mapping[str, object]) -> set[str]:
    raw = node.get("@type") or node.get("type")
    return {local_name(str(item)) for item in (raw if isinstance(raw, list) else [raw]) if item}


def _resolved(value: object, by_id: Mapping[str, dict[str, object]], depth: int) -> object:
    if depth > 4:
        return value
    if isinstance(value, list):
        return [_resolved(item, by_id, depth + 1) for item in value]
    if isinstance(value, dict) and set(value) == {"@id"} and str(value["@id"]) in by_id:
        node = by_id[str(value["@id"])]
        return {name: _resolved(held, by_id, depth + 1) for name, held in node.items()}
    return value


def _kind(value: object) -> str:
    names = {str: "text", bool: "yes or no", list: "a list", type(None): "empty"}
    return names.get(type(value), "a number")
