"""Reads catalogs from JSON as a stream: JSON-LD in its usual shapes, what portals answer, and single datasets."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

import ijson

from app.foundation.words import N_
from app.readers.around import Around
from app.readers.entries import DEEPEST, Entry, Format, Names, Unreadable, local_name, plain_node, types_of
from app.readers.formats import format_of, is_single
from app.readers.nodes import ARE_DATASETS, entries_among
from app.readers.parts import Parts
from app.readers.stac import GIVE_COLLECTION, ONE_ITEM, is_item, refuse_items, refuse_no_collection

# Where the list of datasets stands, best first, and what its rows are when nothing else says so.
_LISTS: dict[str, Format] = {
    "dataset": Format.DCAT,
    "datasets": Format.DCAT,
    "@graph": Format.DCAT,
    "collections": Format.STAC,
    "results": Format.CKAN,
    "packages": Format.CKAN,
    "result": Format.CKAN,
}
# What the parser raises for a document that is none; a number such as 1e9999999999 is arithmetic to it.
_BROKEN = (ijson.JSONError, UnicodeError, ValueError, ArithmeticError)
# The parser takes in this much before depth can be looked at, and depth costs it the square of it.
_PART = 4096
_MOST_PLACES = 50
_LONGEST_LOOK = 64 * 1024
# A catalog that stands inside another one, on the way to a place.
_INNER_CATALOG = re.compile(r"(?:^|[.:/#])catalog(?:\.item)?\.")


@dataclass
class _Survey:
    """What a first pass over the document learns: its context, each place where datasets can be, what its top is."""

    names: Names = field(default_factory=Names)
    places: list[tuple[str, str, bool]] = field(default_factory=list)
    is_list: bool = False
    # The names at the top, or in the first item of a list there; with what they hold where that is a word.
    top: dict[str, object] = field(default_factory=dict)
    last: str = ""
    is_noted: bool = False
    around: Around = field(default_factory=lambda: Around(_LISTS.keys()))
    parts: Parts = field(default_factory=Parts)
    # Of a list: whether it holds nodes that are no datasets, to which those that are refer.
    is_flat: bool = False


def read_tree(file: IO[bytes]) -> Iterator[Entry]:
    """One entry per dataset, in the order of the file. The document is read twice, and never held whole.

    Raises:
        Unreadable: it is no JSON, too deep, or holds no list of datasets.
    """
    survey = _surveyed(file)
    file.seek(0)
    if not survey.is_list:
        refuse_items(survey.top)
    if not survey.is_list and is_single(survey.top, survey.names):
        return _single(file, survey.names)
    if survey.is_flat and not any(name == "@graph" for name, _path, _many in survey.places):
        return entries_among(_items(file, "item"), survey.names)
    place = _best(survey)
    if place is None:
        return (
            _of_lists(file, ["item"], survey.names, Format.TABLE, {}) if survey.is_list else _single(file, survey.names)
        )
    name, path, is_array = place
    if name == "result" and is_array and isinstance(next(_items(file, f"{path}.item"), None), str):
        raise Unreadable(
            N_("This is a list of names without their datasets."), N_("Save the answer of package_search instead.")
        )
    file.seek(0)
    if name == "@graph":
        return entries_among(_items(file, f"{path}.item"), survey.names, survey.parts.of(path))
    catalog: dict[str, object] = {} if survey.is_list else dict(survey.around.properties)
    inner = _in_catalogs(survey)
    paths = dict.fromkeys([_items_at(path, is_array), *(_items_at(*held) for held in inner)])
    return _of_lists(file, paths, survey.names, _LISTS[name], catalog | survey.parts.of(path, *dict(inner)))


def _items_at(path: str, is_array: bool) -> str:
    return f"{path}.item" if is_array else path


def _in_catalogs(survey: _Survey) -> list[tuple[str, bool]]:
    """Where the datasets of the catalogs inside a catalog stand."""
    return [(path, many) for name, path, many in survey.places if name == "dataset" and _INNER_CATALOG.search(path)]


def _best(survey: _Survey) -> tuple[str, str, bool] | None:
    """The place nearest to the top; of several, the one whose name is surest."""
    places = survey.places
    if survey.is_list:
        # A list of datasets holds them itself; only a list with a catalog or a graph in it holds them further down.
        holds = survey.top.keys() & {"title", "name", "identifier", "id"} or types_of(survey.top) & ARE_DATASETS
        places = [] if holds else [place for place in places if place[0] in ("dataset", "@graph")]
    order = list(_LISTS)
    # CKAN answers {"result": {"results": […]}}: what is inside counts.
    inner = {path.rpartition(".")[0] for name, path, _many in places if name in ("results", "datasets", "packages")}
    fitting = [place for place in places if place[1] not in inner]
    return min(fitting, key=lambda place: (place[1].count(".item"), order.index(place[0])), default=None)


def _surveyed(file: IO[bytes]) -> _Survey:
    survey, depth, inside = _Survey(), 0, ""
    builder: ijson.ObjectBuilder | None = None
    key, is_array = ("", ""), file.read(_PART).lstrip()[:1] == b"["
    file.seek(0)
    try:
        for prefix, event, value in ijson.parse(file, buf_size=_PART):
            survey.around.see(prefix, event, value, survey.names)
            survey.parts.see(prefix, event, value, survey.names)
            survey.is_flat |= is_array and event == "string" and _is_beside(prefix, str(value), survey.names)
            if builder is not None and (prefix == inside or prefix.startswith(f"{inside}.")):
                builder.event(event, value)
                continue
            if builder is not None:
                survey.names.learn(builder.value)
                builder = None
            if event in ("start_map", "start_array"):
                depth = _deeper(depth)
                survey.is_list |= event == "start_map" and prefix == "item" and is_array
                _note_place(survey, prefix, key, event)
                if key[1] == "@context" and prefix == key[0] and depth <= 3:
                    builder, inside = ijson.ObjectBuilder(), prefix
                    builder.event(event, value)
                    depth -= 1
            elif event in ("end_map", "end_array"):
                depth -= 1
            elif event != "map_key" and key[1] == "@context" and depth == 1:
                survey.names.learn(value)
            _note_top(survey, event, value, key, depth)
            key = (f"{prefix}.{value}" if prefix else str(value), str(value)) if event == "map_key" else ("", "")
    except _BROKEN as error:
        raise _no_json(error) from error
    return survey


def _is_beside(prefix: str, word: str, names: Names) -> bool:
    """Whether a word in a list's item tells that it is a node beside the datasets, or one that others refer to."""
    key = names.of(prefix.removeprefix("item.").removesuffix(".item")) if prefix.startswith("item.") else ""
    return (key == "@type" and local_name(word) not in ARE_DATASETS) or (key == "@id" and word.startswith("_:"))


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise Unreadable(
            f"The JSON is nested more than {DEEPEST} levels deep.", N_("Export the catalog as plain DCAT JSON.")
        )
    return depth + 1


