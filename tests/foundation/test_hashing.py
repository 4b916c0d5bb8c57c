"""Canonical JSON against the examples of RFC 8785, and the hash built on it."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.hashing import canonical_json, content_hash

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_keys_are_sorted_by_utf16_units_as_in_the_rfc() -> None:
    shuffled = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical_json(shuffled))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


def test_control_characters_are_escaped_the_short_way() -> None:
    assert canonical_json('\u000f\n\t"\\/\b') == b'"\\u000f\\n\\t\\"\\\\/\\b"'


@given(VALUES)
def test_what_was_written_reads_back_the_same(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), max_size=6))
def test_the_order_in_which_keys_were_added_does_not_matter(value: dict[str, int]) -> None:
    assert content_hash(value) == content_hash(dict(reversed(value.items())))


def test_the_hash_is_sha256_of_the_canonical_bytes() -> None:
    assert content_hash([1, None]) == hashlib.sha256(b"[1,null]").hexdigest()


@pytest.mark.parametrize("value", [1.5, b"bytes", {1: "a key that is no text"}, object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)
