"""Records of a table: several lines where the quotes close, and a quote that is never closed takes its own line alone."""

import csv
import io
import time

import pytest

from app.readers import Unreadable, read_catalog
from app.readers.opening import read_rows
from app.readers.records import records_of


def read(text: str) -> list[tuple[int, list[str] | None]]:
    return [(one.line, one.cells) for one in records_of(io.StringIO(text, newline=""), ",")]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"two\nlines, and ""more"""\n3,4\n',
        'a,b\r\n1,5" pipe\r\n"one" two,3\r\n\r\n4,""\r\n',
        'a\r"b\rc"\rd',
        "",
    ],
)
def test_what_closes_its_quotes_is_read_as_python_reads_it(text: str) -> None:
    assert [cells for _line, cells in read(text)] == list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("after", ["4,5\n", '4,"Fine"\n', '"4",Plain,"Closed"\n', '4,""\n'])
def test_a_quote_that_is_not_closed_takes_its_own_line_alone(after: str) -> None:
    found = read(f'1,2\n3,"Broken,words\n{after}6,7\n')
    assert found[:2] == [(1, ["1", "2"]), (2, None)]
    assert found[2:] == [(3, next(csv.reader([after]))), (4, ["6", "7"])]


def test_a_quote_that_is_open_at_the_end_of_the_file_is_told_with_its_words() -> None:
    (only,) = records_of(['1,"The last, one'], ",")
    assert (only.cells, only.problem) == (None, "The quote that opens in line 1 before “The last, one” is not closed")


def test_a_broken_row_is_no_dataset_and_those_behind_it_are() -> None:
    text = 'title,description\nTrips,"By\nhour"\n"Broken,Desc\n' + "Taps,Water\n" * 30_000
    begun = time.monotonic()
    found = list(read_catalog(io.BytesIO(text.encode())).entries)
    assert time.monotonic() - begun < 10
    assert [(one.row, one.data) for one in found[:3]] == [
        (2, {"title": "Trips", "description": "By\nhour"}), (3, None), (4, {"title": "Taps", "description": "Water"})
    ]  # fmt: skip
    assert "line 4 before “Broken,Desc”" in found[1].problem
    assert found[1].remedy
    assert len(found) == 30_002


@pytest.mark.parametrize("text", ['title,b,"c\n1,2,3\n', 'a,b,"c\n1,2,3\n'])
def test_a_header_whose_quote_is_not_closed_names_the_column(text: str) -> None:
    for opened in (lambda: read_catalog(io.BytesIO(text.encode())), lambda: read_rows(text.encode(), 5)):
        with pytest.raises(Unreadable) as caught:
            opened()
        assert caught.value.problem == "The quote that opens in line 1 before “c” is not closed."
        assert caught.value.remedy
