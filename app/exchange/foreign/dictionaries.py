"""Columns that catalogs describe, in the shape of a listing's data dictionary."""

from collections.abc import Iterator, Mapping

from app.exchange.foreign.properties import objects
from app.exchange.foreign.texts import address, one_text, without_markup
from app.foundation.text import clean, clean_line
from app.readers.entries import local_name

MOST_COLUMNS = 500
_LONGEST_NAME = 200
_LONGEST_MEANING = 1000

Row = dict[str, object]


def dictionary_of(value: object) -> list[Row]:
    """The columns in a list of descriptions: fields of record sets and of schemas, variables, bands, or plain names."""
    found: dict[str, Row] = {}
    for row in _rows(value, 0):
        if row["name"]:
            found.setdefault(str(row["name"]), row)
        if len(found) >= MOST_COLUMNS:
            break
    return list(found.values())


def fields_of(resources: object) -> list[object]:
    """The fields that resources or distributions describe, of all of them."""
    held: list[object] = []
    for resource in objects(resources):
        schema = resource.get("schema")
        fields = (
            schema.get("fields") if isinstance(schema, Mapping) else resource.get("field") or resource.get("fields")
        )
        held += fields if isinstance(fields, list) else []
    return held


def _rows(value: object, depth: int) -> Iterator[Row]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield _row(item, "", "", "")
        elif isinstance(item, Mapping) and depth < 4:
            inner = item.get("field") or item.get("subField") or item.get("fields")
            if isinstance(inner, list | Mapping):
                yield from _rows(inner, depth + 1)
            else:
                yield _described(item)


def _described(item: Mapping[str, object]) -> Row:
    name = one_text(item.get("name") or item.get("title") or item.get("id") or item.get("@id"))
    kinds = item.get("dataType") or item.get("type") or item.get("@type")
    kind = next(iter(kinds), "") if isinstance(kinds, list) else kinds
    unit = one_text(item.get("unit") or item.get("units") or item.get("unitText") or item.get("gee:units"))
    meaning = one_text(item.get("description") or item.get("measurementTechnique")) or ""
    return _row(
        name or "", local_name(address(kind) or one_text(kind) or ""), unit or "", without_markup(clean(meaning))
    )


def _row(name: str, kind: str, unit: str, meaning: str) -> Row:
    return {
        "name": _cut(name, _LONGEST_NAME),
        "meaning": _cut(meaning, _LONGEST_MEANING),
        "type": "" if kind == "PropertyValue" else _cut(kind, _LONGEST_NAME),
        "unit": _cut(unit, _LONGEST_NAME),
    }


def _cut(text: str, longest: int) -> str:
    return clean_line(text)[:longest].rstrip()
