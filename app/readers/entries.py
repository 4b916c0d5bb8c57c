"""What every reader gives: one entry per dataset, with its properties under the names that they have in the file."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from enum import StrEnum

from app.foundation.text import clean, clean_line

DEEPEST = 40
# What an entry of a workbook says of its catalog: the sheets that list files, of which no reader makes anything.
UNREAD_SHEETS = "unread sheets"
# What an entry says of its catalog: notes on a table, or a list of nodes, as a whole.
TABLE_NOTES = "notes on the table"
# The rows of a sheet that is not read are counted up to this.
MOST_COUNTED = 1000
_LONGEST_NUMBER = 30
_LONGEST_NAME = 200
# A context of this many characters is kept with each dataset; of a longer one, what prefixes mean.
_LONGEST_CONTEXT = 8000
_KEYWORDS = frozenset({"@id", "@type", "@value", "@language", "@graph"})
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


class Names:
    """The plain names of a document's terms, by its own inline context. Contexts that stand elsewhere are not read."""

    def __init__(self, context: object = None) -> None:
        self._terms: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        # What a context calls the keywords of JSON-LD: id for @id.
        self._keywords: dict[str, str] = {}
        # Terms of which a context says that a plain text in them is the name of something.
        self.references: set[str] = set()
        self.context: object = None
        self.learn(context)

    def learn(self, context: object) -> None:
        """Take in an inline context, or a list of them; addresses are kept and passed over."""
        if context is None:
            return
        for part in context if isinstance(context, list) else [context]:
            if isinstance(part, Mapping):
                self._terms.update({str(term): iri for term, raw in part.items() if (iri := _iri(raw)) is not None})
                self.references |= {
                    str(term) for term, raw in part.items() if isinstance(raw, Mapping) and raw.get("@type") == "@id"
                }
        self._keywords = {term: word for term, word in self._terms.items() if word in _KEYWORDS}
        self._plain = {}
        if self.context is None:
            self.context = _kept_context(plain(context))

    def of(self, term: str) -> str:
        """The plain name of one term: `title` for dct:title, for its full address, and for what a context calls so."""
        found = self._plain.get(term)
        if found is None:
            found = self._plain[term] = local_name(self._terms.get(term, term))[:_LONGEST_NAME]
        return found

    def with_keywords(self, node: dict[str, object]) -> dict[str, object]:
        """The node with the keywords of JSON-LD where the context calls them otherwise."""
        return {self._keywords.get(name, name): _renamed(held, self._keywords) for name, held in node.items()}

    def inner(self, term: str) -> str:
        """The plain name of a term inside a property's value."""
        return self.of(term)

    def others(self, term: str) -> Sequence[str]:
        """Further plain names of one term."""
        return ()


class Columns(Names):
    """The names of a table's columns, by the terms that each stands for; a column of no term has no plain name.

    The first term of a column is its own; for others it stands in where no column of their own says anything.
    """

    def __init__(self, terms: Mapping[str, str]) -> None:
        super().__init__()
        self.terms = dict(terms)
        self._apart = {name: terms_in(said) for name, said in terms.items()}

    def of(self, term: str) -> str:
        """The term that the column stands for; empty for a column of none."""
        return next(iter(self._apart.get(term, ())), "")

    def others(self, term: str) -> Sequence[str]:
        """The terms for which the column stands in."""
        return self._apart.get(term, ())[1:]

    def inner(self, term: str) -> str:
        """A name inside a cell, which stands for itself."""
        return local_name(term)


