"""Tables as people write them: titles above the header, names that come twice, formulas, merged and hidden cells."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.exchange.foreign import Described, Refused, described
from app.readers import Catalog, NoTitle, Unreadable, read_catalog, read_rows
from app.readers.entries import Sheet

PLAIN = "id;title;description\n1;Trips;By hour\n2;Taps;By day\n"
ABOVE = f"Catalog of the Ministry\n\nSource:;statistics office;\n{PLAIN}"


def opened(data: str | bytes, header: int = 0, sheet: str = "", **given: str) -> Catalog:
    raw = data.encode() if isinstance(data, str) else data
    return read_catalog(io.BytesIO(raw), columns=given, header=header, sheet=sheet)


def rows_of(catalog: Catalog) -> list[Described | Refused]:
    return list(described(catalog.entries))


def read(data: str | bytes, header: int = 0, sheet: str = "", **given: str) -> list[tuple[int, str]]:
    found = rows_of(opened(data, header, sheet, **given))
    return [(row.row, row.title if isinstance(row, Described) else row.problem) for row in found]


def said(data: str | bytes) -> list[tuple[int, str, str, str]]:
    return [
        (one.row, one.field, one.value, one.problem)
        for row in rows_of(opened(data))
        for one in (row.remarks if isinstance(row, Described) else (row,))
    ]


def first_of(book: openpyxl.Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    fill(book)
    book.save(file)
    return file.getvalue()


def sheet_of(rows: Sequence[Sequence[object]], more: Callable[[Worksheet], None] | None = None) -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        for row in rows:
            first_of(book).append(list(row))
        if more is not None:
            more(first_of(book))

    return workbook(fill)


@pytest.mark.parametrize(
    "data",
    [
        f"sep=;\n{PLAIN}",
        f'"sep=;"\r\n{PLAIN}',
        ("sep=\t\n" + PLAIN.replace(";", "\t")),
        ("\n\n" + PLAIN)[1:],
    ],
)
def test_the_line_that_names_the_separator_is_no_row_but_counts(data: str) -> None:
    assert read(data) == [(3, "Trips"), (4, "Taps")]


def test_the_separator_that_is_named_counts_before_what_looks_like_one() -> None:
    assert read("sep=|\ntitle|note\nTrips, taps; and more|x\n") == [(3, "Trips, taps; and more")]
    assert read_rows(b"sep=|\na,b|c\n1|2\n", 5) == [["a,b", "c"], ["1", "2"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-16", "cp1252"])
def test_titles_and_notes_above_the_header_are_told_and_no_datasets(encoding: str) -> None:
    data = ABOVE.replace("Ministry", "Ministère").encode(encoding)
    catalog = opened(data)
    assert catalog.layout.header == 4
    assert catalog.layout.first[0] == (1, "Catalog of the Ministère")
    assert [column.term for column in catalog.columns] == ["identifier", "title", "description"]
    first, second = rows_of(catalog)
    assert isinstance(first, Described)
    assert [(one.row, one.field, one.value) for one in first.remarks] == [
        (0, "header", "Catalog of the Ministère / Source: · statistics office")
    ]
    assert "rows 1 to 3" in first.remarks[0].problem
    assert (first.row, second.row) == (5, 6)


def test_a_header_in_unknown_words_is_found_by_its_width() -> None:
    data = "Katalog\n\nThema;Text;Land;Jahr\nVerkehr;a;DE;2020\nWasser;b;AT;2021\n"
    with pytest.raises(NoTitle) as caught:
        opened(data)
    assert caught.value.layout.header == 3
    assert [column.name for column in caught.value.columns] == ["Thema", "Text", "Land", "Jahr"]
    assert read(data, Thema="title") == [(4, "Verkehr"), (5, "Wasser")]


@pytest.mark.parametrize(
    "data",
    [
        "title,description\nTitle,Description of titles\n",  # a dataset that is called like a column
        "Navn,Lenke\nx,link\ny,title\n",
        "title\nname\n",
        "name,note\nid,title\n",
    ],
)
def test_a_row_of_data_is_not_taken_for_the_header(data: str) -> None:
    try:
        layout = opened(data).layout
    except NoTitle as error:
        layout = error.layout
    assert layout.header == 1


def test_the_header_can_be_said_and_must_be_there() -> None:
    data = "id,title\nname,text\nTrips,By hour\n"
    assert opened(data).layout.header == 1
    assert read(data, header=2) == [(3, "Trips")]
    with pytest.raises(Unreadable, match="no header in row 9") as caught:
        opened(data, header=9)
    assert "1, 2, 3" in caught.value.remedy
    with pytest.raises(Unreadable, match="no header to choose"):
        opened('{"dataset": []}', header=2)


def test_empty_columns_at_the_end_are_no_columns_unless_something_is_in_them() -> None:
    assert [one.name for one in opened("title;note;;;\nTrips;x;;;\n").columns] == ["title", "note"]
    catalog = opened("title;note;;;\nTrips;x;;kept;\n")
    assert [one.name for one in catalog.columns] == ["title", "note", "column 4"]
    (row,) = rows_of(catalog)
    assert isinstance(row, Described)
    assert row.foreign["kept"] == {"note": "x", "column 4": "kept"}


def test_a_name_that_stands_twice_in_the_header_loses_nothing_and_is_told() -> None:
    data = "title,note,note (3),note,\nTrips,a,b,c,d\n"
    (row,) = rows_of(opened(data))
    assert isinstance(row, Described)
    kept = row.foreign["kept"]
    assert isinstance(kept, dict)
    assert sorted(map(str, kept.values())) == ["a", "b", "c", "d"]
    assert said(data) == [
        (
            0,
            "header",
            "note",
            "2 columns of the header in row 1 have this name; all but the first are read as “note (4)”",
        )
    ]


def test_one_column_can_be_two_fields_and_stands_in_only_where_the_second_is_empty() -> None:
    data = "name,about\nTrips,By hour\nTaps,\n"
    catalog = opened(data, name="title,description")
    assert [column.terms for column in catalog.columns] == [("title", "description"), ()]
    assert [(row.title, row.description) for row in rows_of(catalog) if isinstance(row, Described)] == [
        ("Trips", "Trips"), ("Taps", "Taps"),
    ]  # fmt: skip
    both = opened(data, name="title, description", about="description")
    assert [(row.title, row.description) for row in rows_of(both) if isinstance(row, Described)] == [
        ("Trips", "By hour"), ("Taps", "Taps"),
    ]  # fmt: skip
    with pytest.raises(Unreadable, match="no field “nonsense”"):
        opened(data, name="title,nonsense")


def test_a_formula_without_a_value_is_told_with_its_cell() -> None:
    data = sheet_of(
        [
            ["id", "title", "description"],
            [1, "Trips", '=CONCATENATE("By ","hour")'],
            [2, '=UPPER("taps")', "By day"],
            [3, "Roads", "#REF!"],
        ]
    )
    found = said(data)
    assert found[0] == (2, "description", '=CONCATENATE("By ","hour")', "cell C2 holds a formula without its value")
    assert found[1][:2] == (3, "title")
    assert "cell B3 holds a formula" in found[1][3]
    assert found[2] == (4, "description", "#REF!", "the formula in cell C4 ends in an error")
    assert read(data)[0] == (2, "Trips")


def test_merged_cells_hold_for_all_that_they_cover() -> None:
    def merge(sheet: Worksheet) -> None:
        for cells in ("A1:D1", "C2:D2", "A3:A4"):
            sheet.merge_cells(cells)

    data = sheet_of(
        [
            ["Catalog", None, None, None],
            ["publisher", "title", "keywords", None],
            ["Acme", "Trips", "bus", "rail"],
            [None, "Taps", "water", None],
            [None, "Roads", None, None],
        ],
        merge,
    )
    catalog = opened(data)
    assert catalog.layout.header == 2
    assert [column.name for column in catalog.columns] == ["publisher", "title", "keywords", "keywords (4)"]
    found = [row for row in rows_of(catalog) if isinstance(row, Described)]
    assert [(row.row, row.title, row.publisher) for row in found] == [
        (3, "Trips", "Acme"), (4, "Taps", "Acme"), (5, "Roads", ""),
    ]  # fmt: skip


def test_sheets_tell_their_rows_and_whether_they_are_hidden() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        first_of(book).title = "Catalog"
        for row in (["title"], ["Trips"], ["Taps"]):
            first_of(book).append(row)
        for name, rows in (("Second", 3), ("Old", 2)):
            sheet = book.create_sheet(name)
            for row in [["title", "description"], *([f"{name} {n}", "Text"] for n in range(rows))]:
                sheet.append(row)
        book["Old"].sheet_state = "hidden"
        first_of(book).row_dimensions[3].hidden = True

    data = workbook(fill)
    catalog = opened(data)
    assert catalog.layout.sheets == (Sheet("Catalog"), Sheet("Second", 3), Sheet("Old", 2, is_hidden=True))
    assert catalog.layout.sheet == "Catalog"
    assert said(data) == [(0, "row", "3", "one hidden row of the sheet is read like the others")]
    assert read(data, sheet="Old") == [(2, "Old 0"), (3, "Old 1")]


def test_dates_of_a_workbook_are_days() -> None:
    data = sheet_of([["title", "start date", "end date"], ["Trips", date(2020, 1, 1), date(2020, 12, 31)]])
    (row,) = rows_of(opened(data))
    assert isinstance(row, Described)
    assert (row.coverage_start, row.coverage_end) == (date(2020, 1, 1), date(2020, 12, 31))


def packed(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "x")
        archive.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (packed("content.xml"), "OpenDocument"),
        (packed("xl/workbook.bin"), "XLSB"),
        (packed("word/document.xml"), "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "saved as XML"),
    ],
)
def test_other_kinds_of_sheets_are_refused_with_how_to_mend_it(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        opened(data)
    assert "XLSX" in caught.value.remedy


def test_a_header_that_one_separator_offers_is_not_refused_by_another() -> None:
    table = 'Katalog;"Stand\n\n2024"\nTitle;Description\nTrips;By hour\n'
    assert [row for row, _text in opened(table).layout.first] == [1, 2, 3]
    assert read(table, header=2) == [(3, "Trips")]
    with pytest.raises(Unreadable, match="There is no header in row 9"):
        opened(table, header=9)


def test_json_that_tells_of_spreadsheets_saved_as_xml_is_no_such_spreadsheet() -> None:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    assert read(json.dumps({"dataset": [{"title": "Trips", "conformsTo": name}]})) == [(1, "Trips")]
    with pytest.raises(Unreadable, match="saved as XML"):
        opened(f'<?xml version="1.0"?><Workbook xmlns="{name}"/>')
