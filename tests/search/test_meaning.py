"""Words that say little in one place and much in another, and names of places that are words: what stands beside them tells."""

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.search.language.synonyms import synonyms
from app.search.queries import Facet, Names, SearchPage, SearchRequest, search
from app.search.queries.reading import read
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def page(session: Session, text: str) -> SearchPage:
    return search(session, NOBODY, SearchRequest(text))


def titles(session: Session, text: str) -> list[str]:
    return [hit.dataset.title for hit in page(session, text).hits]


def words(text: str) -> list[str]:
    return [one.word for one in read(text, Names()).words]


def named(text: str) -> list[str]:
    return [one.value for one in read(text, Names()).understood if one.facet is not Facet.THEME]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hepatitis b", ["hepatitis", "b"]),
        ("hepatitis a", ["hepatitis", "a"]),
        ("vitamin A deficiency", ["vitamin", "a", "deficiency"]),
        ("Where can I find data on hepatitis B?", ["hepatitis", "b"]),
        ("a map of a city", ["map", "city"]),
        ("U.S. GDP", ["gdp"]),
        ("children's health", ["children", "health"]),
    ],
)
def test_a_letter_is_kept_unless_an_apostrophe_or_the_initials_of_a_place_left_it(text: str, kept: list[str]) -> None:
    assert words(text) == kept


def test_a_letter_tells_one_thing_from_another(session: Session, acme: Organization) -> None:
    for title in ("Hepatitis A", "Hepatitis B"):
        make_dataset(session, acme, title=title, description="Taps.")
    assert titles(session, "hepatitis b")[0] == "Hepatitis B"
    assert titles(session, "hepatitis a")[0] == "Hepatitis A"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("data protection", [("data", 0.3), ("protection", 1.0)]),
        ("mobile data traffic", [("mobile", 1.0), ("data", 0.3), ("traffic", 1.0)]),
        ("protección de datos personales", [("proteccion", 1.0), ("datos", 0.3), ("personales", 1.0)]),
        ("datos de movilidad", [("movilidad", 1.0)]),
        ("floods dataset Peru", [("floods", 1.0), ("peru", 1.0)]),
        ("mobility data kenya", [("mobility", 1.0), ("kenya", 1.0)]),
        ("mobility data 2020", [("mobility", 1.0), ("2020", 1.0)]),
    ],
)
def test_data_counts_a_little_where_it_belongs_to_what_follows(text: str, kept: list[tuple[str, float]]) -> None:
    assert [(one.word, one.weight) for one in read(text, Names()).words] == kept


@pytest.mark.parametrize(
    ("word", "other"),
    [("aid", "hiv"), ("sar", "covid"), ("gp", "gps"), ("sm", "smes"), ("hives", "hiv"), ("cares", "car")],
)  # fmt: skip
def test_an_abbreviation_is_no_plural_and_has_none(word: str, other: str) -> None:
    assert other not in synonyms(word, is_had=False)


@pytest.mark.parametrize(
    ("word", "other"), [("aids", "hiv"), ("car", "vehicle"), ("cars", "vehicle"), ("ngos", "ong"), ("aid", "ayuda")]
)
def test_an_abbreviation_keeps_its_own_synonyms(word: str, other: str) -> None:
    assert other in synonyms(word, is_had=False)


@pytest.mark.parametrize("word", ["cultura", "solo", "sol", "tiempo", "red", "mar"])
def test_a_word_of_several_meanings_stands_for_none_of_them(word: str) -> None:
    assert synonyms(word, is_had=False) == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("U.S. GDP", ["US"]),
        ("trade of the U.K.", ["GB"]),
        ("construcción de la paz", []),
        ("CONSTRUCCIÓN DE LA PAZ", []),
        ("agua de La Paz", ["BO"]),
        ("agua la paz", ["BO"]),
        ("northern ireland", ["GB"]),
        ("Scotland", ["GB"]),
        ("wales", ["GB"]),
        ("storms and gales", []),
        ("agua País de Gales", ["GB"]),
        ("new south wales", ["AU"]),
        ("new mexico", ["US"]),
        ("new jersey", ["US"]),
        ("new england", ["US"]),
        ("papua new guinea", ["PG"]),
        ("new guinea", ["PG"]),
        ("Salvador da Bahia", ["BR"]),
        ("El Salvador", ["SV"]),
        ("écoles du Salvador", ["SV"]),
    ],
)
def test_a_name_within_another_name_or_within_a_sentence_is_not_taken_for_a_place(text: str, codes: list[str]) -> None:
    assert named(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Eastern and Southern Africa", ["014", "018"]),
        ("West and Central Africa", ["011", "017"]),
        ("South & Southeast Asia", ["034", "035"]),
        ("East, West and Central Africa", ["014", "011", "017"]),
        ("África occidental y central", ["011", "017"]),
        ("Afrique de l’Ouest et centrale", ["011", "017"]),
        ("Middle East and West Africa", ["145", "011"]),
        ("Middle East & North Africa", ["MEA"]),
        ("Middle East North Africa", ["MEA"]),
        ("East Asia & Pacific", ["EAS"]),
        ("East Asia Pacific", ["EAS"]),
        ("Europe & Central Asia", ["ECS"]),
        ("Kenya and South Asia", ["KE", "034"]),
    ],
)
def test_regions_that_share_the_name_of_their_continent_are_each_read(text: str, codes: list[str]) -> None:
    assert named(text) == codes


def test_the_sign_for_and_alone_asks_for_nothing() -> None:
    assert words("&") == []


def test_a_city_that_is_a_word_is_found_as_that_word_too(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Seaports", description="A port for each ship.", countries=["KE"])
    assert titles(session, "porto") == ["Seaports"]


def test_the_name_of_a_place_does_not_tell_the_language_of_a_slip(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Mobility", description="Taps.", countries=["CO"])
    assert page(session, "mobilty bogota").did_you_mean == "mobility bogota"


def test_a_word_of_another_language_than_those_beside_it_may_be_a_slip(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Street address of households", description="Taps.")
    assert page(session, "adress of households").did_you_mean == "address of households"
    assert page(session, "adress").did_you_mean is None


def test_beside_a_place_what_is_asked_about_comes_before_what_has_only_the_place(
    session: Session, acme: Organization
) -> None:
    for title in ("Colombia - Health", "Colombia - Schools", "Health Indicators for Colombia"):
        make_dataset(session, acme, title=title, description="Clinics.", countries=["CO"], keywords=["colombia"])
    make_dataset(session, acme, title="Gauges", description="Rain at each gauge.", countries=["CO", "PE"])
    make_dataset(session, acme, title="Weather everywhere", description="Rain by grid cell.", countries=[])
    make_dataset(session, acme, title="Peru weather", description="Rain.", countries=["PE"])
    found = titles(session, "rainfall colombia")
    assert found[:2] == ["Gauges", "Weather everywhere"]
    assert found[-1] == "Peru weather"


@pytest.mark.parametrize("text", ["rain", "rainfall", "precipitation", "lluvias", "chuva", "pluies"])
def test_rain_is_found_by_each_of_its_words(session: Session, acme: Organization, text: str) -> None:
    make_dataset(session, acme, title="Gauges", description="Rain at each gauge.")
    assert titles(session, text) == ["Gauges"]
