"""Opens a file by what is in it, never by its name, and within limits."""

import codecs
import gzip
import io
import re
import tempfile
import zlib
from typing import IO, BinaryIO

from app.foundation.words import N_
from app.readers.entries import Catalog, Unreadable
from app.readers.graphs import read_rdf_xml, read_turtle
from app.readers.tables import read_table
from app.readers.trees import read_tree

MEGABYTE = 1024 * 1024
LARGEST = 300 * MEGABYTE
_IN_MEMORY = 8 * MEGABYTE
_CHUNK = 256 * 1024
_HEAD = 4096
# Linked data is held whole while it is read.
LARGEST_GRAPH = 60 * MEGABYTE

# Beginnings of files that are something else, and what to do with each.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", N_("This is a workbook or a ZIP archive."), N_("Save the sheet as CSV, or unpack the archive.")),
    (b"%PDF", N_("This is a PDF."), N_("Ask its maker for the catalog as DCAT or CSV.")),
    (b"\xd0\xcf\x11\xe0", N_("This is an old Excel or Word file."), N_("Save the sheet as CSV.")),
    (b"\x89PNG", N_("This is a picture."), N_("Choose the catalog itself, as DCAT or CSV.")),
    (b"SQLite format 3", N_("This is a database."), N_("Export the list of datasets as CSV.")),
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


def read_catalog(source: BinaryIO, largest: int = LARGEST) -> Catalog:
    """The catalog in an open file. Broken places further down show while its entries are read, as Unreadable too.

    Args:
        largest: the most bytes that are read, after unpacking.

    Raises:
        Unreadable: it is empty, too large, or in no form that is known.
    """
    file = _spooled(source, largest)
    head = file.read(_HEAD)
    file.seek(0)
    for mark, problem, remedy in _OTHERS:
        if head.startswith(mark):
            raise Unreadable(problem, remedy)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        raise Unreadable(N_("The file is empty."), N_("Choose the catalog again; the upload may have broken off."))
    if start[:1] in b"{[":
        return Catalog("DCAT as JSON", read_tree(file))
    if _TURTLE.match(start):
        return Catalog("DCAT as Turtle", read_turtle(_whole(file)))
    if start[:1] == b"<":
        return Catalog("DCAT as RDF/XML", read_rdf_xml(_whole(file)))
    return Catalog("CSV", read_table(file))


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
    file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
    # The JSON reader begins twice, so that a mark in front of the text is taken off for good.
    return _copied(file, largest) if file.tell() else file


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
