"""The name of a theme lifts what is of it, in four languages; it is said, and can be taken back."""

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.rules.themes import theme_called
from app.rules.vocabulary import THEMES, Theme
from app.search.queries import Names, SearchPage, SearchRequest, search
from app.search.queries.reading import read
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.support.application import Client

FLAGSHIP, MENTION, TITLED = "Flows between districts by hour", "Retail prices", "Mobility of workers"


@pytest.fixture(autouse=True)
def listed(session: Session) -> Organization:
    acme = partner(session, "Acme Maps")

    def put(title: str, text: str, theme: str, country: str) -> None:
        make_dataset(
            session, acme, title=title, description=text, themes=[theme], countries=[country], keywords=[], summary="",
            unit="", coverage_start=None,
        )  # fmt: skip

    long = "Where phones of a network were seen, as counts, " * 20
    put(FLAGSHIP, long, "mobility", "PE")
    put(MENTION, "Prices beside mobility.", "economy", "CO")
    put(TITLED, "Who moves for a job.", "labor", "CO")
    put("Clinics", "Visits.", "health", "PE")
    session.commit()
    return acme


def page(session: Session, text: str, **more: object) -> SearchPage:
    return search(session, NOBODY, SearchRequest(text, **more))  # type: ignore[arg-type]


def titles(session: Session, text: str) -> list[str]:
    return [hit.dataset.title for hit in page(session, text).hits]


def test_what_is_of_the_theme_comes_before_what_only_mentions_its_name(session: Session) -> None:
    found = titles(session, "mobility")
    assert found.index(FLAGSHIP) < found.index(MENTION)
    assert set(found) == {FLAGSHIP, MENTION, TITLED}, "nothing that has the word is hidden"
    as_word = page(session, "mobility", as_text=frozenset({"theme:mobility"}))
    assert as_word.hits[-1].dataset.title == FLAGSHIP


@pytest.mark.parametrize(
    "text", ["movilidad", "Mobilidade", "mobilité et transport", "Movilidad y transporte", "transport"]
)
def test_a_theme_is_found_by_its_name_in_each_language(session: Session, text: str) -> None:
    found = page(session, text)
    assert found.hits[0].dataset.title == FLAGSHIP
    assert not found.is_loose
    assert [one.key for one in found.understood] == ["theme:mobility"]


def test_places_years_and_words_for_data_may_stand_beside_the_name(session: Session) -> None:
    for text in ("mobility data", "mobility Peru 2023", "Peru, mobility"):
        assert "theme:mobility" in [one.key for one in page(session, text).understood], text
    assert titles(session, "mobility peru")[0] == FLAGSHIP


@pytest.mark.parametrize("text", ['"mobility"', "+mobility", "mobility of workers", "Is there mobility in Peru?"])
def test_a_name_among_other_words_or_behind_a_sign_stays_words(text: str) -> None:
    assert all(one.facet != "theme" for one in read(text, Names()).understood)


def test_every_theme_has_its_name_and_both_parts_of_one_that_names_two_things() -> None:
    for theme in set(Theme) - {Theme.OTHER}:
        assert theme_called(THEMES[theme]) is theme
        assert all(theme_called(part) is theme for part in THEMES[theme].split(" and "))
    assert theme_called("Mobility, transport & more") is None
    assert theme_called("SANTE") is Theme.HEALTH


def test_the_page_says_which_theme_comes_first_and_offers_it_alone_and_as_words(client: Client) -> None:
    shown = client.get("/datasets?q=movilidad").text
    assert "Mobility and transport first" in shown
    assert "only Mobility and transport" in shown
