"""Languages of what comes in: codes and names are read, words that are none are told, and texts go out with theirs."""

import io

import pytest
from rdflib import Literal, URIRef
from sqlalchemy.orm import Session

from app.exchange.exports.documents import dataset_turtle
from app.exchange.foreign import Described, described
from app.readers import Entry, read_catalog
from tests.catalog.people import partner
from tests.exchange.going_out import DCT, SITE, read
from tests.factories.catalog import make_dataset


def taken(**data: object) -> Described:
    (found,) = described([Entry(1, {"title": "Trips", **data})])
    assert isinstance(found, Described)
    return found


@pytest.mark.parametrize(
    ("said", "codes", "told"),
    [
        ("eng; es", ("en", "es"), []),
        (["English", "español", "Português"], ("en", "es", "pt"), []),
        ("pt-BR", ("pt-br",), []),
        ({"@id": "http://publications.europa.eu/resource/authority/language/ITA"}, ("it",), []),
        ("tzh", ("tzh",), []),
        ("gobbledygook", (), ["gobbledygook"]),
        (["en", "gobbledygook", "none"], ("en",), ["gobbledygook"]),
    ],
)
def test_languages_are_read_by_code_and_name_and_other_words_are_told(
    said: object, codes: tuple[str, ...], told: list[str]
) -> None:
    found = taken(language=said)
    assert found.languages == codes
    assert [(one.field, one.value, one.problem) for one in found.remarks] == [
        ("languages", word, "this is no language") for word in told
    ]


SPANISH, ENGLISH = {"@value": "Condado", "@language": "es"}, {"@value": "The county", "@language": "en"}


@pytest.mark.parametrize(
    ("title", "read"),
    [
        (["County", SPANISH], "County"),
        ([SPANISH, "County"], "County"),
        ([SPANISH, {"@value": "County"}, "Another"], "County"),
        (["County", SPANISH, ENGLISH], "The county"),
        ([{"@value": "Kreis", "@language": "de"}, SPANISH], "Condado"),
    ],
)
def test_a_text_of_no_language_is_taken_before_one_of_another_than_the_catalogs(title: object, read: str) -> None:
    assert taken(title=title).title == read


def test_turtle_and_json_ld_take_the_same_of_several_texts() -> None:
    turtle = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
    <urn:a> a dcat:Dataset ; dct:title "Loudoun County", "Condado de Loudoun"@es ."""
    (found,) = described(read_catalog(io.BytesIO(turtle.encode())).entries)
    assert isinstance(found, Described)
    assert found.title == "Loudoun County"


def test_a_title_in_one_language_goes_out_with_it_and_comes_in_as_it_was(session: Session) -> None:
    value = {"@value": "Hola", "@language": "es"}
    foreign = taken(**{"dct:title": value, "title": None}).foreign
    row = make_dataset(session, partner(session, "Acme Maps"), title="Hola", foreign=foreign)
    text = dataset_turtle(row, SITE)
    titles = set(read(text, "turtle").objects(URIRef(SITE.dataset(row)), URIRef(f"{DCT}title")))
    assert titles == {Literal("Hola"), Literal("Hola", lang="es")}
    (found,) = described(read_catalog(io.BytesIO(text.encode())).entries)
    assert isinstance(found, Described)
    assert found.own is not None
    assert found.own.is_in(row)
