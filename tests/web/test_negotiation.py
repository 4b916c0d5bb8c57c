"""Which form of a thing a request gets."""

import pytest
from flask import Flask

from app.web.negotiation import NotInThisForm, wanted_form

PROFILED = 'application/ld+json; profile="https://example.org/p"'
OFFERS = ("text/html", "application/ld+json", "text/turtle", PROFILED)


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json;q=0.5, text/turtle;q=0.9", "text/turtle"),
        ("application/*", "application/ld+json"),
        (PROFILED, PROFILED),
        ('application/ld+json; profile="https://example.org/other"', "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("text/turtle;q=0, */*", "text/html"),
    ],
)
def test_a_request_gets_the_form_that_it_likes_best(app: Flask, accept: str, found: str) -> None:
    with app.test_request_context(headers={"Accept": accept} if accept else {}):
        assert wanted_form(OFFERS) == found


@pytest.mark.parametrize("accept", ["application/pdf", "image/*", "text/html;q=0"])
def test_a_request_that_takes_none_is_told_which_there_are(app: Flask, accept: str) -> None:
    with app.test_request_context(headers={"Accept": accept}), pytest.raises(NotInThisForm, match="text/turtle"):
        wanted_form(OFFERS)
