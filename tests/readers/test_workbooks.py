"""What the XML of a sheet says besides its values is read within bounds, and where it cannot be read the values are."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from app.readers import Unreadable, cells
from tests.readers.test_tables import first_of, read, sheet_of, workbook


def with_part(book: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one part of it written otherwise."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            text = old.read(one)
            new.writestr(one, change(text.decode()) if one == name else text)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_of_merged_cells_a_bounded_number_is_kept_also_where_they_begin_in_one_row() -> None:
    ref = '<mergeCell ref="A1:KN9"/>'
    book = with_part(
        sheet_of([["title", "description"], ["Trips", "By hour"]]),
        SHEET,
        lambda text: text.replace("</sheetData>", f"</sheetData><mergeCells>{ref * 60_000}</mergeCells>"),
    )
    sides = cells.sides_of(io.BytesIO(book), "Sheet")
    assert {row: len(merged) for row, merged in sides.merged.items()} == {1: 1}
    assert sides.across(1, ["title"]) == ["title"] * 300


def test_merged_cells_beyond_the_bound_are_not_read() -> None:
    refs = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, 30_001))
    book = with_part(
        sheet_of([["title"]]),
        SHEET,
        lambda text: text.replace("</sheetData>", f"</sheetData><mergeCells>{refs}</mergeCells>"),
    )
    assert len(cells.sides_of(io.BytesIO(book), "Sheet").merged) == 20_000


def test_a_workbook_whose_names_of_sheets_stand_in_another_namespace_is_read_without_its_sides() -> None:
    other = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = with_part(sheet_of([["title"], ["Trips"]]), "xl/workbook.xml", lambda text: text.replace(main, other))
    assert cells.sides_of(io.BytesIO(book), "Sheet") == cells.Sides()
    assert read(book) == [(2, "Trips")]


def test_a_sheet_that_is_encrypted_has_no_sides() -> None:
    book = bytearray(sheet_of([["title"], ["Trips"]]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = book.find(mark)
        while at >= 0:
            book[at + place] |= 1
            at = book.find(mark, at + 1)
    assert cells.sides_of(io.BytesIO(bytes(book)), "Sheet") == cells.Sides()


def test_empty_rows_beside_many_formulas_are_told_by_their_number() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = first_of(book)
        sheet.append(["title", "description"])
        sheet.append(["Trips", "By hour"])
        for row in range(4, 1904, 2):
            sheet.cell(row, 2, "=A1")

    rows = read(workbook(fill))
    assert len(rows) == 951
    assert [row for row, _said in rows[:4]] == [2, 4, 6, 8]


def test_a_sheet_of_very_many_merged_cells_is_refused() -> None:
    cells_of = "<mergeCells>" + '<mergeCell ref="A1:KN9"/>' * 100_001 + "</mergeCells>"
    book = with_part(
        sheet_of([["title"], ["Trips"]]), SHEET, lambda text: text.replace("</sheetData>", f"</sheetData>{cells_of}")
    )
    with pytest.raises(Unreadable, match="more than 100,000 ranges of merged cells"):
        read(book)
