"""What the page of the catalog shows: filters, chips, what to leave out, the map and the timeline; the same in files."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog.queries import Brief
from app.organizations.models import Organization
from app.rules.vocabulary import WORLD, AccessMode
from app.search.queries import Count, Facet, Hit, SearchPage, SearchRequest, Sort, Understood
from app.search.routes import shown
from app.search.routes.shown import chips, divided, drops, groups, places, recognized, timeline
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.support.application import Client

TODAY = date(2026, 11, 20)


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


@pytest.fixture
def inside(app: Flask) -> object:
    with app.test_request_context():
        yield


def here(values: object) -> str:
    return str(values)


def found(request: SearchRequest, **more: object) -> SearchPage:
    return SearchPage(request, (), 0, **more)  # type: ignore[arg-type]


def brief(key: int, start: date | None, end: date | None) -> Brief:
    row = dict.fromkeys(Brief._fields, "")
    given = {"id": key, "reference": f"DS-{key}", "title": "x", "coverage_start": start, "coverage_end": end}
    return Brief(**{**row, **given})  # type: ignore[arg-type]


def country(value: str, count: int, *, chosen: bool = False) -> Count:
    return Count(value, value.lower(), count, chosen)


@pytest.mark.usefixtures("inside")
class TestParts:
    def test_a_facet_without_a_choice_is_not_shown(self) -> None:
        one = (country("CO", 3),)
        assert groups(found(SearchRequest(), facets={Facet.COUNTRY: one}), [Facet.COUNTRY]) == []
        on = (country("CO", 3, chosen=True),)
        (group,) = groups(found(SearchRequest(), facets={Facet.COUNTRY: on}), [Facet.COUNTRY])
        assert group.is_on

    def test_what_is_chosen_is_shown_however_rare_it_is(self) -> None:
        many = (*(country(f"{n:02}", 99) for n in range(shown.SHOWN_VALUES)), country("PE", 1, chosen=True))
        (group,) = groups(found(SearchRequest(), facets={Facet.COUNTRY: many}), [Facet.COUNTRY])
        assert group.options[-1][0] == "PE"

    def test_a_chip_takes_off_its_own_value_alone(self) -> None:
        asked = SearchRequest("heat", facets={Facet.COUNTRY: frozenset({"CO", "PE"})})
        counts = {Facet.COUNTRY: (country("CO", 1, chosen=True), country("PE", 1, chosen=True))}
        (first, _) = chips(found(asked, facets=counts), here)
        assert first.href == str({"q": "heat", "country": ["PE"]})

    def test_what_was_recognized_can_be_taken_as_plain_words_or_asked_for_alone(self) -> None:
        one = Understood(Facet.COUNTRY, "CO", "Colombia", "colombia")
        (way,) = recognized(found(SearchRequest("heat colombia"), understood=(one,)), here)
        assert (way.words, way.name) == ("Colombia", "Colombia")
        assert "'text': ['country:CO']" in way.plain
        assert "'country': ['CO']" in way.only

    def test_a_city_is_told_with_its_country_which_is_what_one_can_narrow_to(self) -> None:
        one = Understood(Facet.COUNTRY, "CO", "Colombia", "bogota", city="Bogotá")
        (way,) = recognized(found(SearchRequest("heat bogota"), understood=(one,)), here)
        assert (way.words, way.name) == ("Bogotá, Colombia", "Colombia")

    @pytest.mark.parametrize(
        ("having", "before", "is_mixed"),
        [("110", 2, False), ("010", 2, True), ("000", 3, False), ("111", 3, False)],
    )
    def test_the_line_stands_behind_the_last_row_that_has_all_the_words(
        self, having: str, before: int, is_mixed: bool
    ) -> None:
        rows = tuple(Hit(brief(key, None, None), 1.0, has_all=has == "1") for key, has in enumerate(having))
        parts = divided(replace(found(SearchRequest("otter tracks")), hits=rows))
        assert (len(parts.before), len(parts.after), parts.is_mixed) == (before, 3 - before, is_mixed)
        by_title = divided(replace(found(SearchRequest("otter tracks", sort=Sort.TITLE)), hits=rows))
        assert by_title.before == rows

    def test_what_to_leave_out_stands_with_what_it_brings_the_most_first(self) -> None:
        asked = SearchRequest(facets={Facet.COUNTRY: frozenset({"CO", "PE"}), Facet.THEME: frozenset({"health"})})
        ways = drops(
            found(
                asked,
                without={Facet.COUNTRY: 2, Facet.THEME: 5},
                without_value={(Facet.COUNTRY, "CO"): 1, (Facet.COUNTRY, "PE"): 0, (Facet.THEME, "health"): 5},
            ),
            here,
        )
        assert [(way.words, way.count) for way in ways] == [
            ("with any theme", 5),
            ("with any country", 2),
            ("without CO", 1),
        ]

    def test_a_country_on_the_map_narrows_and_a_chosen_one_is_left_out(self) -> None:
        asked = SearchRequest(facets={Facet.COUNTRY: frozenset({"PE"})})
        counts = {Facet.COUNTRY: (country("CO", 7), country("PE", 2, chosen=True), country(WORLD, 4))}
        drawn = places(found(asked, facets=counts), here)
        assert drawn.lands["CO"].href == str({"country": ["CO", "PE"]})
        assert drawn.lands["PE"].href == "{}"
        assert drawn.world is not None
        assert drawn.world.count == 4
        assert drawn.counts == {"CO": 7, "PE": 2}

    @given(st.integers(1, 500), st.data())
    def test_each_number_has_exactly_one_step_of_the_legend(self, most: int, data: st.DataObject) -> None:
        count = data.draw(st.integers(1, most))
        counts = {Facet.COUNTRY: (country("CO", most), country("PE", count))}
        drawn = places(found(SearchRequest(), facets=counts), here)
        assert sum(shade.low <= count <= shade.high for shade in drawn.shades) == 1
        assert drawn.ending("CO") == "on"

    @given(st.lists(st.tuples(st.none() | st.dates(), st.none() | st.dates()), max_size=8))
    def test_every_bar_lies_on_the_timeline(self, periods: list[tuple[date | None, date | None]]) -> None:
        rows = [brief(n, start, end) for n, (start, end) in enumerate(periods)]
        drawn = timeline(rows, TODAY)
        assert len(drawn.spans) == len(rows)
        assert all(span.x >= 0 and span.x + span.width <= 1000.1 for span in drawn.spans)
        assert all(
            (span.width > 0) == bool(span.dataset.coverage_start or span.dataset.coverage_end) for span in drawn.spans
        )
        gaps = {b - a for a, b in zip(drawn.years, drawn.years[1:], strict=False)}
        assert len(gaps) <= 1
        assert len(drawn.years) <= 5


# ---- the pages


def test_the_map_links_each_country_and_says_the_same_in_a_table(
    session: Session, client: Client, acme: Organization
) -> None:
    make_dataset(session, acme, countries=["CO", "PE"])
    make_dataset(session, acme, countries=["CO", "MT"])
    make_dataset(session, acme, countries=[WORLD])
    session.commit()
    text = client.get("/datasets?view=map&q=bus").text
    for code, number in (("CO", "2 datasets"), ("PE", "one dataset"), ("MT", "one dataset")):
        assert f'href="/datasets?q=bus&amp;country={code}&amp;view=map"' in text
        assert number in text
    assert "One covers the whole world." in text
    assert "<table" in text
    assert text.count("op-hit__title") == 3


def test_the_timeline_shows_the_datasets_of_the_page_and_the_list_below(
    session: Session, client: Client, acme: Organization
) -> None:
    make_dataset(session, acme, title="Early", coverage_start=date(1990, 1, 1), coverage_end=date(2001, 5, 1))
    make_dataset(session, acme, title="Undated", coverage_start=None)
    session.commit()
    text = client.get("/datasets?view=timeline").text
    assert text.index("Early") < text.index("Undated")
    assert "1990 to 2001" in text
    assert "One of them does not say which period it covers." in text
    assert text.count("op-hit__title") == 2


def test_a_line_parts_what_has_all_the_words_from_what_has_some(
    session: Session, client: Client, acme: Organization
) -> None:
    make_dataset(session, acme, title="Otter tracks")
    make_dataset(session, acme, title="Otter nests")
    text = client.get("/datasets?q=otter+tracks").text
    assert text.index("Otter tracks</a>") < text.index("These have some of your words") < text.index("Otter nests</a>")
    assert "These have some of your words" not in client.get("/datasets?q=otter").text


@pytest.mark.parametrize("view", ["map", "timeline", "zeppelin", ""])
def test_every_view_of_nothing_is_a_page_with_a_way_on(client: Client, view: str) -> None:
    answer = client.get(f"/datasets?q=zeppelin&view={view}")
    assert answer.status_code == 200
    assert "See all datasets" in answer.text


def test_the_files_hold_what_the_page_is_narrowed_to(session: Session, client: Client, acme: Organization) -> None:
    make_dataset(session, acme, title="Trips", countries=["PE"], access_mode=AccessMode.DASHBOARD)
    make_dataset(session, acme, title="Taps", countries=["PE"], access_mode=AccessMode.ENCLAVE)
    make_dataset(session, acme, title="Elsewhere", countries=["CO"])
    session.commit()
    question = "?country=PE&mode=dashboard&view=map"
    found = json.loads(client.get("/datasets.json" + question).data)
    assert [one["title"] for one in found["datasets"]] == ["Trips"]
    text = client.get("/datasets.csv" + question).data.decode("utf-8-sig")
    assert [row["title"] for row in csv.DictReader(io.StringIO(text))] == ["Trips"]


def test_the_other_datasets_of_a_short_list_are_one_step_away(
    session: Session, client: Client, acme: Organization
) -> None:
    for _ in range(22):
        make_dataset(session, acme)
    session.commit()
    assert "Show the other 2" in client.get("/datasets").text
    assert client.get("/datasets?page=2").text.count("op-hit__title") == 2


def test_an_order_by_fit_is_offered_where_something_is_looked_for(
    session: Session, client: Client, acme: Organization
) -> None:
    make_dataset(session, acme, title="Otter tracks")
    make_dataset(session, acme, title="Otter nests")
    session.commit()
    text = client.get("/datasets").text
    assert "Sorted by fit" not in text
    assert '<b aria-current="true">Newest first</b>' in text
    text = client.get("/datasets?q=otter").text
    assert '<b aria-current="true">Sorted by fit</b>' in text
    assert "sort=newest" in text
