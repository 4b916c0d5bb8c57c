"""Reads a catalog from a table with a header. Delimiter and encoding are found out."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO

from app.foundation.text import clean
from app.foundation.words import N_
from app.readers.columns import columns_of, guessed, known_headers, names_of
from app.readers.entries import TABLE_NOTES, Catalog, Entry, Format, Names, NoTitle, Unreadable
from app.readers.heading import MOST_LINES, Line, header_of, headers, layout_of, notes_on, without_nameless
from app.readers.records import UNCLOSED, Record, records_of

_DELIMITERS = ",;\t|"
_LONGEST_FIELD = 16 * 1024 * 1024
_PROBE = 64 * 1024
_CHUNK = 1024 * 1024
_SAMPLE_ROWS = 20
_SEPARATOR = re.compile(r"\A\"?sep=([^\r\n])\"?\s*\r?\n", re.IGNORECASE)
_TOO_MANY = N_("Put quotes around a text that has the separator in it, or take what is too much out.")


def read_table(file: IO[bytes], given: Mapping[str, str], header: int = 0) -> Catalog:
    """One entry per line below the header.

    Args:
        given: the terms of a column, where they were corrected.
        header: the line of the header; 0 to guess it.

    Raises:
        Unreadable: there is no header with a title column, or the file is no text.
    """
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    start = text.read(_PROBE)
    delimiter, lines, top = _top(start, given, header)
    names = headers(top.cells)
    samples = [
        _row(line.cells, names) for line in _lines(start, delimiter, MOST_LINES + _SAMPLE_ROWS) if line.row > top.row
    ]
    shown = without_nameless(names, top.cells, samples)
    layout = layout_of(lines, top)
    try:
        columns = columns_of(shown, samples, given)
    except NoTitle as error:
        error.layout = layout
        raise
    notes = notes_on(lines, top)
    text.seek(0)
    entries = _entries(records_of(text, delimiter), top.row, names, names_of(columns))
    if notes:
        catalog = {TABLE_NOTES: notes}
        entries = (replace(entry, catalog=catalog) for entry in entries)
    return Catalog("CSV", entries, columns, layout)


def row_entry(number: int, cells: Sequence[str], header: Sequence[str], names: Names) -> Entry:
    """One line of a table."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > len(header):
        column, value = _surplus(cells, header)
        problem = f"has {len(cells)} values where the header has {len(header)}"
        return Entry(number, None, problem, remedy=_TOO_MANY, field=column, value=value)
    return Entry(number, _row(cells, header), "", Format.TABLE, names)


def _surplus(cells: Sequence[str], header: Sequence[str]) -> tuple[str, str]:
    """The column in which a row becomes too long, and what stands there.

    A text that was cut at a comma of its own goes on with a space; without such a place it is what lies behind the last column.
    """
    more = len(cells) - len(header)
    cut = next(
        (place for place in range(len(header)) if cells[place].strip() and cells[place + 1].startswith(" ")), None
    )
    if cut is None:
        return header[-1], ", ".join(cells[len(header) - 1 :])
    return header[cut], ",".join(cells[cut : cut + more + 1])


def _row(cells: Sequence[str], header: Sequence[str]) -> dict[str, object]:
    return {name: value for name, cell in zip(header, cells, strict=False) if (value := clean(cell))}


