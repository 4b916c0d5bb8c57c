"""The geometry of maps, year bars, week strips and flows."""

from datetime import date, timedelta

import pytest

from app.web.drawings import coverage, glyph_dots, narrowing, reaches_round, week_strip, years


def frame(view: str) -> tuple[float, float, float, float]:
    left, top, wide, high = (float(part) for part in view.split())
    return left, top, wide, high


def test_a_map_is_cut_to_its_countries_and_names_them() -> None:
    drawing = coverage(["CO", "PE"], None, 320, 300)
    shades = {land.code: land.shade for land in drawing.lands}
    assert shades["CO"] == shades["PE"] == " op-land--on"
    assert shades["EC"] == ""
    assert "JP" not in shades
    assert [name.code for name in drawing.names] == ["CO", "PE"]


def test_a_country_too_small_for_an_outline_is_a_dot_inside_the_frame() -> None:
    drawing = coverage(["BB"], None, 320, 300)
    left, top, wide, high = frame(drawing.view)
    (dot,) = drawing.dots
    assert left < dot.x < left + wide
    assert top < dot.y < top + high


def test_no_countries_means_the_world() -> None:
    _, _, wide, _ = frame(coverage([], None, 520, 230).view)
    assert wide >= 2000


def test_countries_round_the_world_show_all_of_it() -> None:
    assert reaches_round(["MX", "ID"])
    assert not reaches_round(["CO", "PE"])
    assert reaches_round([])


def test_codes_that_no_map_knows_are_left_out() -> None:
    assert coverage(["XX", "CO"], None, 320, 300).names == coverage(["CO"], None, 320, 300).names


def test_counts_shade_by_thirds_of_the_most() -> None:
    drawing = coverage([], {"CO": 9, "BR": 5, "PE": 2}, 320, 300)
    shades = {land.code: land.shade for land in drawing.lands}
    assert (shades["CO"], shades["BR"], shades["PE"], shades["CL"]) == (
        " op-land--on",
        " op-land--2",
        " op-land--3",
        "",
    )


@pytest.mark.parametrize(("first", "last"), [(2019, 2026), (2026, 2026), (1950, 2026), (2024, 2020)])
def test_a_year_bar_stays_on_its_axis(first: int, last: int) -> None:
    bar = years(first, last, 300)
    assert 0 < bar.start < bar.end <= 300
    assert all(0 < tick.x <= 300 for tick in bar.ticks)
    assert 2 <= sum(1 for tick in bar.ticks if tick.text) <= 6


def test_dates_outside_the_six_weeks_are_left_to_the_list() -> None:
    today = date(2026, 11, 24)
    strip = week_strip(today, [(today, "Now", True), (today + timedelta(weeks=8), "Later", True)])
    assert [mark.words for mark in strip.marks] == ["Now"]
    assert strip.weeks[0].start == date(2026, 11, 23)


def test_words_above_the_weeks_never_overlap() -> None:
    today = date(2026, 11, 23)
    dates = [(today + timedelta(days=day), "Report for the mobility grant", True) for day in range(10)]
    marks = week_strip(today, dates).marks
    for row in {mark.y for mark in marks}:
        ends = 0.0
        for mark in (m for m in marks if m.y == row):
            assert mark.text_x >= ends - 6
            ends = mark.text_x + 8 * len(mark.words)


def test_a_flow_narrows_with_its_numbers() -> None:
    flow = narrowing([(100, "sent", "50 not approved"), (50, "granted", None), (0, "decided", None)])
    heights = [bar.height for bar in flow.bars]
    assert heights == sorted(heights, reverse=True)
    assert heights[1] == pytest.approx(heights[0] / 2)
    assert [band.words for band in flow.bands] == ["50 not approved", ""]


def test_a_flow_of_nothing_draws() -> None:
    assert narrowing([(0, "sent", None)]).bands == ()


def test_a_glyph_has_a_dot_for_each_country_it_knows() -> None:
    colombia, barbados = glyph_dots(["CO", "BB", "XX"])
    assert 0 < colombia.x < barbados.x < 200
    assert colombia.r >= barbados.r
    assert glyph_dots(["001"]) == ()
