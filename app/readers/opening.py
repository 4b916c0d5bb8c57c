"""Opens a file by what is in it, never by its name, and within limits."""

import codecs
import gzip
import io
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import IO, BinaryIO

from app.foundation.words import N_
from app.readers.columns import names_of, with_columns
from app.readers.entries import Catalog, Column, Entry, Format, Unreadable
from app.readers.formats import FORMATS
from app.readers.graphs import read_rdf_xml, read_turtle
from app.readers.lines import is_lines, read_lines
from app.readers.pages import is_page, read_page
from app.readers.parts import PART
from app.readers.tables import first_rows, read_table
from app.readers.trees import read_tree
from app.readers.workbooks import read_workbook, sheet_rows

MEGABYTE = 1024 * 1024
LARGEST = 300 * MEGABYTE
_IN_MEMORY = 8 * MEGABYTE
_CHUNK = 256 * 1024
_HEAD = 4096
# Linked data is held whole while it is read.
LARGEST_GRAPH = 60 * MEGABYTE
_ZIP = b"PK\x03\x04"
# So many entries are looked at to tell what a catalog is, and which columns it has.
_FIRST = 50

# Beginnings of files that are something else, and what to do with each.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", N_("This is a PDF."), N_("Bring what it holds as CSV, XLSX or DCAT.")),
    (
        b"\xd0\xcf\x11\xe0",
        N_("This is an old Excel file (XLS), a Word file, or a workbook with a password."),
        N_("Open it, take the password off if it has one, and save it as XLSX or CSV (“Save as”)."),
    ),
    (b"\x89PNG", N_("This is a picture."), N_("Bring what it shows as CSV, XLSX or DCAT.")),
    (b"SQLite format 3", N_("This is a database."), N_("Export its table as CSV.")),
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How Turtle and N-Triples begin, after comments.
_TURTLE = re.compile(
    rb"\A(?:\s|#[^\n]*\n)*(@prefix|@base|prefix\s|base\s|<(?:https?://|urn:)[^<>\s]*>|_:)", re.IGNORECASE
)


def read_catalog(
    source: BinaryIO, largest: int = LARGEST, columns: Mapping[str, str] | None = None, sheet: str = "", header: int = 0
) -> Catalog:
    """The catalog in an open file. Broken places further down show while its entries are read, as Unreadable too.

    Args:
        largest: the most bytes that are read, after unpacking.
        columns: the term of a table's column where the guess was corrected, empty to set the column aside.
        sheet: the sheet of a workbook that is read; without one, the one that looks most like a list of datasets.
        header: the row of a table that names its columns; 0 for the one that looks most like it.

    Raises:
        Unreadable: it is empty, too large, in no form that is known, or has no column that was corrected, no such sheet or row.
    """
    given = columns or {}
    file, head = _opened(source, largest)
    if head.startswith(_ZIP):
        return read_workbook(file, given, sheet, header)
    if sheet:
        raise Unreadable(N_("This catalog has no sheets to choose from."), N_("Leave out what was said about sheets."))
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    _refuse_other_sheets(start)
    if not start:
        raise Unreadable(N_("The file is empty."), N_("Choose the catalog again; the upload may have broken off."))
    if header and (start[:1] in b"{[<" or _TURTLE.match(start)):
        raise Unreadable(N_("This catalog has no header to choose."), N_("Leave out what was said about its header."))
    if start[:1] in b"{[":
        how, entries = ("JSON lines", read_lines(file)) if is_lines(file) else ("JSON", read_tree(file))
        return _told_apart(entries, how, given)
    if _TURTLE.match(start):
        return _of_graph("Turtle", read_turtle(_whole(file)))
    if start[:1] == b"<":
        if is_page(head):
            return _told_apart(read_page(_whole(file)), N_("on a web page"), given)
        return _of_graph("RDF/XML", read_rdf_xml(_whole(file)))
    _refuse_a_word(head)
    return read_table(file, given, header)


def _refuse_other_sheets(start: bytes) -> None:
    """A table of Excel that is saved as XML, which is no linked data."""
    if start[:1] == b"<" and b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Unreadable(N_("This is a workbook saved as XML."), N_("Open it and save it as XLSX or CSV."))


def read_rows(data: bytes, most: int, largest: int = 20 * MEGABYTE) -> list[list[str]]:
    """The header and first rows of a file of data, a table or the first sheet of a workbook, cell by cell.

    Raises:
        Unreadable: it is something else, damaged, or unpacks to too much.
    """
    file, head = _opened(io.BytesIO(data), largest)
    return sheet_rows(file, most) if head.startswith(_ZIP) else first_rows(file, most)