def first_rows(file: IO[bytes], most: int) -> list[list[str]]:
    """The header and first rows of a CSV file, cell by cell.

    Raises:
        Unreadable: it is no text, or no table, or a quote in these rows is not closed.
    """
    text = io.TextIOWrapper(file, _encoding(file), errors="replace", newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    start = text.read(_PROBE)
    said = _separator(start)
    text.seek(0)
    try:
        records = records_of(text, said or _likely(start))
        rows = [_whole(record) for record in islice(records, 1 if said else 0, most + 1 + bool(said))]
    except csv.Error as error:
        raise Unreadable(
            N_("The file cannot be read as a table."), N_("Save it as CSV with one header line.")
        ) from error
    return [[clean(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _whole(record: Record) -> list[str]:
    if record.cells is None:
        raise Unreadable(f"{record.problem}.", UNCLOSED)
    return record.cells


def _likely(text: str) -> str:
    line = next(iter(text.splitlines()), "")
    return max(_DELIMITERS, key=line.count)


def _encoding(file: IO[bytes]) -> str:
    """UTF-8, or else what spreadsheets write by default on Windows, of which every byte is some character."""
    if b"\x00" in file.read(_PROBE):
        raise Unreadable(N_("The file is no text."), N_("Save it as CSV in UTF-8, or as DCAT."))
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _separator(start: str) -> str:
    """The separator that the first line names, as spreadsheets write it: `sep=;`."""
    found = _SEPARATOR.match(start)
    return found[1] if found else ""


def _top(start: str, given: Mapping[str, str], said: int) -> tuple[str, list[Line], Line]:
    """What parts the cells, the first lines with anything in them, and which of them is the header."""
    best: tuple[int, str, list[Line], Line] = (0, ",", [], Line(1, []))
    for delimiter, lines, top in _parted(start, given, said):
        names = headers(top.cells)
        # What was said about a column makes it known; a table of many columns beats one of a single cell.
        known = (len(guessed(names)) + len(given.keys() & set(names))) * 1000 + min(len(top.cells), 900)
        if known > best[0]:
            best = (known, delimiter, lines, top)
    known, delimiter, lines, top = best
    if not said and known < 1000 and (len(top.cells) < 2 or not any(header in start for header in headers(top.cells))):
        raise Unreadable(
            N_("This is no catalog in a form that is known, and no table: its first line has no column “title”."),
            f"Bring JSON, Turtle, RDF/XML, a workbook, or CSV that names its columns. These are read: {known_headers()}.",
        )
    if isinstance(top, _BrokenLine):
        raise Unreadable(f"{top.problem}.", UNCLOSED)
    return delimiter, lines, top


def _parted(start: str, given: Mapping[str, str], said: int) -> list[tuple[str, list[Line], Line]]:
    """The same for each separator by which there is a header in the row that was said. Raises Unreadable where by none is."""
    found, refused = list[tuple[str, list[Line], Line]](), list[Unreadable]()
    for delimiter in _separator(start) or _DELIMITERS:
        lines = list(_lines(start, delimiter, MOST_LINES))
        try:
            found += [(delimiter, lines, header_of(lines, given.keys(), said))] if lines else []
        except (
            Unreadable
        ) as error:  # a text of several lines in quotes is one row by one separator, and several by others
            refused.append(error)
    if refused and not found:
        raise refused[0]
    return found


@dataclass(frozen=True)
class _BrokenLine(Line):
    """A line in which a quote is not closed: its cells are guessed."""

    problem: str = ""


def _lines(start: str, delimiter: str, most: int) -> Iterator[Line]:
    """The first lines with anything in them but the name of the separator, numbered as spreadsheets number them."""
    records = records_of(io.StringIO(start, newline=""), delimiter)
    skipped, count = bool(_separator(start)), 0
    with suppress(csv.Error):
        for number, record in enumerate(records, 1):
            line = Line(number, record.cells or [])
            if record.cells is None:
                cells = next(csv.reader(start.splitlines()[record.line - 1 :][:1], delimiter=delimiter), [])
                line = _BrokenLine(number, cells, record.problem)
            if line.filled and not (skipped and number == 1):
                yield line
                count += 1
            if count == most:
                return


def _entries(rows: Iterator[Record], top: int, header: Sequence[str], names: Names) -> Iterator[Entry]:
    number = 0
    while True:
        number += 1
        try:
            record = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"Line {number} cannot be read: {error}.", N_("Mend the quotes in this line.")) from error
        if number <= top:
            continue
        if record.cells is None:
            yield Entry(number, None, record.problem, Format.TABLE, names, UNCLOSED)
        elif any(cell.strip() for cell in record.cells):
            yield row_entry(number, record.cells, header, names)
