"""What every reader gives: one entry per dataset, under the plain names of DCAT's terms."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.foundation.text import clean, clean_line

DEEPEST = 40
_TAIL = re.compile(r"[#/]([^#/]+)/?$")


class Format(StrEnum):
    """What a catalog is written in: which names its properties have."""

    DCAT = "dcat"
    DCAT_US = "dcat-us"
    CKAN = "ckan"
    STAC = "stac"
    CROISSANT = "croissant"
    DATA_PACKAGE = "datapackage"
    SCHEMA_ORG = "schema.org"
    # Rows under a header: CSV, a workbook, or plain objects whose names are the owner's own.
    TABLE = "table"


class Unreadable(Exception):
    """The file as a whole gives nothing. `problem` says what is wrong with it, `remedy` how to mend it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Entry:
    """One dataset. `row` is its place in the file: a line of a table as spreadsheets number it, or its place in a list from 1.

    `data` is None where the place holds no dataset at all; `problem` then says what it holds.
    """

    row: int
    data: Mapping[str, object] | None
    problem: str = ""


@dataclass(frozen=True)
class Catalog:
    """A foreign catalog, opened. `form` names what it is, for people."""

    form: str
    entries: Iterator[Entry]


def local_name(term: str) -> str:
    """The plain name of a term: `title` for dct:title, for its full IRI, and for itself."""
    if "://" in term:
        found = _TAIL.search(term)
        return found[1] if found else term
    return term if term.startswith("@") else term.rsplit(":", 1)[-1]


def plain(value: object, names: "Names | None" = None, depth: int = 0) -> object:
    """The value with plain names and clean texts, made of what JSON has without floating-point numbers.

    Raises:
        ValueError: it is nested too deeply.
    """
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return _plain_mapping(value, names or Names(), depth)
    if isinstance(value, list | tuple):
        return [plain(item, names, depth + 1) for item in value]
    # A number such as 1e99999 is not written out: it would fill the disk.
    is_short = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30
    return f"{value:f}" if is_short else str(value)


def _plain_mapping(value: Mapping[str, object], names: "Names", depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for term, held in value.items():
        if term == "@context":
            continue
        name = names.of(term)
        # Two terms of one name, such as dct:title and schema:title: the first keeps the name, the other its own.
        found[name if name not in found else clean_line(str(term))] = plain(held, names, depth + 1)
    return found


class Names:
    """The plain names of a document's terms, by its own inline context. Contexts that stand elsewhere are not read."""

    def __init__(self, context: object = None) -> None:
        self._terms: dict[str, str] = {}
        self.learn(context)

    def learn(self, context: object) -> None:
        """Take in an inline context, or a list of them; addresses are passed over."""
        for part in context if isinstance(context, list) else [context]:
            if isinstance(part, Mapping):
                self._terms.update({str(term): iri for term, raw in part.items() if (iri := _iri(raw)) is not None})

    def of(self, term: object) -> str:
        """The plain name of one term."""
        word = str(term)
        return clean_line(local_name(self._terms.get(word, word)))[:200]


def _iri(raw: object) -> str | None:
    iri = raw.get("@id") if isinstance(raw, Mapping) else raw
    # A prefix ends with its separator, and is no name of anything.
    return iri if isinstance(iri, str) and iri and not iri.endswith(("#", "/", ":")) else None
