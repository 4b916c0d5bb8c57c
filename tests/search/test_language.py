"""What the search knows of words: what is a common word, and what means the same."""

import pytest

from app.search.language.real_words import LANGUAGES, languages_of, languages_spoken
from app.search.language.synonyms import synonyms


@pytest.mark.parametrize(
    "word",
    [
        "firms",
        "wealth",
        "west",
        "equality",
        "nino",
        "vacantes",
        "digitales",
        "qualite",
        "labour",
        "recoltes",
        "inundacoes",
    ],
)
def test_common_words_of_four_languages_are_known(word: str) -> None:
    assert languages_of(word)


@pytest.mark.parametrize("word", ["tempreture", "enviroment", "goverment", "mobilty", "electricty", "x", "2023"])
def test_a_slip_is_no_common_word(word: str) -> None:
    assert not languages_of(word)


def test_a_text_is_in_the_languages_that_have_most_of_its_words() -> None:
    assert languages_spoken(["consumo", "de", "electricidad", "en", "las", "viviendas"]) == {"es"}
    assert languages_spoken(["xylqz"]) == frozenset(LANGUAGES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mujer", "women"),
        ("femme", "women"),
        ("mulher", "women"),
        ("remesas", "remittance"),
        ("remessas", "remittance"),
        ("cultivos", "crop"),
        ("recoltes", "crop"),
        ("puertos", "port"),
        ("competences", "skill"),
        ("movimiento", "movement"),
        ("nocturnas", "night"),
        ("inundacoes", "flood"),
    ],
)
def test_the_singular_and_the_plural_have_the_same_synonyms(one: str, other: str) -> None:
    assert other in synonyms(one, is_had=False)


def test_an_english_word_that_occurs_is_not_translated() -> None:
    assert "mer" in synonyms("sea", is_had=False)
    assert "mer" not in synonyms("sea", is_had=True)
    assert "movilidad" in synonyms("mobility", is_had=True)
    assert "skill" in synonyms("habilidades", is_had=True)


def test_a_word_is_no_synonym_of_another_with_the_same_stem() -> None:
    assert "payment" not in synonyms("page", is_had=False)
