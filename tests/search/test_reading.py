"""What is typed is text: words, phrases, signs, questions, places and years are understood, and nothing is an error."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.rules.vocabulary import WORLD
from app.search.engine.values import Facet
from app.search.queries import Names, SearchPage, SearchRequest, search
from app.search.queries.reading import read
from app.search.queries.spelling import mistakes
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def page(session: Session, text: str, **more: object) -> SearchPage:
    return search(session, NOBODY, SearchRequest(text, **more))  # type: ignore[arg-type]


def titles(session: Session, text: str) -> list[str]:
    return [hit.dataset.title for hit in page(session, text).hits]


def words(text: str) -> list[str]:
    return [one.word for one in read(text, Names()).words]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the mobility of people", ["mobility", "people"]),
        ("la movilidad de las personas", ["movilidad", "personas"]),
        ("What datasets are available on school meals?", ["school", "meals"]),
        ("¿Qué datos hay sobre comedores escolares?", ["comedores", "escolares"]),
        ("Quais dados existem sobre merenda escolar?", ["merenda", "escolar"]),
        ("Quelles données sont disponibles sur les cantines scolaires ?", ["cantines", "scolaires"]),
        ("open data portals", ["open", "data", "portals"]),
        ("mobility data", ["mobility"]),
        ("datasets", ["datasets"]),
        ("conjuntos de datos disponibles de puertos", ["puertos"]),
        ("base de dados de saúde", ["saude"]),
        ("military base", ["military", "base"]),
        ("¿Hay datos sobre remesas?", ["remesas"]),
        ("hay datos sobre remesas", ["remesas"]),
        ("hay bales", ["hay", "bales"]),
        ("what data on floods", ["floods"]),
        ("floods?", ["floods"]),
        ("offres d'emploi", ["offres", "emploi"]),
        ("qualité de l’air", ["qualite", "air"]),
        ("l'eau qu'on boit", ["eau", "boit"]),
        ("d'eau", ["eau"]),
        ("x", ["x"]),
        ("covid 19", ["covid", "19"]),
        ("who", ["who"]),
    ],
)
def test_small_words_go_and_in_questions_the_words_of_asking_too(text: str, kept: list[str]) -> None:
    assert words(text) == kept


def test_quotes_plus_and_minus_are_kept_apart() -> None:
    reading = read('+heat "city block" -bus covid-19', Names())
    assert reading.musts == (("heat",), ("city", "block"))
    assert reading.nots == (("bus",),)
    assert [one.word for one in reading.words] == ["heat", "city", "block", "covid", "19"]


def test_a_phrase_finds_words_that_stand_together(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Block by city", description="A city has a block.", summary="", unit="")
    make_dataset(session, acme, title="Heat", description="By city block and hour.")
    assert titles(session, '"city block"') == ["Heat"]
    assert titles(session, "+hour block") == ["Heat"]
    assert titles(session, "block -hour") == ["Block by city"]


def test_a_plural_or_another_form_is_found_in_each_language(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Libraries", description="The visits of readers to the library.", countries=[])
    make_dataset(
        session,
        acme,
        title="Escuelas",
        description="Los alumnos de la escuela y los maestros en el aula.",
        countries=[],
    )
    assert titles(session, "visiting") == ["Libraries"]
    assert titles(session, "alumno") == ["Escuelas"]


def test_the_same_thing_in_another_language_is_found_after_the_word_itself(
    session: Session, acme: Organization
) -> None:
    make_dataset(session, acme, title="Movilidad urbana", themes=[], description="Viajes.", countries=[])
    make_dataset(session, acme, title="Urban mobility", themes=[], description="Trips.", countries=[])
    assert titles(session, "mobility") == ["Urban mobility", "Movilidad urbana"]


@pytest.mark.parametrize("typed", ["tempreture", "temperatrue", "temprature"])
def test_a_misspelled_word_is_forgiven_and_named(session: Session, acme: Organization, typed: str) -> None:
    make_dataset(session, acme, title="Surface temperature", description="Temperatures of streets.")
    found = page(session, f"Surface {typed}")
    assert [hit.dataset.title for hit in found.hits] == ["Surface temperature"]
    assert found.did_you_mean == "Surface temperature"


@pytest.mark.parametrize("asked", ["tempreture", "Surface tempreture", "What is there on surface tempreture here?"])
def test_what_has_the_corrected_word_has_not_the_word_that_was_asked_for(
    session: Session, acme: Organization, asked: str
) -> None:
    make_dataset(session, acme, title="Surface temperature", description="Temperatures of streets.")
    found = page(session, asked)
    assert (found.total, found.is_loose, found.with_all, found.unknown) == (1, True, 0, ("tempreture",))
    assert not found.hits[0].has_all
    assert page(session, asked, has_all=True).total == 0


def test_a_word_that_occurs_is_never_corrected(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Heat by block")
    make_dataset(session, acme, title="Heathr land")
    assert page(session, "heathr").did_you_mean is None
    assert titles(session, "heathr") == ["Heathr land"]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("firms", "farms"),
        ("west", "wet"),
        ("equality", "quality"),
        ("niño", "nine"),
        ("vacantes", "vacancies"),
        ("qualité", "quality"),
        ("digitais", "digital"),
        ("labour", "labor"),
    ],
)
def test_a_word_of_a_language_is_taken_for_no_other(
    session: Session, acme: Organization, asked: str, near: str
) -> None:
    make_dataset(session, acme, title=near, description="Taps.", keywords=[], themes=[])
    assert page(session, asked).did_you_mean is None
    assert page(session, f"{asked} zeppelin").did_you_mean is None


def test_the_beginning_of_another_word_is_no_word_that_was_asked_for(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Westward winds", description="Taps.")
    found = page(session, "west winds")
    assert (found.total, found.is_loose, found.unknown) == (1, True, ("west",))


def test_a_slip_is_corrected_in_the_language_of_the_search(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Consumption: electricity", description="Taps.")
    assert page(session, "consumo de electricty").did_you_mean is None
    assert page(session, "electricty consumption").did_you_mean == "electricity consumption"
    make_dataset(session, acme, title="La electricidad y el consumo de las ciudades", description="Taps.")
    assert page(session, "consumo de electricidd").did_you_mean == "consumo de electricidad"


def test_of_a_word_behind_an_apostrophe_only_the_word_is_corrected(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Accès à l'électricité des ménages", description="Taps.")
    assert page(session, "accès à l'electrisite").did_you_mean == "accès à l'electricite"


@pytest.mark.parametrize("typed", ["Kisumu", "Kisumu payments"])
def test_the_words_of_a_recognized_place_are_not_corrected(session: Session, acme: Organization, typed: str) -> None:
    make_dataset(session, acme, title="Kisuma payments", countries=["KE"])
    found = page(session, typed)
    named = [one.value for one in found.understood if one.facet is Facet.COUNTRY]
    assert (found.did_you_mean, named) == (None, ["KE"])
    assert page(session, typed, as_text=frozenset({"country:KE"})).did_you_mean == typed.replace("Kisumu", "kisuma")


def test_the_words_of_a_place_are_missing_only_where_nothing_is_of_it(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="New taps", countries=["US"])
    found = page(session, "zeppelin new york taps")
    assert (found.is_loose, found.unknown) == (True, ("zeppelin",))
    assert page(session, "zeppelin bogota taps").unknown == ("zeppelin", "bogota")
    assert page(session, "addis ababa, taps").unknown == ("addis ababa",)
    assert page(session, "york taps").unknown == ("york",)


def test_the_words_of_a_recognized_place_are_completed_to_nothing(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Demand reports", countries=["CO"])
    assert titles(session, "dem rep") == ["Demand reports"]
    assert titles(session, "Congo, Dem. Rep.") == []


def test_a_country_under_another_of_its_names_is_no_missing_word(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Taps", countries=["US"])
    make_dataset(session, acme, title="Taps of Peru", countries=["PE"])
    found = page(session, "taps usa")
    assert (found.is_loose, found.with_all, found.unknown) == (False, 1, ())
    assert [(hit.dataset.title, hit.has_all) for hit in found.hits] == [("Taps", True), ("Taps of Peru", False)]


def test_a_search_since_a_year_lifts_what_covers_a_later_one(session: Session, acme: Organization) -> None:
    for title, first, last in (("Mobility A", 2023, 2024), ("Mobility B", 2010, 2012)):
        make_dataset(session, acme, title=title, coverage_start=date(first, 1, 1), coverage_end=date(last, 1, 1))
    assert titles(session, "mobility since 2019") == ["Mobility A", "Mobility B"]


def test_a_place_and_a_year_lift_what_covers_them(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Mobility A", countries=["PE"])
    make_dataset(session, acme, title="Mobility B", countries=["CO"])
    found = page(session, "mobility bogota 2023")
    assert [hit.dataset.title for hit in found.hits] == ["Mobility B", "Mobility A"]
    assert [(one.facet, one.value, one.words) for one in found.understood] == [
        (Facet.COUNTRY, "CO", "bogota"), (Facet.PERIOD, "2023", "2023"), (Facet.THEME, "mobility", "mobility"),
    ]  # fmt: skip


def test_the_listings_of_a_place_come_before_those_of_others_that_say_the_year(
    session: Session, acme: Organization
) -> None:
    for quarter in range(3):
        make_dataset(session, acme, title=f"Protection report {quarter} 2023", countries=["LB"], coverage_start=None)
    make_dataset(session, acme, title="Household survey", countries=["CO"], coverage_start=None)
    assert titles(session, "mobility bogota 2023")[0] == "Household survey"


def test_a_title_that_names_the_country_stands_for_its_city(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Report 2023", countries=[], coverage_start=None)
    make_dataset(session, acme, title="Colombia: roads", countries=[], coverage_start=None)
    assert titles(session, "mobility bogota 2023") == ["Colombia: roads", "Report 2023"]


def test_what_is_of_other_places_comes_last_and_what_is_of_none_or_of_all_does_not(
    session: Session, acme: Organization
) -> None:
    make_dataset(session, acme, title="Mobility and trips in Peru", keywords=["mobility"], countries=["PE"])
    make_dataset(session, acme, title="Mobility of the world", countries=[WORLD])
    make_dataset(session, acme, title="Mobility", countries=[])
    make_dataset(session, acme, title="Trips", countries=["CO", "PE"])
    assert titles(session, "mobility trips kenya colombia")[-1] == "Mobility and trips in Peru"
    assert len(titles(session, "mobility trips kenya colombia")) == 4


def test_a_name_that_is_also_a_place_hides_nothing_that_has_all_the_words(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Exports of turkey meat", countries=["US"])
    make_dataset(session, acme, title="Exports of wheat", countries=["TR"])
    assert titles(session, "turkey meat exports") == ["Exports of turkey meat", "Exports of wheat"]


def test_what_is_of_a_region_comes_first_and_can_be_narrowed_to(session: Session, acme: Organization) -> None:
    for title, country in (("Trips A", "SN"), ("Trips B", "KE"), ("Trips C", "GH")):
        make_dataset(session, acme, title=title, countries=[country])
    make_dataset(session, acme, title="Trips and trips west", keywords=["trips"], countries=["PE"])
    found = page(session, "trips West Africa")
    assert {hit.dataset.title for hit in found.hits[:2]} == {"Trips A", "Trips C"}
    assert (found.is_loose, found.with_all, found.unknown) == (False, 2, ())
    found = page(session, "trips", facets={Facet.COUNTRY: frozenset({"011"})})
    assert sorted(hit.dataset.title for hit in found.hits) == ["Trips A", "Trips C"]
    assert [(one.value, one.count) for one in found.facets[Facet.COUNTRY] if one.is_chosen] == [("011", 2)]


def test_what_was_understood_can_be_taken_off(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Mobility", countries=["CO"])
    assert page(session, "bogota", as_text=frozenset({"country:CO"})).total == 0
    assert page(session, "bogota").total == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("estados unidos", "US"),
        ("Côte d'Ivoire", "CI"),
        ("alemania", "DE"),
        ("São Paulo", "BR"),
        ("floods, Lima.", "PE"),
        ("Democratic Republic of the Congo", "CD"),
        ("R.D. Congo", "CD"),
        ("D.R. Congo floods", "CD"),
        ("RDC", "CD"),
        ("Republic of Korea", "KR"),
        ("Korea", "KR"),
        ("EE.UU.", "US"),
        ("Washington D.C.", "US"),
        ("floods in Latin America and the Caribbean", "419"),
        ("América Latina", "419"),
        ("west africa", "011"),
        ("eau en Afrique de l’Ouest", "011"),
        ("Sub-Saharan Africa", "202"),
        ("South Asia", "034"),
        ("South Africa", "ZA"),
        ("MENA", "MEA"),
        ("global", None),
        ("2019-2021", "2019-2021"),
        ("2019 to 2021", "2019-2021"),
        ("2020..2022", "2020-2022"),
        ("2020-22", "2020-2022"),
        ("trips between 2020 and 2022", "2020-2022"),
        ("viajes entre 2020 y 2022", "2020-2022"),
        ("desde 2020 hasta 2022", "2020-2022"),
        ("mobility since 2019", "2019-"),
        ("viagens desde 2019", "2019-"),
        ("since 2019-05-01", "2019-"),
        ("2020-12", "2020"),
        ("DS-2023-9999999", None),
        ("20230", None),
    ],
)
def test_places_in_four_languages_and_years_are_recognized(text: str, value: str | None) -> None:
    found = [one.value for one in read(text, Names()).understood if one.facet is not Facet.THEME]
    assert found == ([value] if value else [])


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("bogota", "Bogotá"),
        ("BOGOTÁ", "Bogotá"),
        ("dar es salaam", "Dar es Salaam"),
        ("buenos aires", "Buenos Aires"),
        ("colombia", ""),
        ("usa", ""),
    ],
)
def test_a_city_is_told_as_it_is_written(text: str, city: str) -> None:
    assert [one.city for one in read(text, Names()).understood] == [city]


def test_a_search_for_a_year_alone_finds_what_covers_it(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Old", coverage_start=None, coverage_end=None, summary="", description="Trips.")
    make_dataset(session, acme, title="Since 2022", summary="", description="Trips.")
    assert titles(session, "2024") == ["Since 2022"]


ODD = st.text(
    alphabet=st.sampled_from(list("ab \"'+-*:^~()[]{}\\/|&!?<>=@#$%.,;0129áß\x00\u202e🦆\ud800")), max_size=40
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ODD)
def test_nothing_that_is_typed_is_an_error(session: Session, text: str) -> None:
    if not search(session, NOBODY, SearchRequest()).total:
        make_dataset(session, partner(session, "Acme"), title="ab a b 01")
    assert page(session, text).total >= 0


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("heat", "heat", 0),
        ("heta", "heat", 1),
        ("het", "heat", 1),
        ("hheat", "heat", 1),
        ("heut", "heat", 1),
        ("abc", "xyz", 3),
    ],
)
def test_mistakes_are_counted_as_people_make_them(one: str, other: str, number: int) -> None:
    assert mistakes(one, other, 2) == number
