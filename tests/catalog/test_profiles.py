"""The shape of a sample, and made-up rows in it: nothing rare gets in, nothing comes out that was a row."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.profiles import AMBIGUOUS, FEWEST, MOST_CELLS, ColumnProfile, Kind, Profile, made_up, measured
from app.catalog.profiles.shapes import profile_of
from app.foundation.errors import Invalid

CHANCE = Random(7)
ROWS = 300


def column(cells: list[str], missing: str = "") -> ColumnProfile:
    return measured(["x"], [[cell] for cell in cells], {"x": missing}).columns[0]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "20", "-3"], Kind.WHOLE),
        (["1.5", "2", "-3,25"], Kind.NUMBER),
        (["2026-01-31", "2025-12-01"], Kind.DAY),
        (["2026-01-31T08:30", "2026-01-31 09:00:00Z"], Kind.MOMENT),
        (["007", "008"], Kind.VALUES),
        (["walk", "road"], Kind.VALUES),
        (["2026-02-31", "2026-02-30"], Kind.VALUES),
        (["", "NA", "null"], Kind.EMPTY),
    ],
)
def test_a_column_is_known_by_its_cells(cells: list[str], kind: Kind) -> None:
    assert column(cells * 20).kind is kind


@pytest.mark.parametrize(
    ("cells", "kind", "mark", "low", "high"),
    [
        (["1,234,567", "12,500", "987"], Kind.WHOLE, ",", "987", "1234567"),
        (["1,234.50", "12.25"], Kind.NUMBER, ",", "12.25", "1234.5"),
        (["1.234.567", "-1.000"], Kind.WHOLE, ".", "-1000", "1234567"),
        (["1.234,50", "7,5"], Kind.NUMBER, ".", "7.5", "1234.5"),
        (["1 234", "1\u202f000\u00a0000", "12"], Kind.WHOLE, " ", "12", "1000000"),
        (["1\u2019234", "99"], Kind.WHOLE, "'", "99", "1234"),
        # A comma before three digits in many numbers, and small whole numbers beside them.
        ([*(f"{number},250" for number in range(1, 13)), "870"], Kind.WHOLE, ",", "870", "12250"),
        # The same alone: nobody can say.
        ([*(f"{number},250" for number in range(1, 13))], Kind.VALUES, AMBIGUOUS, "", ""),
        # Nor where a zero stands for what was not measured.
        (["0", *(f"1,{number}" for number in range(653, 675))], Kind.VALUES, AMBIGUOUS, "", ""),
        # Decimals, as before.
        (["1.234", "2.500", "17"], Kind.NUMBER, "", "1.23", "17"),
        (["0,125", "1,250"], Kind.NUMBER, "", "0.12", "1.25"),
        # Telephone numbers, lists and codes.
        (["612 345 678", "698 765 432"], Kind.VALUES, "", "", ""),
        (["1,2", "1,2,3"], Kind.VALUES, "", "", ""),
        (["001,234", "1,234,567"], Kind.VALUES, "", "", ""),
    ],
)
def test_thousands_that_are_set_apart_are_read_where_the_column_shows_it(
    cells: list[str], kind: Kind, mark: str, low: str, high: str
) -> None:
    found = column(cells * 20)
    assert (found.kind, found.thousands) == (kind, mark)
    assert (found.low, found.high) == (low, high)


def test_made_up_numbers_have_their_thousands_set_apart_as_those_of_the_sample() -> None:
    profile = measured(["x"], [["1,000.50"], ["2,000.25"], ["-1,500.75"]] * 20)
    cells = [cell for (cell,) in made_up(profile, 40, CHANCE)]
    assert all(re.fullmatch(r"-?(\d{1,3}|\d{1,3},\d{3})(\.\d+)?", cell) for cell in cells), cells
    assert any("," in cell for cell in cells)


def test_how_thousands_are_set_apart_is_kept_only_where_they_are() -> None:
    apart, plain = measured(["x"], [["1,000,000"]] * 20), measured(["x"], [["1000000"]] * 20)
    assert profile_of(apart.to_json()) == apart
    assert "thousands" not in str(plain.to_json())


def test_texts_that_are_no_short_list_are_not_kept() -> None:
    found = column([f"Ana {number}" for number in range(ROWS)])
    assert (found.kind, found.bars, found.all_differ) == (Kind.TEXT, (), True)
    assert "Ana" not in str(found)


def test_a_value_that_few_rows_have_is_not_named() -> None:
    found = column(["walk"] * 100 + ["road"] * FEWEST + ["horse"] * (FEWEST - 1))
    assert [bar.label for bar in found.bars] == ["walk", "road"]
    assert "horse" not in str(found)


def test_a_range_begins_and_ends_where_enough_rows_lie() -> None:
    found = column([*map(str, range(100, 200)), "1", "999999"])
    assert (found.low, found.high) == ("108", "191")
    assert "999999" not in str(found)
    assert (column(["1", "2", "3"]).low, column(["1", "2", "3"]).bars) == ("", ())


def test_a_bar_that_few_rows_stand_for_is_not_drawn() -> None:
    found = column(["0"] * 100 + ["50"] * 3 + ["90"] * 100)
    assert [bar.share for bar in found.bars if bar.share] == [49, 49]


def test_the_code_of_a_missing_value_counts_as_missing() -> None:
    found = column(["-9"] * 50 + ["5"] * 50, missing="-9")
    assert (found.filled, found.low, found.high) == (50, "5", "5")


def test_a_profile_comes_back_as_it_was_kept() -> None:
    profile = measured(["n", "w", "e"], [[str(n % 40), "ab"[n % 2], ""] for n in range(ROWS)])
    assert profile_of(profile.to_json()) == profile
    assert profile_of(None) is None


def test_a_wide_sample_is_looked_at_as_far_as_nobody_waits() -> None:
    wide = [["1"] * 500 for _row in range(2000)]
    assert measured([f"c{n}" for n in range(500)], wide).rows == MOST_CELLS // 500


def test_made_up_rows_stay_within_the_shape_and_are_none_of_the_sample() -> None:
    rows = [(str(n % 24), ["walk", "road", "rail"][n % 3], f"id{n}") for n in range(ROWS)]
    profile = measured(["hour", "mode", "trip"], rows)
    made = made_up(profile, 20, CHANCE, rows)
    assert len(made) == 20
    assert not set(made) & set(rows)
    assert all(0 <= int(hour) <= 23 and mode in {"walk", "road", "rail"} for hour, mode, _trip in made)
    assert not any(trip.startswith("id") for *_others, trip in made)


def test_made_up_cells_are_rounded_and_as_long_as_those_of_the_sample() -> None:
    rows = [(str(5 * (number % 8)), f"B{number:05d}") for number in range(200)]
    profile = measured(["trips", "block"], rows)
    assert [column.step for column in profile.columns] == [5, 1]
    made = made_up(profile, 50, CHANCE, rows)
    assert {int(trips) % 5 for trips, _block in made} == {0}
    assert {len(block) for _trips, block in made} == {6}
    assert {block[:3] for _trips, block in made} == {"blo"}


def test_one_row_that_is_not_rounded_does_not_show() -> None:
    rows = [(str(5 * (number % 8)),) for number in range(200)]
    assert measured(["trips"], [*rows, ("12",)]).columns[0].step == 5


def test_a_shape_in_which_every_row_would_repeat_one_makes_none() -> None:
    rows = [("a", "1")] * 50
    assert made_up(measured(["x", "y"], rows), 20, CHANCE, rows) == []


def test_too_few_rows_make_none_up() -> None:
    with pytest.raises(Invalid, match="at least 20 rows"):
        made_up(Profile(19, ()), 20, CHANCE)


CELLS = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.floats(-1e6, 1e6).map(lambda n: f"{n:.3f}"),
    st.dates().map(str),
    st.text(max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=80))
def test_any_table_has_a_shape_and_nothing_rare_is_in_it(rows: list[tuple[str, str]]) -> None:
    profile = measured(["a", "b"], rows)
    for place, found in enumerate(profile.columns):
        cells = [row[place] for row in rows]
        assert all(cells.count(bar.label) >= FEWEST for bar in found.bars if found.kind is Kind.VALUES)
    if len(rows) >= 2 * FEWEST:
        made_up(profile, 5, CHANCE, rows)
