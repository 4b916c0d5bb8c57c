"""Values of changes as people read them."""

import pytest
from flask import Flask

from app.exchange.routes.values import in_words


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("countries", "GT, HN", "Guatemala, Honduras"),
        ("languages", "es, en", "Spanish, English"),
        ("themes", "mobility, none-of-ours", "Mobility and transport, none-of-ours"),
        ("frequency", "monthly", "Monthly"),
        ("frequency", "now and then", "now and then"),
        ("countries", "", ""),
        ("title", "GT, HN", "GT, HN"),
    ],
)
def test_codes_are_told_in_words_and_everything_else_as_it_is(app: Flask, field: str, value: str, words: str) -> None:
    with app.test_request_context():
        assert in_words(field, value) == words
