"""Columns that catalogs describe, in the shape of a listing's data dictionary."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields

from app.catalog.answers import Column
from app.exchange.foreign.properties import objects
from app.exchange.foreign.texts import address, one_text, without_markup
from app.foundation.text import clean, clean_line
from app.readers.entries import local_name

MOST_COLUMNS = 500
LONGEST_NAME = 200
_LONGEST_MEANING = 1000
# Where a field remembers the resource that it was found in.
_TABLE = "in table"
_PARTS = tuple(one.name for one in fields(Column))

Row = dict[str, object]


def dictionary_of(value: object) -> list[Row]:
    """The columns in a list of descriptions: fields of record sets and of schemas, variables, bands, or plain names."""
    held: dict[tuple[object, ...], tuple[str, Row]] = {}
    for table, row in _rows(value, 0):
        if row["name"]:
            held.setdefault(tuple(row.items()), (table, row))
        if len(held) >= MOST_COLUMNS:
            break
    times = Counter(row["name"] for _table, row in held.values())
    found: dict[object, Row] = {}
    for table, row in held.values():  # of one name, columns of several tables are told apart by their table
        name = _cut(f"{table}.{row['name']}", LONGEST_NAME) if table and times[row["name"]] > 1 else row["name"]
        found.setdefault(name, {**row, "name": name})
    return list(found.values())


def fields_of(resources: object) -> list[object]:
    """The fields that resources or distributions describe, of all of them."""
    held: list[object] = []
    for resource in objects(resources):
        schema = resource.get("schema")
        described = (
            schema.get("fields") if isinstance(schema, Mapping) else resource.get("field") or resource.get("fields")
        )
        common = _common(schema) | {_TABLE: one_text(resource.get("name") or resource.get("title")) or ""}
        found = described if isinstance(described, list) else []
        held += [{**common, **one} if isinstance(one, Mapping) else one for one in found]
    return held


def _common(schema: object) -> dict[str, object]:
    """What a table schema says of all of its fields: the codes that stand for a missing value."""
    missing = schema.get("missingValues") if isinstance(schema, Mapping) else None
    return {"missingValues": missing} if missing else {}


def _rows(value: object, depth: int, table: str = "") -> Iterator[tuple[str, Row]]:
    """Each column with the table that it is of, where that has a name."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield table, _row(item, "", "", "", "", "")
        elif isinstance(item, Mapping) and depth < 4:
            inner = item.get("field") or item.get("subField") or item.get("fields")
            if isinstance(inner, list | Mapping):
                yield from _rows(inner, depth + 1, table or one_text(item.get("name")) or "")
            else:
                yield str(item.get(_TABLE) or table), _described(item)


def _described(item: Mapping[str, object]) -> Row:
    own = item.get("dictionaryColumn")
    if isinstance(own, Mapping):  # of an export of ours, in the data partner's own words
        return _row(*(one_text(own.get(part)) or "" for part in _PARTS))
    name = one_text(item.get("name") or item.get("title") or item.get("id") or item.get("@id"))
    kinds = item.get("dataType") or item.get("type") or item.get("@type")
    kind = next(iter(kinds), "") if isinstance(kinds, list) else kinds
    unit = one_text(item.get("unit") or item.get("units") or item.get("unitText") or item.get("gee:units"))
    meaning = one_text(item.get("description") or item.get("measurementTechnique")) or ""
    return _row(
        name or "",
        without_markup(clean(meaning)),
        local_name(address(kind) or one_text(kind) or ""),
        unit or "",
        ", ".join(_values(item)),
        ", ".join(_codes(item.get("missingValues"))),
    )


def _values(item: Mapping[str, object]) -> list[str]:
    """The values that a table schema allows, with their labels."""
    rules = item.get("constraints")
    return _codes(item.get("categories") or (rules.get("enum") if isinstance(rules, Mapping) else None))


def _codes(value: object) -> list[str]:
    """Values as they are written: plain ones, or pairs of a value and its label."""
    found = []
    for one in value if isinstance(value, list) else []:
        label = one_text(one.get("label")) if isinstance(one, Mapping) else ""
        code = one.get("value") if isinstance(one, Mapping) else one
        if isinstance(code, str | int | float) and str(code):
            found.append(f"{code} = {label}" if label and label != str(code) else str(code))
    return found


def _row(name: str, meaning: str, kind: str, unit: str, values: str, missing: str) -> Row:
    """A column; what its source has no word for at all is left out, where listings had no field for it either."""
    row: Row = {
        "name": _cut(name, LONGEST_NAME),
        "meaning": _cut(meaning, _LONGEST_MEANING),
        "type": "" if kind == "PropertyValue" else _cut(kind, LONGEST_NAME),
        "unit": _cut(unit, LONGEST_NAME),
    }
    more = {"values": _cut(values, _LONGEST_MEANING), "missing": _cut(missing, LONGEST_NAME)}
    return row | {part: text for part, text in more.items() if text}


def _cut(text: str, longest: int) -> str:
    return clean_line(text)[:longest].rstrip()
