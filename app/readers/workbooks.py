"""Reads a catalog, or the first rows of data, from a sheet of a workbook (XLSX). The door to openpyxl, on top of defusedxml."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from types import ModuleType
from typing import IO, TYPE_CHECKING

from app.foundation.text import clean, fold
from app.foundation.words import N_
from app.readers.columns import columns_of, guessed, names_of
from app.readers.entries import UNREAD_SHEETS, Catalog, Entry, Names, NoTitle, Unreadable
from app.readers.tables import headers, row_entry

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEGABYTE = 1024 * 1024
_LARGEST = 200 * MEGABYTE
_LARGEST_TEXTS = 60 * MEGABYTE
_MOST_PARTS = 2000
_MOST_SHEETS = 50
_MOST_ROWS = 300_000
_MOST_COLUMNS = 300
# After so many empty rows a sheet has ended: some are formatted to their last line.
_MOST_EMPTY = 2000
_SAMPLE_ROWS = 20
# Of several sheets with a title, one of these names is the list of datasets.
_SHEETS = ("dataset", "datasets", "catalog", "catalogue", "catalogo")


def read_workbook(file: IO[bytes], given: Mapping[str, str], wanted: str = "") -> Catalog:
    """One entry per row of one sheet: the one that is wanted, else the one that looks most like a list of datasets.

    Raises:
        Unreadable: it is damaged, unpacks to too much, has no such sheet, or the sheet has no title column.
    """
    sheets = _sheets(file)
    names = tuple(str(sheet.title) for sheet, _rows in sheets)
    if wanted and wanted not in names:
        raise Unreadable(f"There is no sheet “{wanted}” with anything in it.", f"These are there: {', '.join(names)}.")
    ranked = sorted(sheets, key=lambda pair: _rank(str(pair[0].title), pair[1], given))
    sheet, rows = ranked[0] if not wanted else sheets[names.index(wanted)]
    header = headers(rows[0])
    samples = [dict(zip(header, map(_text, row), strict=False)) for row in rows[1:]]
    try:
        columns = columns_of(header, samples, given)
    except NoTitle as error:
        error.sheets, error.sheet = names, str(sheet.title)
        raise
    form = f"workbook, sheet “{sheet.title}”"
    unread = [str(other.title) for other, first in sheets if other is not sheet and _lists_files(first)]
    catalog = {UNREAD_SHEETS: ", ".join(unread)} if unread else {}
    entries = (replace(entry, catalog=catalog) for entry in _entries(sheet, header, names_of(columns)))
    return Catalog(form, entries, columns, names, str(sheet.title))


def sheet_rows(file: IO[bytes], most: int) -> list[list[str]]:
    """The header and first rows of the first sheet with anything in it, cell by cell.

    Raises:
        Unreadable: it is damaged, empty, or unpacks to too much.
    """
    sheet, _first_ones = _sheets(file)[0]
    rows = _unbroken(sheet.iter_rows(max_row=most + _MOST_EMPTY, max_col=_MOST_COLUMNS, values_only=True))
    filled = ([clean(_text(cell)) for cell in _trimmed(row)] for row in rows)
    return list(islice((row for row in filled if any(row)), most + 1))


def _sheets(file: IO[bytes]) -> "list[tuple[Worksheet, list[Sequence[object]]]]":
    """The sheets with anything in them, each with its first rows."""
    _look_at(file)
    try:
        book = _openpyxl().load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [(sheet, _first(sheet)) for sheet in book.worksheets[:_MOST_SHEETS]]
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a damaged file makes it meet
        raise Unreadable(N_("The workbook is damaged."), N_("Open it, save it again as XLSX, or as CSV.")) from error
    filled = [(sheet, rows) for sheet, rows in sheets if rows]
    if not filled:
        raise Unreadable(N_("The workbook is empty."), N_("Choose one with a header line and some rows."))
    return filled


def _openpyxl() -> ModuleType:
    """The library, loaded at its first use, which only a workbook needs."""
    import openpyxl  # noqa: PLC0415

    return openpyxl


def _look_at(file: IO[bytes]) -> None:
    """Refuse what is no workbook, or unpacks to more than anybody lists. Sizes that lie make the unpacking fail."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(N_("The workbook is damaged."), N_("Open it, save it again as XLSX, or as CSV.")) from error
    finally:
        file.seek(0)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Unreadable(N_("This is a ZIP archive, and no workbook."), N_("Unpack it and bring what is in it."))
    texts = sum(part.file_size for part in parts if part.filename.startswith("xl/sharedStrings"))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST or texts > _LARGEST_TEXTS:
        raise Unreadable(
            f"The workbook unpacks to more than {_LARGEST // MEGABYTE} MB.", N_("Save the sheet alone as CSV.")
        )


def _first(sheet: "Worksheet") -> list[Sequence[object]]:
    """The header and a few rows; empty for a sheet of pictures."""
    if not hasattr(sheet, "iter_rows"):
        return []
    rows = sheet.iter_rows(max_row=_SAMPLE_ROWS, max_col=_MOST_COLUMNS, values_only=True)
    filled = [row for row in rows if any(cell is not None for cell in row)]
    return [_trimmed(filled[0]), *filled[1:]] if filled else []


def _trimmed(row: Sequence[object]) -> Sequence[object]:
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _lists_files(rows: Sequence[Sequence[object]]) -> bool:
    header = [fold(name).replace("_", " ").split() for name in headers(rows[0])]
    return any({"accessurl", "downloadurl"} & set(words) for words in header)


def _rank(title: str, rows: Sequence[Sequence[object]], given: Mapping[str, str]) -> tuple[bool, bool, int]:
    header = headers(rows[0]) if rows else []
    terms = guessed(header)
    has_title = "title" in terms.values() or bool(given.keys() & set(header))
    return not has_title, fold(title) not in _SHEETS, -len(terms)


def _entries(sheet: "Worksheet", header: Sequence[str], names: Names) -> Iterator[Entry]:
    is_header, empty = True, 0
    rows = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
    for number, row in enumerate(islice(_unbroken(rows), _MOST_ROWS + 1), 1):
        if all(cell is None for cell in row):
            empty += 1
            if empty > _MOST_EMPTY:
                return
            continue
        empty = 0
        if is_header:
            is_header = False
            continue
        if number > _MOST_ROWS:
            raise Unreadable(f"The sheet has more than {_MOST_ROWS:,} rows.", N_("Split it into several files."))
        yield row_entry(number, [_text(cell) for cell in _trimmed(row)], header, names)


def _unbroken(rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    try:
        yield from rows
    except Exception as error:  # a sheet may break off anywhere
        raise Unreadable(N_("The sheet is damaged further down."), N_("Save it again as XLSX, or as CSV.")) from error


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
