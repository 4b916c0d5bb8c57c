"""Goals as a filter and in the text: a number narrows, a name lifts, both are said and can be taken back."""

import json

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.rules.vocabulary import Theme, Visibility
from app.search.addresses import read as read_address
from app.search.addresses import written
from app.search.queries import Facet, Names, SearchPage, SearchRequest, search
from app.search.queries.reading import read
from app.search.queries.saved import followed
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.support.application import Client

CITIES = {Facet.GOAL: frozenset({"11"})}


pytestmark = pytest.mark.usefixtures("listed")


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


@pytest.fixture
def listed(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Bus stops", themes=["mobility", "urban"], keywords=[])
    make_dataset(session, acme, title="Bus fares", themes=["payments"], keywords=["SDG 1"])
    make_dataset(session, acme, title="Clinics", themes=["health"], keywords=[])
    session.commit()


def page(session: Session, text: str = "", **more: object) -> SearchPage:
    return search(session, NOBODY, SearchRequest(text, **more))  # type: ignore[arg-type]


def titles(found: SearchPage) -> list[str]:
    return [hit.dataset.title for hit in found.hits]


def counted(found: SearchPage) -> dict[str, int]:
    return {one.value: one.count for one in found.facets[Facet.GOAL]}


def test_the_list_counts_and_narrows_by_goal_in_the_order_of_their_numbers(session: Session) -> None:
    found = page(session)
    assert list(counted(found).items()) == [("1", 1), ("3", 1), ("11", 1)]
    assert {one.value for one in found.facets[Facet.THEME]} == {"mobility", "urban", "payments", "health"}
    for goal, title in (("1", "Bus fares"), ("3", "Clinics"), ("11", "Bus stops")):
        assert titles(page(session, facets={Facet.GOAL: frozenset({goal})})) == [title]


def test_each_goal_is_counted_once_for_a_listing_that_has_all_themes(session: Session, acme: Organization) -> None:
    before = counted(page(session))
    make_dataset(session, acme, themes=list(Theme), keywords=["SDG 1", "SDG 11", "SDG 17"])
    having = ["1", "2", "3", "4", "6", "7", "8", "9", "11", "13", "14", "15", "16", "17"]
    assert counted(page(session)) == {goal: before.get(goal, 0) + 1 for goal in having}


@pytest.mark.parametrize("text", ["SDG 11", "sdg11", "ODS 11", "ODD 11", "goal 11", "SDG 11.2"])
def test_a_number_finds_what_is_of_the_goal_and_nothing_else(session: Session, text: str) -> None:
    found = page(session, text)
    assert titles(found) == ["Bus stops"]
    (one,) = found.understood
    assert (one.key, one.name, one.narrows) == ("goal:11", "11 Sustainable cities and communities", True)
    assert (found.is_loose, found.did_you_mean) == (False, None)


def test_other_words_are_looked_for_within_the_goal(session: Session) -> None:
    assert titles(page(session, "bus SDG 11")) == ["Bus stops"]
    assert titles(page(session, "which datasets show a bus for SDG 1?")) == ["Bus fares"]
    assert titles(page(session, "SDG 1 and SDG 3", sort="title")) == ["Bus fares", "Clinics"]
    assert titles(page(session, "SDGs 1 and 3", sort="title")) == ["Bus fares", "Clinics"]


def test_a_goal_can_be_taken_as_words_again(session: Session) -> None:
    taken = page(session, "SDG 1", as_text=frozenset({"goal:1"}))
    assert (taken.understood, titles(taken)) == ((), ["Bus fares"])
    assert [one.word for one in read('"SDG 1" +SDG3', Names()).words] == ["sdg", "1", "sdg3"]
    assert read('"SDG 1" +SDG3', Names()).understood == ()


def test_where_nothing_is_of_the_goal_what_has_the_words_comes_nearest(session: Session) -> None:
    found = page(session, "bus SDG 5")
    assert (found.total, {hit.dataset.title for hit in found.nearest}) == (0, {"Bus stops", "Bus fares"})


def test_a_name_lifts_what_is_of_the_goal_and_hides_nothing_that_has_its_words(
    session: Session, acme: Organization
) -> None:
    make_dataset(session, acme, title="Quality of clinics", themes=["other"], keywords=[])
    make_dataset(session, acme, title="Schools", themes=["education"], keywords=[])
    found = page(session, "quality education")
    assert set(titles(found)) == {"Quality of clinics", "Schools"}
    assert [(one.key, one.narrows) for one in found.understood] == [("goal:4", False)]
    assert (found.with_all, found.is_loose) == (1, False)


def test_the_filter_stands_in_addresses_saved_searches_and_feeds(session: Session) -> None:
    assert written(SearchRequest(facets=CITIES)) == "goal=11"
    asked = followed(read_address("goal=11"), 10)
    assert titles(search(session, NOBODY, asked)) == ["Bus stops"]
    assert titles(search(session, NOBODY, followed(SearchRequest("SDG 11"), 10))) == ["Bus stops"]


def test_what_nobody_may_see_counts_for_no_goal(session: Session, acme: Organization) -> None:
    before = (counted(page(session)), page(session, "SDG 11").total)
    make_dataset(session, acme, themes=["urban", "water"], keywords=["SDG 5"], visibility=Visibility.MEMBERS)
    assert (counted(page(session)), page(session, "SDG 11").total) == before


def test_a_goal_costs_no_statement_more(session: Session) -> None:
    ran: list[str] = []
    page(session)  # the first one brings the index up to date
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: ran.append(str(given[2])))
    page(session, "bus")
    without = len(ran)
    page(session, "bus SDG 11")
    assert 0 < len(ran) == 2 * without


# ---- the pages


def test_the_page_says_what_was_understood_and_lets_it_be_taken_back(client: Client) -> None:
    text = client.get("/datasets?q=SDG+11").text
    assert '<a class="op-chip op-chip--link" href="/datasets?q=SDG+11&amp;text=goal%3A11">11 Sustainable cities' in text
    assert "Sustainable cities and communities first" not in text
    text = client.get("/datasets?q=bus+SDG+5").text
    assert "No dataset of this goal has any of the other words." in text
    assert 'is read as a Sustainable Development Goal. <a href="/datasets?q=bus+SDG+5&amp;text=goal%3A5">' in text
    assert "No dataset is of this goal." in client.get("/datasets?q=SDG+5").text


def test_a_goal_that_leaves_nothing_is_offered_to_be_left_out(client: Client) -> None:
    text = client.get("/datasets?goal=11&theme=health").text
    assert "with any goal</a>" in text
    assert "Sustainable Development Goal" in client.get("/datasets").text


def test_files_and_feeds_are_narrowed_to_a_goal(client: Client) -> None:
    found = json.loads(client.get("/datasets.json?goal=11").text)
    assert [one["title"] for one in found["datasets"]] == ["Bus stops"]
    assert {"value": "11", "name": "11 Sustainable cities and communities", "count": 1} in found["facets"]["goal"]
    for address in ("/datasets.csv?goal=11", "/datasets.atom?goal=11", "/datasets.ttl?goal=11"):
        text = client.get(address).text
        assert ("Bus stops" in text, "Clinics" in text) == (True, False), address
