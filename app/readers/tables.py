"""Reads a catalog from a table with a header. Delimiter and encoding are found out."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.readers.columns import columns_of, guessed, known_headers, names_of
from app.readers.entries import Catalog, Entry, Format, Names, Unreadable
from app.readers.records import UNCLOSED, Record, records_of

_DELIMITERS = ",;\t|"
_LONGEST_FIELD = 16 * 1024 * 1024
_PROBE = 64 * 1024
_CHUNK = 1024 * 1024
_SAMPLE_ROWS = 20
_LONGEST_HEADER = 200
_TOO_MANY = N_("Put quotes around a text that has the separator in it, or take what is too much out.")


def read_table(file: IO[bytes], given: Mapping[str, str]) -> Catalog:
    """One entry per line below the header.

    Args:
        given: the term of a column, where it was corrected.

    Raises:
        Unreadable: there is no header with a title column, or the file is no text.
    """
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    delimiter, header = _header(text, given)
    text.seek(0)
    start = io.StringIO(text.read(_PROBE), newline="")
    samples = [_row(cells, header) for cells, _ in zip(_lines(start, delimiter), range(_SAMPLE_ROWS), strict=False)]
    columns = columns_of(header, samples, given)
    text.seek(0)
    rows = records_of(text, delimiter)
    next(rows)
    return Catalog("CSV", _entries(rows, header, names_of(columns)), columns)


def headers(cells: Sequence[object]) -> list[str]:
    """The names of the columns: each once, also where the header is empty or repeats one."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = clean_line(str(cell if cell is not None else ""))[:_LONGEST_HEADER] or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names


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
    text.seek(0)
    try:
        records = islice(records_of(text, _likely(start)), most + 1)
        rows = [_whole(record) for record in records]
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


def _header(text: io.TextIOWrapper, given: Mapping[str, str]) -> tuple[str, list[str]]:
    start = text.read(_PROBE)
    best: tuple[int, str, list[str]] = (0, ",", [])
    broken: dict[str, Record] = {}
    for delimiter in _DELIMITERS:
        try:
            record = next(records_of(io.StringIO(start, newline=""), delimiter), Record(1, []))
        except csv.Error:
            continue
        cells = record.cells
        if cells is None:
            broken[delimiter], cells = record, next(csv.reader(start.splitlines()[:1], delimiter=delimiter), [])
        header = headers(cells)
        # What was said about a column makes it known; a table of many columns beats one of a single cell.
        known = len(guessed(header)) * 1000 + len(given.keys() & set(header)) * 1000 + min(len(cells), 900)
        if known > best[0]:
            best = (known, delimiter, header)
    if best[0] < 1000 and (len(best[2]) < 2 or not any(header in start for header in best[2])):
        raise Unreadable(
            N_("This is no catalog in a form that is known, and no table: its first line has no column “title”."),
            f"Bring JSON, Turtle, RDF/XML, a workbook, or CSV that names its columns. These are read: {known_headers()}.",
        )
    if best[1] in broken:
        raise Unreadable(f"{broken[best[1]].problem}.", UNCLOSED)
    return best[1], best[2]


def _lines(text: IO[str], delimiter: str) -> Iterator[list[str]]:
    """The first lines below the header, for examples."""
    rows = records_of(text, delimiter)
    try:
        next(rows, None)
        yield from (row.cells for row in rows if row.cells is not None)
    except csv.Error:
        return


def _entries(rows: Iterator[Record], header: Sequence[str], names: Names) -> Iterator[Entry]:
    number = 1
    while True:
        number += 1
        try:
            record = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"Line {number} cannot be read: {error}.", N_("Mend the quotes in this line.")) from error
        if record.cells is None:
            yield Entry(number, None, record.problem, Format.TABLE, names, UNCLOSED)
        elif any(cell.strip() for cell in record.cells):
            yield row_entry(number, record.cells, header, names)