@dataclass(frozen=True)
class Note:
    """Something to mend in a table, or in one row of it, that is read all the same."""

    field: str
    value: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Entry:
    """One dataset. `row` is its place in the file: a line of a table as spreadsheets number it, or its place in a list from 1.

    `data` is None where the place holds no dataset at all; `problem` then says what it holds, `field` and `value` where in it
    that shows, and `remedy` how to mend it where that is more than mending the row. `catalog` is what the catalog around it says
    of itself, the same for all of its entries.
    """

    row: int
    data: Mapping[str, object] | None
    problem: str = ""
    format: Format = Format.DCAT
    names: Names = dataclass_field(default_factory=Names)
    remedy: str = ""
    catalog: Mapping[str, object] = dataclass_field(default_factory=dict)
    field: str = ""
    value: str = ""
    # Cells of the row that could not be read, by column.
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a table: its header, an example of what is in it, and the terms that it was taken for, parted by commas."""

    name: str
    sample: str
    term: str

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that it was taken for."""
        return terms_in(self.term)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook with cells in it; `rows` below its header are counted up to a measure."""

    name: str
    rows: int = 0
    is_hidden: bool = False

    @property
    def counted(self) -> str:
        """How many rows, for people."""
        return f"{MOST_COUNTED:,}+" if self.rows >= MOST_COUNTED else str(self.rows)


@dataclass(frozen=True)
class Layout:
    """How a table stands in its file: its sheets and which is read, the row of its header, and its first rows in short."""

    sheets: tuple[Sheet, ...] = ()
    sheet: str = ""
    header: int = 0
    first: tuple[tuple[int, str], ...] = ()


class NoTitle(Unreadable):
    """A table that can be read, of which no column is known to be the title: somebody has to say which one is."""

    def __init__(self, problem: str, remedy: str, columns: tuple[Column, ...]) -> None:
        super().__init__(problem, remedy)
        self.columns = columns
        self.layout = Layout()


@dataclass(frozen=True)
class Catalog:
    """A foreign catalog, opened. `form` names what it is, for people; a table has columns, whose terms can be corrected."""

    form: str
    entries: Iterator[Entry]
    columns: tuple[Column, ...] = ()
    layout: Layout = Layout()
    # Where the file is only a part of the catalog: how much of it came. What is not in it is not gone.
    part: str = ""


def terms_in(said: str) -> tuple[str, ...]:
    """The terms of a column, which are written with commas between them."""
    return tuple(word for part in said.split(",") if (word := part.strip()))


def _renamed(value: object, keywords: Mapping[str, str]) -> object:
    if not keywords:
        return value
    if isinstance(value, dict):
        return {keywords.get(name, name): _renamed(held, keywords) for name, held in value.items()}
    return [_renamed(item, keywords) for item in value] if isinstance(value, list) else value


def local_name(term: str) -> str:
    """The plain name of a term: `title` for dct:title, for its full IRI, and for itself."""
    if "://" in term:
        found = _TAIL.search(term)
        return found[1] if found else term
    return term if term.startswith("@") else term.rsplit(":", 1)[-1]


def types_of(data: Mapping[str, object]) -> set[str]:
    """The plain names of a node's types."""
    raw = data.get("@type") or data.get("type")
    items = raw if isinstance(raw, list) else [raw]
    return {local_name(str(item.get("@id") if isinstance(item, Mapping) else item)) for item in items if item}


def plain(value: object, depth: int = 0) -> object:
    """The value with clean texts and names, made of what JSON has and databases store.

    Raises:
        ValueError: it is nested too deeply.
    """
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(10**_LONGEST_NUMBER) < value < 10**_LONGEST_NUMBER else _written(value)
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {_name(str(name)): plain(held, depth + 1) for name, held in value.items() if str(name) != "@context"}
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    return _number(value) if isinstance(value, float | Decimal) else str(value)


def plain_node(value: Mapping[str, object]) -> dict[str, object]:
    """`plain` of an object, which stays one."""
    return {_name(str(name)): plain(held, 1) for name, held in value.items() if str(name) != "@context"}


def _name(term: str) -> str:
    return term if term.isidentifier() and len(term) <= _LONGEST_NAME else clean_line(term)[:_LONGEST_NAME]


def _number(value: float | Decimal) -> object:
    number = float(value)
    # A number such as 1e99999 is not written out: it would fill the disk.
    return number if math.isfinite(number) else str(value)


def _written(value: int) -> str:
    return f"{value:#x}" if value.bit_length() > 10_000 else str(value)


def _kept_context(context: object) -> object:
    if len(json.dumps(context, ensure_ascii=False)) <= _LONGEST_CONTEXT:
        return context
    parts = context if isinstance(context, list) else [context]
    return {
        term: iri
        for part in parts
        if isinstance(part, Mapping)
        for term, iri in part.items()
        if isinstance(iri, str) and iri.endswith(("#", "/", ":"))
    }


def _iri(raw: object) -> str | None:
    iri = raw.get("@id") if isinstance(raw, Mapping) else raw
    # A prefix ends with its separator, and is no name of anything.
    return iri if isinstance(iri, str) and iri and not iri.endswith(("#", "/", ":")) else None
