"""What people type, made safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.text import clean, clean_line, fold, slugify, word_count


@given(st.text())
def test_cleaned_text_can_always_be_stored_and_shown(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()  # no lone surrogate is left
    assert not set(cleaned) & {"\x00", "\u202e", "\u2066", "\ufeff", "\x1b"}


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_right_to_left_override_cannot_hide_in_a_name() -> None:
    assert clean_line("Acme\u202e spaM\x00\n") == "Acme spaM"


def test_letters_of_right_to_left_languages_stay() -> None:
    assert clean("مرحبا") == "مرحبا"


@pytest.mark.parametrize(
    ("text", "folded"), [("Bogotá, D. C.", "bogota d c"), ("ÑANDÚ", "nandu"), ("  a\tb ", "a b"), ("Straße", "strasse")]
)
def test_words_are_compared_without_accents_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Street-level movement in 14 cities", "street-level-movement-in-14-cities"),
        ("São Paulo!", "sao-paulo"),
        ("…", ""),
    ],
)
def test_an_address_is_made_of_plain_letters(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_words_are_counted_as_people_do() -> None:
    assert word_count(" The 2023 travel\nsurvey. ") == 4
