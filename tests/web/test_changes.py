"""Differences between texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.changes import spaced, word_changes

TEXTS = st.text(st.sampled_from("ab ,.\nñ—é"), max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert "".join(words for kind, words in pieces if kind != "ins") == old
    assert "".join(words for kind, words in pieces if kind != "del") == new


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("block polygons, hourly", "block centers, hourly", ["block ", "-polygons", "+centers", ", hourly"]),
        ("one two three four", "one 2 3 four", ["one ", "-two three", "+2 3", " four"]),
        ("", "new", ["+new"]),
        ("same", "same", ["same"]),
    ],
)
def test_words_are_marked_whole_and_neighbors_together(old: str, new: str, pieces: list[str]) -> None:
    signs = {"same": "", "del": "-", "ins": "+"}
    assert [signs[kind] + words for kind, words in word_changes(old, new)] == pieces


def test_a_hash_is_set_in_fours() -> None:
    assert spaced("5d1c9a40ff") == "5d1c 9a40 ff"
