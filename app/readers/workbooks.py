"""Reads a catalog, or the first rows of data, from a sheet of a workbook (XLSX). The door to openpyxl, on top of defusedxml."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from itertools import islice
from types import ModuleType
from typing import IO, TYPE_CHECKING

from app.foundation.text import clean, fold
from app.foundation.words import N_
from app.readers.cells import MOST_COLUMNS, Downward, Sides, is_error, sides_of
from app.readers.columns import columns_of, guessed, names_of
from app.readers.entries import (
    MOST_COUNTED,
    TABLE_NOTES,
    UNREAD_SHEETS,
    Catalog,
    Entry,
    Names,
    NoTitle,
    Sheet,
    Unreadable,
)
from app.readers.heading import MOST_LINES, Line, header_of, headers, layout_of, notes_on, without_nameless
from app.readers.tables import row_entry

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEGABYTE = 1024 * 1024
_LARGEST = 200 * MEGABYTE
_LARGEST_TEXTS = 60 * MEGABYTE
_MOST_PARTS = 2000
_MOST_SHEETS = 50
# The library makes something of each range of merged cells, each time that it goes through a sheet.
_MOST_MERGED = 100_000
_MOST_ROWS = 300_000
# After so many empty rows a sheet has ended: some are formatted to their last line.
_MOST_EMPTY = 2000
# The header is looked for among so many rows.
_MOST_FIRST = 200
# Archives that are other kinds of tables or documents, by a part that each of them has.
_OTHERS = (
    ("xl/workbook.bin", N_("This is a binary workbook (XLSB)."), N_("Save it as XLSX or CSV (“Save as”).")),
    ("content.xml", N_("This is an OpenDocument file (ODS)."), N_("Save it as XLSX or CSV (“Save as”).")),
    (
        "word/document.xml",
        N_("This is a Word document."),
        N_("Copy its table into a sheet, and save that as XLSX or CSV."),
    ),
    ("Index/Document.iwa", N_("This is a file of Apple Numbers."), N_("Export it as Excel or CSV.")),
)
# Of several sheets with a title, one of these names is the list of datasets.
_SHEETS = ("dataset", "datasets", "catalog", "catalogue", "catalogo")


@dataclass(frozen=True)
class _Top:
    """A sheet with anything in it, its first rows, and which of them is the header."""

    sheet: "Worksheet"
    lines: list[Line]
    header: Line

    @property
    def name(self) -> str:
        return str(self.sheet.title)

    @property
    def is_hidden(self) -> bool:
        return self.sheet.sheet_state != "visible"


def read_workbook(file: IO[bytes], given: Mapping[str, str], wanted: str = "", header: int = 0) -> Catalog:
    """One entry per row of one sheet: the one that is wanted, else the one that looks most like a list of datasets.

    Raises:
        Unreadable: it is damaged, unpacks to too much, has no such sheet or row, or the sheet has no title column.
    """
    tops = [_Top(sheet, lines, header_of(lines, given)) for sheet, lines in _sheets(file)]
    names = [top.name for top in tops]
    if wanted and wanted not in names:
        raise Unreadable(f"There is no sheet “{wanted}” with anything in it.", f"These are there: {', '.join(names)}.")
    top = tops[names.index(wanted)] if wanted else min(tops, key=lambda one: _rank(one, given))
    if header:
        top = replace(top, header=header_of(top.lines, given, header))
    sides = sides_of(file, top.name)
    cells = sides.across(top.header.row, top.header.cells)
    top = replace(top, header=Line(top.header.row, cells))
    own = headers(cells)
    samples = [dict(zip(own, line.cells, strict=False)) for line in top.lines if line.row > top.header.row]
    told = tuple(Sheet(one.name, 0 if one.sheet is top.sheet else _count(one), one.is_hidden) for one in tops)
    layout = layout_of(top.lines, top.header, told, top.name)
    try:
        columns = columns_of(without_nameless(own, cells, samples), samples, given)
    except NoTitle as error:
        error.layout = layout
        raise
    unread = [one.name for one in tops if one.sheet is not top.sheet and _lists_files(one)]
    catalog: dict[str, object] = {UNREAD_SHEETS: ", ".join(unread)} if unread else {}
    if notes := [*notes_on(top.lines, top.header), *sides.about_rows()]:
        catalog[TABLE_NOTES] = notes
    entries = (replace(entry, catalog=catalog) for entry in _entries(top, own, names_of(columns), sides))
    return Catalog(f"workbook, sheet “{top.name}”", entries, columns, layout)


def sheet_rows(file: IO[bytes], most: int) -> list[list[str]]:
    """The header and first rows of the first sheet with anything in it, cell by cell.

    Raises:
        Unreadable: it is damaged, empty, or unpacks to too much.
    """
    sheet, _first_ones = _sheets(file)[0]
    rows = _unbroken(sheet.iter_rows(max_row=most + _MOST_EMPTY, max_col=MOST_COLUMNS, values_only=True))
    filled = ([clean(_text(cell)) for cell in _trimmed(row)] for row in rows)
    return list(islice((row for row in filled if any(row)), most + 1))


def _sheets(file: IO[bytes]) -> "list[tuple[Worksheet, list[Line]]]":
    """The sheets with anything in them, each with its first rows."""
    _look_at(file)
    try:
        _refuse_too_many_merged(file)
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
    names = {part.filename for part in parts}
    for mark, problem, remedy in _OTHERS:
        if mark in names:
            raise Unreadable(problem, remedy)
    if "xl/workbook.xml" not in names:
        raise Unreadable(N_("This is a ZIP archive, and no workbook."), N_("Unpack it and bring what is in it."))
    texts = sum(part.file_size for part in parts if part.filename.startswith("xl/sharedStrings"))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST or texts > _LARGEST_TEXTS:
        raise Unreadable(
            f"The workbook unpacks to more than {_LARGEST // MEGABYTE} MB.", N_("Save the sheet alone as CSV.")
        )


def _refuse_too_many_merged(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            with archive.open(name) as part:
                count = sum(chunk.count(b"mergeCell") for chunk in iter(partial(part.read, MEGABYTE), b""))
            if count > _MOST_MERGED:
                raise Unreadable(
                    f"A sheet has more than {_MOST_MERGED:,} ranges of merged cells.",
                    N_("Unmerge the cells of the sheet, or save it as CSV."),
                )
    file.seek(0)


def _first(sheet: "Worksheet") -> list[Line]:
    """The first rows with anything in them; empty for a sheet of pictures."""
    if not hasattr(sheet, "iter_rows"):
        return []
    rows = sheet.iter_rows(max_row=_MOST_FIRST, max_col=MOST_COLUMNS, values_only=True)
    lines = (Line(number, [_text(cell) for cell in _trimmed(row)]) for number, row in enumerate(rows, 1))
    return list(islice((line for line in lines if line.filled), MOST_LINES))


def _count(top: _Top) -> int:
    """How many rows with anything in them stand below the header of a sheet that is not read, up to a measure."""
    rows = top.sheet.iter_rows(
        min_row=top.header.row + 1, max_row=MOST_COUNTED + _MOST_EMPTY, max_col=MOST_COLUMNS, values_only=True
    )
    filled = (row for row in _unbroken(rows) if any(cell is not None for cell in row))
    return sum(1 for _row in islice(filled, MOST_COUNTED))


def _trimmed(row: Sequence[object]) -> Sequence[object]:
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _lists_files(top: _Top) -> bool:
    header = [fold(name).replace("_", " ").split() for name in headers(top.header.cells)]
    return any({"accessurl", "downloadurl"} & set(words) for words in header)


def _rank(top: _Top, given: Mapping[str, str]) -> tuple[bool, bool, bool, int]:
    names = headers(top.header.cells)
    terms = guessed(names)
    has_title = "title" in terms.values() or bool(given.keys() & set(names))
    return not has_title, top.is_hidden, fold(top.name) not in _SHEETS, -len(terms)


def _entries(top: _Top, header: Sequence[str], names: Names, sides: Sides) -> Iterator[Entry]:
    empty, down, with_formulas = 0, Downward(sides), {row for row, _place in sides.formulas}
    rows = top.sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    for number, row in enumerate(islice(_unbroken(rows), _MOST_ROWS + 1), 1):
        is_empty = number not in with_formulas and all(cell is None for cell in row)
        if is_empty:
            empty += 1
            if empty > _MOST_EMPTY:
                return
            continue
        empty = 0
        if number <= top.header.row:
            continue
        if number > _MOST_ROWS:
            raise Unreadable(f"The sheet has more than {_MOST_ROWS:,} rows.", N_("Split it into several files."))
        cells = down.filled(number, [_text(cell) for cell in _trimmed(row)])
        notes = sides.notes_on(number, cells, header)
        plain = ["" if is_error(cell) else cell for cell in cells]
        yield replace(row_entry(number, plain, header, names), notes=notes)


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