def _note_place(survey: _Survey, prefix: str, key: tuple[str, str], event: str) -> None:
    name = survey.names.of(key[1]) if key[1] else ""
    if name in _LISTS and prefix == key[0] and len(survey.places) < _MOST_PLACES:
        survey.places.append((name, prefix, event == "start_array"))


def _note_top(survey: _Survey, event: str, value: object, key: tuple[str, str], depth: int) -> None:
    """Remember what stands at the top, as far as it tells what the document is: names, words, and lists of words."""
    level = 2 if survey.is_list else 1
    survey.is_noted |= event == "end_map" and depth < level
    if survey.is_noted or event in ("map_key", "end_map", "end_array"):
        return
    if event in ("start_map", "start_array") and depth == level + 1 and key[1]:
        survey.top[key[1]], survey.last = {} if event == "start_map" else [], key[1]
    elif depth == level and key[1]:
        survey.top[key[1]] = value
    elif event == "string" and depth == level + 1 and isinstance(words := survey.top.get(survey.last), list):
        words.append(value)


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


def _of_lists(
    file: IO[bytes], paths: Iterable[str], names: Names, otherwise: Format, catalog: Mapping[str, object]
) -> Iterator[Entry]:
    row = 0
    for path in paths:
        file.seek(0)
        for item in _items(file, path):
            row += 1
            entry = entry_of(row, item, names, otherwise)
            yield replace(entry, catalog=catalog) if catalog else entry


def entry_of(row: int, item: object, names: Names, otherwise: Format = Format.TABLE) -> Entry:
    """One item of a list as an entry, in the format that it is written in."""
    if not isinstance(item, Mapping):
        return Entry(row, None, f"is {_kind(item)}, not a dataset with a title")
    if "@context" in item:
        names = Names(item["@context"])
    try:
        data = names.with_keywords(plain_node(item))
    except ValueError:
        return Entry(row, None, f"is nested more than {DEEPEST} levels deep")
    if is_item(data):
        return Entry(row, None, ONE_ITEM, Format.STAC, names, GIVE_COLLECTION, value=str(data.get("id", "")))
    found = format_of(data, names)
    return Entry(row, data, "", otherwise if found is Format.TABLE else found, names)


def _single(file: IO[bytes], names: Names) -> Iterator[Entry]:
    """A document that is one dataset, such as a portal's page gives."""
    item = next(_items(file, ""), None)
    if isinstance(item, Mapping) and is_single(data := names.with_keywords(plain_node(item)), names):
        return iter([Entry(1, data, "", format_of(data, names), names)])
    if isinstance(item, Mapping):
        refuse_no_collection(item)
    _require_strict(file)
    raise Unreadable(
        N_("The JSON holds no list of datasets."),
        N_("A DCAT catalog has one under “dataset”, a JSON-LD document under “@graph”."),
    )


def _require_strict(file: IO[bytes]) -> None:
    """Say so where a short document without datasets is no JSON either: the parser lets a form feed pass."""
    file.seek(0)
    data = file.read(_LONGEST_LOOK + 1)
    try:
        if len(data) <= _LONGEST_LOOK:
            json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _no_json(error) from error


def _kind(value: object) -> str:
    names = {str: "text", bool: "yes or no", list: "a list", type(None): "empty"}
    return names.get(type(value), "a number")
