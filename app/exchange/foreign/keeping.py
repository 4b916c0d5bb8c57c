"""What an import carried beyond the fields of a listing, kept so that an export can put it back.

`Dataset.foreign` is one JSON object of this shape. It is read with `Kept.of(dataset.foreign)` and written with `to_json`:

    {"format": "dcat",
     "context": {"dct": "http://purl.org/dc/terms/"},
     "kept": {"dct:issued": "2020-01-31", "dcat:distribution": [{"dcat:downloadURL": {"@id": "https://…"}}]},
     "fuller": {"publisher": {"name": "dct:publisher", "value": {"foaf:name": "Acme", …}, "read": "Acme"}}}

* `format`: a value of `app.readers.Format`; what the names in `kept` and `fuller` mean.
* `context`: JSON-LD alone, the document's own `@context` as it stood: an object, an address, or a list of both. With it
  `kept` is JSON-LD. Of a long one only the prefixes are kept.
* `kept`: each property that has no field here. Put it back as it is.
* `fuller`: by field of the listing, the property that the field was read from, where it says more than the field holds
  (several languages, an address beside a name, markup, a code of another list). `read` is what the field got from it.
  Put `value` back while the field still equals `read`; where somebody has changed the field since, write the field and
  leave `value` out.
* `placed`: the countries that were read from the title, as the catalog says no place; left out where there are none. They
  stand while the listing has just these: whatever a person says instead stays.
* `said`: by column of the listing, a mark of the value that the catalog gave it. With it, what came from the catalog is told
  from what a person wrote, once the catalog says nothing of it any more. Listings from before this was kept have none.
* A property that a field holds exactly is in neither: the field is its only copy.
* A field may also be read from a property that says other things besides (the period in STAC's `extent`, the columns in a
  package's `resources`): that property stands in `kept`.

Names are as they stood: with their prefix in JSON-LD, as full addresses where they came from Turtle or RDF/XML (then values
are expanded JSON-LD: `{"@id": …}`, `{"@value": …, "@language": …}`, `{"@value": …, "@type": …}` or plain text), the header's
words for a column of a table. Values are what JSON has, with their own types; texts are in NFC, without control characters.
A number that no database stores (beyond 30 digits) is text.

Fields, and what `read` holds for each (`app.exchange.foreign.terms.FIELDS`; `values_of` makes them of a listing): identifier,
title, description, publisher, contact, license, landing_page, release, spatial_resolution: text · keywords, themes,
countries, languages: list of texts · frequency: a value of `Frequency` · coverage: `2015-01-01/2015-12-31`, either side may
be empty, text · dictionary: list of {name, type, unit, meaning}.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.hashing import sha256_hex
from app.rules.vocabulary import Frequency

Value = object
_LENGTH_OF_MARK = 16


@dataclass(frozen=True)
class Fuller:
    """A property that says more than the field that was read from it."""

    name: str
    value: Value
    read: Value


@dataclass(frozen=True)
class Kept:
    """What stands beside the fields of one imported listing; see the shape above."""

    format: str = ""
    context: Value = None
    kept: Mapping[str, Value] = field(default_factory=dict)
    fuller: Mapping[str, Fuller] = field(default_factory=dict)
    placed: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Value]) -> "Kept":
        """What is stored. Listings that came in before formats were told apart have their properties alone."""
        if "format" not in stored or not isinstance(stored.get("kept"), Mapping):
            return cls(kept=dict(stored))
        fuller = {field: _fuller(held) for field, held in _mapping(stored.get("fuller")).items()}
        said = {column: str(mark) for column, mark in _mapping(stored.get("said")).items()}
        return cls(
            str(stored["format"]), stored.get("context"), _mapping(stored["kept"]), fuller, placed_in(stored), said
        )

    def to_json(self) -> JSONObject:
        """As it is stored; empty parts are left out."""
        written: JSONObject = {"format": self.format, "kept": dict(self.kept)}
        if self.context is not None:
            written["context"] = self.context
        if self.fuller:
            written["fuller"] = {
                field: {"name": held.name, "value": held.value, "read": held.read}
                for field, held in self.fuller.items()
            }
        if self.placed:
            written["placed"] = list(self.placed)
        if self.said:
            written["said"] = dict(self.said)
        return written

    def put_back(self, fields: Mapping[str, Value]) -> dict[str, Value]:
        """Everything that goes back under its own name, given the listing's fields as they are now."""
        unchanged = {held.name: held.value for field, held in self.fuller.items() if fields.get(field) == held.read}
        return {**self.kept, **unchanged}


def is_said(value: Value) -> bool:
    """Whether a value of a listing says anything: an unknown rhythm is nothing."""
    return bool(value) and value is not Frequency.UNKNOWN


def mark(value: Value) -> str:
    """A short mark of a value, by which it is known again."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    return sha256_hex(written.encode())[:_LENGTH_OF_MARK]


def came_in(stored: Mapping[str, Value], column: str, value: Value) -> bool:
    """Whether what a listing says is what a catalog said when it was last read, and nobody has written it since."""
    return _mapping(stored.get("said")).get(column) == mark(value)


def values_of(dataset: Dataset) -> dict[str, Value]:
    """The listing's fields as `put_back` compares them with what was read. Countries and themes must be loaded."""
    return {
        "identifier": dataset.identifier or "",
        "title": dataset.title,
        "description": dataset.description,
        "publisher": dataset.publisher,
        "keywords": list(dataset.keywords),
        "themes": [row.theme for row in dataset.themes],
        "countries": [row.country for row in dataset.countries],
        "coverage": coverage(dataset.coverage_start, dataset.coverage_end),
        "frequency": dataset.frequency.value,
        "languages": list(dataset.languages),
        "contact": dataset.contact,
        "license": dataset.license_text,
        "landing_page": dataset.landing_page,
        "release": dataset.release,
        "spatial_resolution": dataset.spatial_resolution,
        "dictionary": dataset.dictionary,
    }


def coverage(start: date | None, end: date | None) -> str:
    """A period as it is compared; empty where neither day is known."""
    return f"{start or ''}/{end or ''}" if start or end else ""


def placed_in(stored: Mapping[str, Value]) -> tuple[str, ...]:
    """The countries of what is stored that were read from the title."""
    held = stored.get("placed")
    return tuple(code for code in held if isinstance(code, str)) if isinstance(held, list) else ()


def is_placed_by_title(dataset: Dataset) -> bool:
    """Whether the listing's countries are those that were read from its title. Countries must be loaded."""
    placed = placed_in(dataset.foreign)
    return bool(placed) and placed == tuple(row.country for row in dataset.countries)


def _mapping(value: Value) -> dict[str, Value]:
    return dict(value) if isinstance(value, Mapping) else {}


def _fuller(value: Value) -> Fuller:
    held = _mapping(value)
    return Fuller(str(held.get("name", "")), held.get("value"), held.get("read"))
