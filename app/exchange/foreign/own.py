"""Entries that a catalog of this product wrote: read back field by field, so that nothing changes on the way.

DCAT alone would change some: lists lose their order in RDF, codes become the nearest concept of a table that others know.
Terms of our own (`app.exchange.exports.own_terms`) hold exactly what a listing says, and count before what DCAT says of the
same. All of it is read as anything foreign is: what has not the shape of its field is left out.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from app.catalog.answers import Column
from app.catalog.commands.sampling import LONGEST_CELL, SHOWN_COLUMNS, SHOWN_ROWS
from app.catalog.commands.writing import TYPE_OF_MODE
from app.catalog.models import Dataset
from app.catalog.profiles import persons_kept
from app.catalog.profiles.shapes import profile_of
from app.exchange.foreign.places import country_code
from app.exchange.foreign.values import web_address
from app.foundation.base import JSONObject
from app.foundation.text import clean, clean_line
from app.readers import Entry
from app.readers.entries import types_of
from app.rules.vocabulary import WORLD, AccessMode, Frequency, Sensitivity, Theme, Visibility

_PREFIXES = ("onepact:", "urn:onepact:terms:")
_MOST = 500
# What is kept of the rows of a sample.
OF_SAMPLE = ("sample", "profile")
_WIDEST = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.NAMED)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Own:
    """What only our own exports say: values by column of a listing, and what stands beside its row.

    `reference` and `mark` find a listing again that has no identifier of its publisher's.
    """

    title: str = ""
    description: str = ""
    reference: str = ""
    mark: str = ""
    columns: Mapping[str, object] = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    conditions: Mapping[str, object] = field(default_factory=dict)
    visibility: Visibility = Visibility.PUBLIC
    carried: JSONObject = field(default_factory=dict)

    @cached_property
    def persons(self) -> tuple[str, ...]:
        """The columns of its sample that look as if they named persons: no import shows those, for nobody checks it."""
        sample, profile = (_mapping(self.columns.get(name)) for name in OF_SAMPLE)
        return persons_kept(sample, profile)

    def is_in(self, dataset: Dataset) -> bool:
        """Whether the listing says all of it already. Countries, themes and conditions must be loaded."""
        return (
            (self.title, self.description) == (dataset.title, dataset.description)
            and all(getattr(dataset, name) == value for name, value in self.columns.items())
            and sorted(self.themes) == sorted(row.theme for row in dataset.themes)
            and sorted(self.countries) == sorted(row.country for row in dataset.countries)
            and dict(self.conditions) == {row.parameter: row.value.get("value") for row in dataset.conditions}
            and self.carried == dataset.foreign
        )


def own_of(entry: Entry) -> Own | None:
    """What an entry of ours says; None for one that is not."""
    if entry.data is None or "Listing" not in types_of(entry.data):
        return None
    said = {name.removeprefix(prefix): value for name, value in entry.data.items() for prefix in _PREFIXES
            if name.startswith(prefix)}  # fmt: skip
    exact = _json(said.get("listing"))
    if not isinstance(exact, dict):
        return None
    mode = _one(AccessMode, exact.get("access_mode"))
    return Own(
        title=_line(_plain(entry, "title")),
        description=clean(_plain(entry, "description")),
        reference=_line(said.get("reference")) if exact.get("identifier") is None else "",
        mark=_line(said.get("mark")),
        columns=_columns(said, exact)
        | {"access_mode": mode, "collaborative_type": TYPE_OF_MODE[mode] if mode else None},
        themes=tuple(theme for theme in _lines(exact.get("themes")) if theme in set(Theme)),
        countries=tuple(code for code in _lines(exact.get("countries")) if code == WORLD or country_code(code) == code),
        conditions=_mapping(exact.get("conditions")),
        visibility=_one(Visibility, said.get("visibility")) or Visibility.PUBLIC,
        carried=_mapping(_json(said.get("carried"))),
    )


def narrower(one: Visibility, other: Visibility) -> Visibility:
    """The one of two that shows a listing to fewer: what comes in is never opened wider than its new home opens things."""
    return max(one, other, key=_WIDEST.index)


def _columns(said: Mapping[str, object], exact: Mapping[str, object]) -> dict[str, object]:
    return {
        **{column: _line(said.get(term)) for column, term in _SAID.items()},
        **{column: _line(exact.get(term)) for column, term in _EXACT.items()},
        **{column: _lines(exact.get(column)) for column in _LISTS},
        "landing_page": web_address(exact.get("landing_page")),
        "delivery_steps": clean(_text(said.get("deliverySteps"))),
        "dictionary": _dictionary(_json(said.get("dictionary"))),
        "sample": _sample(_json(said.get("sample"))),
        "profile": _profile(_json(said.get("profile"))),
        "frequency": _one(Frequency, exact.get("frequency")) or Frequency.UNKNOWN,
        "sensitivity": _one(Sensitivity, exact.get("sensitivity")),
    }


_SAID = {"summary": "summary", "unit": "unit", "size": "size", "spatial_resolution": "finestArea"}
_EXACT = {"publisher": "publisher", "contact": "contact", "license_text": "license"}
_LISTS = ("keywords", "languages", "good_for", "not_good_for")


def _plain(entry: Entry, term: str) -> str:
    """The text without a language: the others are what another catalog said in further languages."""
    held = next((value for name, value in (entry.data or {}).items() if entry.names.of(name) == term), None)
    return next((item for item in (held if isinstance(held, list) else [held]) if isinstance(item, str)), "")


def _json(value: object) -> object:
    """A JSON value as JSON-LD has it, or as the text that RDF has."""
    if isinstance(value, Mapping) and "@value" in value:
        value = value["@value"]
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


def _dictionary(value: object) -> list[JSONObject]:
    rows = [row for row in value[:_MOST] if isinstance(row, Mapping)] if isinstance(value, list) else []
    return [{one.name: _line(row[one.name]) for one in fields(Column) if one.name in row} for row in rows]


def _sample(value: object) -> JSONObject | None:
    if not isinstance(value, Mapping):
        return None
    heads, rows = _lines(value.get("heads")), value.get("rows")
    cells = [_cells(row) for row in rows[:SHOWN_ROWS]] if isinstance(rows, list) else []
    if not heads or any(len(row) != len(heads) for row in cells):
        return None
    return {
        "heads": [head[:LONGEST_CELL] for head in heads[:SHOWN_COLUMNS]],
        "rows": [[cell[:LONGEST_CELL] for cell in row[:SHOWN_COLUMNS]] for row in cells],
        "is_synthetic": value.get("is_synthetic") is True,
    }


def _profile(value: object) -> JSONObject | None:
    try:
        found = profile_of(value) if isinstance(value, Mapping) else None
    except ValueError:
        return None
    return found.to_json() if found else None


def _cells(row: object) -> list[str]:
    return [clean(cell) for cell in row if isinstance(cell, str)] if isinstance(row, list) else []


def _mapping(value: object) -> JSONObject:
    return {str(name): held for name, held in value.items()} if isinstance(value, Mapping) else {}


def _lines(value: object) -> list[str]:
    items = value if isinstance(value, list) else []
    return [line for item in items[:_MOST] if isinstance(item, str) and (line := clean_line(item))]


def _line(value: object) -> str:
    return clean_line(_text(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _one(kind: Callable[[str], E], value: object) -> E | None:
    try:
        return kind(value) if isinstance(value, str) else None
    except ValueError:
        return None
