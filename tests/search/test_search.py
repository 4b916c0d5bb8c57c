"""Searching: any word, in title, keywords and description; nothing hidden shows in rows, counts or order."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Visibility
from app.rules.workflow import ListingState
from app.search.queries import Facet, SearchRequest, Sort, search
from tests.catalog.people import actor, organization, partner
from tests.factories.catalog import make_dataset


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def titles(session: Session, text: str, viewer: object = NOBODY, **more: object) -> list[str]:
    page = search(session, viewer, SearchRequest(text, **more))  # type: ignore[arg-type]
    return [hit.dataset.title for hit in page.hits]


def test_a_word_is_found_in_title_keywords_description_and_country(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Taps", keywords=["metro"], description="By corner shop.", countries=["PE"])
    for text in ("taps", "Metro", "corner", "Peru", "Perú", "acme", "mobility"):
        assert titles(session, text) == ["Taps"], text


def test_the_publishers_identifier_finds_its_listing(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Steps", identifier="acme-street-movement-14")
    make_dataset(session, acme, title="Stops", identifier="https://data.example.org/dataset/stops-0815")
    make_dataset(session, acme, title="Street movement of 2014")
    for typed, found in (('"acme-street-movement-14"', "Steps"), ("stops-0815", "Stops")):
        assert search(session, NOBODY, SearchRequest(typed)).hits[0].dataset.title == found
    assert search(session, NOBODY, SearchRequest('"acme-street-movement-14"')).total == 1
    assert search(session, NOBODY, SearchRequest("https")).total == 0


@pytest.mark.parametrize(
    "value",
    [
        {"en": "Bus stops", "es": "Paradas de autobús"},
        [{"@value": "Bus stops", "@language": "en"}, {"@value": "Paradas de autobús", "@language": "es"}],
    ],
)
def test_a_title_in_another_language_that_came_with_an_import_finds_its_listing(
    session: Session, acme: Organization, value: object
) -> None:
    kept = {
        "format": "dcat",
        "kept": {},
        "fuller": {"title": {"name": "dct:title", "value": value, "read": "Bus stops"}},
    }
    make_dataset(session, acme, title="Bus stops", foreign=kept)
    make_dataset(session, acme, title="Tram lines", foreign={"format": "dcat", "kept": {}})
    assert [hit.dataset.title for hit in search(session, NOBODY, SearchRequest("paradas")).hits] == ["Bus stops"]


def test_any_of_the_words_finds_and_all_of_them_come_first(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Flows in Lima", countries=["PE"])
    make_dataset(session, acme, title="Flows in Cali", countries=["CO"])
    assert titles(session, "flows lima") == ["Flows in Lima", "Flows in Cali"]


def test_accents_and_capitals_do_not_matter(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Movilidad en Bogotá")
    assert titles(session, "BOGOTA movilidad") == ["Movilidad en Bogotá"]


def test_the_start_of_a_word_finds_it_and_a_plural_its_singular(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Flood maps")
    assert titles(session, "flo") == ["Flood maps"]
    assert titles(session, "floods") == ["Flood maps"]
    assert titles(session, "maple flo") == ["Flood maps"]
    assert titles(session, "ood") == []


def test_a_title_counts_more_than_keywords_and_a_description(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="In the text", description="About heat.")
    make_dataset(session, acme, title="Among keywords", keywords=["heat"])
    make_dataset(session, acme, title="Heat by block")
    assert titles(session, "heat")[0] == "Heat by block"
    assert len(titles(session, "heat")) == 3


def test_a_rare_word_counts_more_than_a_common_one(session: Session, acme: Organization) -> None:
    for _ in range(5):
        make_dataset(session, acme, title="Common ground")
    make_dataset(session, acme, title="Rare earth")
    page = search(session, NOBODY, SearchRequest("common rare"))
    assert page.is_loose
    assert page.hits[0].dataset.title == "Rare earth"
    assert page.total == 6


def test_nothing_with_all_words_gives_some_of_them_and_says_so(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Bus boardings")
    page = search(session, NOBODY, SearchRequest("bus zeppelin"))
    assert (page.total, page.is_loose) == (1, True)
    assert search(session, NOBODY, SearchRequest("zeppelin airship")).total == 0
    assert not search(session, NOBODY, SearchRequest("zeppelin airship")).is_loose
    assert page.unknown == ("zeppelin",)


def test_it_says_how_many_have_all_the_words(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Otter tracks", countries=["CO"])
    make_dataset(session, acme, title="Otter nests", countries=["PE"])
    make_dataset(session, acme, title="Otter tracks", countries=["PE"])
    page = search(session, NOBODY, SearchRequest("otter tracks"))
    assert (page.total, page.with_all, page.is_loose) == (3, 2, False)
    page = search(session, NOBODY, SearchRequest("otter tracks", facets={Facet.COUNTRY: frozenset({"PE"})}))
    assert (page.total, page.with_all, page.is_loose) == (2, 1, False)
    page = search(session, NOBODY, SearchRequest("otter tracks", facets={Facet.COUNTRY: frozenset({"BR"})}))
    assert (page.total, page.with_all, page.is_loose) == (0, 0, False)


def test_each_row_says_whether_it_has_all_the_words_where_some_have_not(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Otter tracks")
    make_dataset(session, acme, title="Otter nests")
    hits = search(session, NOBODY, SearchRequest("otter tracks")).hits
    assert {hit.dataset.title: hit.has_all for hit in hits} == {"Otter tracks": True, "Otter nests": False}
    assert not any(hit.has_all for hit in search(session, NOBODY, SearchRequest("otter zeppelin")).hits)


def test_what_a_sign_takes_out_is_not_counted_among_those_with_all_words(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Otter tracks", keywords=["nests"])
    make_dataset(session, acme, title="Otter food")
    make_dataset(session, acme, title="Tiger tracks")
    page = search(session, NOBODY, SearchRequest("otter tracks -nests"))
    assert (page.total, page.with_all, page.is_loose) == (2, 0, True)


def test_what_covers_a_year_that_is_asked_for_has_that_word(session: Session, acme: Organization) -> None:
    long, old = (date(2019, 1, 1), date(2025, 12, 31)), (date(2001, 1, 1), date(2003, 12, 31))
    make_dataset(session, acme, title="Otter tracks", coverage_start=long[0], coverage_end=long[1])
    make_dataset(session, acme, title="Otter nests", coverage_start=old[0], coverage_end=old[1])
    page = search(session, NOBODY, SearchRequest("otter 2023"))
    assert (page.total, page.with_all, page.is_loose, page.unknown) == (2, 1, False, ())
    assert [(hit.dataset.title, hit.has_all) for hit in page.hits] == [("Otter tracks", True), ("Otter nests", False)]
    assert search(session, NOBODY, SearchRequest("otter 2018-2020")).with_all == 1
    page = search(session, NOBODY, SearchRequest("otter 1975"))
    assert (page.is_loose, page.unknown) == (True, ("1975",))
    as_words = SearchRequest("otter 2023", as_text=frozenset({"period:2023"}))
    assert search(session, NOBODY, as_words).is_loose


def test_what_is_taken_out_alone_leaves_everything_else(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Otter tracks")
    make_dataset(session, acme, title="Bus boardings")
    assert titles(session, "-otter") == ["Bus boardings"]
    assert titles(session, '-"otter tracks"') == ["Bus boardings"]
    assert len(titles(session, "-zeppelin")) == 2


@pytest.mark.parametrize(
    "text",
    [
        '"bus',
        "bus' OR 1=1 --",
        "100%",
        "_",
        "%",
        "\\",
        "bus\x00 boardings",
        "\ud800",
        "\u202ebus",
        "(",
        "*",
        "a" * 5000,
    ],
)
def test_odd_characters_are_just_text(session: Session, acme: Organization, text: str) -> None:
    make_dataset(session, acme, title="Bus boardings")
    search(session, NOBODY, SearchRequest(text))


def test_a_wildcard_of_the_database_is_a_character_like_others(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="snake_case")
    make_dataset(session, acme, title="Bus boardings")
    assert titles(session, "snake%") == titles(session, "snake_") == ["snake_case"]
    assert titles(session, "b_s b%") == []


def test_only_what_is_listed_is_found(session: Session, acme: Organization) -> None:
    for state in ListingState:
        make_dataset(session, acme, title=state.value, state=state)
    for viewer in (NOBODY, actor(acme, Role.STEWARD)):
        assert titles(session, "", viewer) == ["listed"]


def test_members_only_and_named_listings_are_found_by_those_they_admit(session: Session, acme: Organization) -> None:
    member, other = organization(session, Kind.MEMBER), organization(session, Kind.MEMBER)
    rival = partner(session)
    make_dataset(session, acme, title="For members", visibility=Visibility.MEMBERS)
    make_dataset(session, acme, title="For one", visibility=Visibility.NAMED, admitted=[member])
    assert titles(session, "for") == []
    assert titles(session, "for", actor(rival, Role.STEWARD)) == []
    assert titles(session, "for", actor(other, Role.PROJECT_STAFF)) == ["For members"]
    assert set(titles(session, "for", actor(member, Role.PROJECT_STAFF))) == {"For members", "For one"}
    assert set(titles(session, "for", actor(acme, Role.FOCAL_POINT))) == {"For members", "For one"}
    secretariat = organization(session, Kind.SECRETARIAT)
    assert set(titles(session, "for", actor(secretariat, Role.OFFICER))) == {"For members", "For one"}


def test_a_hidden_listing_changes_no_row_count_facet_score_or_order(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Heat by block", countries=["CO"])
    make_dataset(session, acme, title="Bus heat", countries=["PE"])
    asked = [SearchRequest("heat block"), SearchRequest("heat"), SearchRequest(""), SearchRequest("zeppelin heat")]
    before = [search(session, NOBODY, request) for request in asked]
    hidden = partner(session, "Hidden partner")
    for state, visibility in ((ListingState.LISTED, Visibility.MEMBERS), (ListingState.DRAFT, Visibility.PUBLIC)):
        make_dataset(
            session, hidden, title="Heat block zeppelin", state=state, visibility=visibility, countries=["BR"],
            themes=["health"], access_mode=AccessMode.ENCLAVE,
        )  # fmt: skip
    assert [search(session, NOBODY, request) for request in asked] == before


def test_facets_count_what_the_other_filters_leave(session: Session, acme: Organization) -> None:
    blue = partner(session, "Bluebird")
    make_dataset(session, acme, countries=["CO", "PE"], themes=["mobility"])
    make_dataset(session, acme, countries=["CO"], themes=["health"])
    make_dataset(session, blue, countries=["BR"], themes=["health"], access_mode=AccessMode.DASHBOARD)
    page = search(session, NOBODY, SearchRequest(facets={Facet.COUNTRY: frozenset({"CO"})}))
    assert page.total == 2
    assert {one.value: one.count for one in page.facets[Facet.COUNTRY]} == {"CO": 2, "PE": 1, "BR": 1}
    assert {one.value: one.count for one in page.facets[Facet.THEME]} == {"mobility": 1, "health": 1}
    assert {one.name: one.count for one in page.facets[Facet.PARTNER]} == {"Acme Maps": 2}
    assert {one.value: one.count for one in page.facets[Facet.MODE]} == {"secure_transfer": 2}
    assert [one.value for one in page.facets[Facet.COUNTRY] if one.is_chosen] == ["CO"]


def test_values_of_one_facet_widen_and_of_two_narrow(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="A", countries=["CO"], themes=["health"])
    make_dataset(session, acme, title="B", countries=["PE"], themes=["mobility"])
    both = {Facet.COUNTRY: frozenset({"CO", "PE"})}
    assert set(titles(session, "", facets=both)) == {"A", "B"}
    assert titles(session, "", facets={**both, Facet.THEME: frozenset({"health"})}) == ["A"]


def test_nothing_found_says_how_much_each_filter_costs(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Bus", countries=["CO"], themes=["mobility"])
    asked = {Facet.COUNTRY: frozenset({"CO"}), Facet.THEME: frozenset({"health"})}
    page = search(session, NOBODY, SearchRequest("bus", facets=asked))
    assert page.total == 0
    assert page.without == {Facet.THEME: 1, Facet.COUNTRY: 0}
    assert page.without_any == 1


def test_a_value_that_nobody_offers_finds_nothing(session: Session, acme: Organization) -> None:
    make_dataset(session, acme)
    for odd in ("' OR 1", "", "\x00", "zz", "🦆"):
        for facet in Facet:
            assert search(session, NOBODY, SearchRequest("", {facet: frozenset({odd})})).total == 0


def test_pages_divide_the_hits_without_repeating_one(session: Session, acme: Organization) -> None:
    for number in range(7):
        make_dataset(session, acme, title=f"Set {number}")
    seen = [
        hit.dataset.title
        for page in (1, 2, 3, 4)
        for hit in search(session, NOBODY, SearchRequest("set", page=page, page_size=3)).hits
    ]
    assert len(seen) == len(set(seen)) == 7
    assert search(session, NOBODY, SearchRequest("set", page_size=3)).pages == 3
    assert search(session, NOBODY, SearchRequest("set", page=-5)).request.page == 1


def test_by_title_is_in_the_order_of_the_alphabet(session: Session, acme: Organization) -> None:
    for title in ("Ölraps", "apples", "Zebra"):
        make_dataset(session, acme, title=title)
    assert titles(session, "", sort=Sort.TITLE) == ["apples", "Ölraps", "Zebra"]


def test_a_search_takes_the_same_statements_however_much_there_is(session: Session, acme: Organization) -> None:
    def statements() -> int:
        session.expire_all()
        ran: list[str] = []
        bind = session.get_bind()
        listen = lambda *args: ran.append(str(args[2]))  # noqa: E731
        event.listen(bind, "before_cursor_execute", listen)
        search(session, NOBODY, SearchRequest("bus"))
        event.remove(bind, "before_cursor_execute", listen)
        return len(ran)

    for _ in range(20):
        make_dataset(session, acme)
    statements()  # the first one brings the index up to date
    few = statements()
    for _ in range(180):
        make_dataset(session, acme)
    statements()
    assert statements() == few <= 5