def _opened(source: BinaryIO, largest: int) -> tuple[IO[bytes], bytes]:
    """The file, unpacked, and how it begins; what is neither catalog nor table is refused."""
    file = _spooled(source, largest)
    head = file.read(_HEAD)
    file.seek(0)
    for mark, problem, remedy in _OTHERS:
        if head.startswith(mark):
            raise Unreadable(problem, remedy)
    return file, head


def _told_apart(entries: Iterator[Entry], how: str, given: Mapping[str, str]) -> Catalog:
    """A catalog of nodes, named by what most of the first ones are; rows with names of their own get columns."""
    first = list(islice(entries, _FIRST))
    formats = Counter(entry.format for entry in first if entry.data is not None)
    form = FORMATS[formats.most_common(1)[0][0] if formats else Format.DCAT].name
    own = [entry for entry in first if entry.format is Format.TABLE and entry.data is not None]
    columns: tuple[Column, ...] = with_columns(own, given) if own else ()
    if given and not own:
        raise Unreadable(N_("This catalog has no columns to name."), N_("Leave out what was said about columns."))
    names = names_of(columns)
    every = chain(first, entries)
    named = (replace(entry, names=names) if entry.format is Format.TABLE else entry for entry in every)
    return Catalog(f"{form}, {how}", named, columns, part=_part(first))


def _of_graph(how: str, entries: Iterator[Entry]) -> Catalog:
    first = list(islice(entries, 1))
    return Catalog(f"DCAT, {how}", chain(first, entries), part=_part(first))


def _part(first: Sequence[Entry]) -> str:
    return str(first[0].catalog.get(PART, "")) if first else ""


def _refuse_a_word(head: bytes) -> None:
    """JSON may be a single word or number; that is no catalog."""
    try:
        json.loads(head)
    except (ValueError, RecursionError):
        return
    raise Unreadable(
        N_("The JSON holds no list of datasets."), N_("A DCAT catalog has one under “dataset”, CKAN under “results”.")
    )


def _spooled(source: BinaryIO, largest: int) -> IO[bytes]:
    """The file's bytes, unpacked, as UTF-8 where they said to be UTF-16 or UTF-32; on disk when large."""
    start = source.read(2)
    source.seek(0)
    if start == b"\x1f\x8b":
        with gzip.open(source) as unpacked:
            file = _copied(unpacked, largest)
    else:
        file = _copied(source, largest)
    head = file.read(4)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _recoded(file, encoding)
    encoding = _wide(file)
    if encoding:
        return _recoded(file, encoding)
    file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
    # The JSON reader begins twice, so that a mark in front of the text is taken off for good.
    return _copied(file, largest) if file.tell() else file


def _wide(file: IO[bytes]) -> str:
    """UTF-16 without a mark at its beginning: of its characters, most of which are Latin, each second byte is empty.

    XML in UTF-16 must have the mark (XML 1.0, 4.3.3), and is refused without it where it is read.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if b"<" in head[:2]:
        return ""
    empty = [head[place::2].count(0) for place in (0, 1)]
    if min(empty) or not max(empty) or max(empty) * 4 < len(head) or b"\x00\x00" in head:
        return ""
    return "utf-16-be" if empty[0] else "utf-16-le"


def _copied(source: IO[bytes] | gzip.GzipFile, largest: int) -> IO[bytes]:
    target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller reads it
    size = 0
    try:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > largest:
                raise Unreadable(
                    f"The file is larger than {largest // MEGABYTE} MB.",
                    N_("Split it into several catalogs and import them one after the other."),
                )
            target.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(
            N_("The file is packed with gzip, but is damaged or cut off."), N_("Pack or download it again.")
        ) from error
    target.seek(0)
    return target


def _recoded(file: IO[bytes], encoding: str) -> IO[bytes]:
    file.seek(0)
    try:
        text = file.read().decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"The file says that it is {encoding.upper()}, but it is not.", N_("Save it as UTF-8.")
        ) from error
    return _copied(io.BytesIO(text.encode("utf-8", "replace")), LARGEST)


def _whole(file: IO[bytes]) -> bytes:
    data = file.read(LARGEST_GRAPH + 1)
    if len(data) > LARGEST_GRAPH:
        raise Unreadable(
            N_("The catalog is too large for Turtle or RDF/XML."), N_("Export it as JSON-LD or CSV instead.")
        )
    return data
