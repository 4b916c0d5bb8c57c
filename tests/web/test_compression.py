"""Text goes out compressed, but not where its size could tell a secret."""

import gzip

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from app.rules.actors import NOBODY, Actor
from app.web.actor import set_actor
from app.web.compression import init_compression

LONG = "A grant is one data partner's permission. " * 100


@pytest.fixture
def app() -> Flask:
    """An application with one long page, one short one, one that is no text."""
    app = Flask("app", static_folder="static")
    init_compression(app)
    app.add_url_rule("/long", "long", lambda: LONG)
    app.add_url_rule("/short", "short", lambda: "short")
    app.add_url_rule("/letter", "letter", lambda: Response(LONG, mimetype="application/pdf"))
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_long_page_is_sent_compressed_and_says_that_it_varies(client: FlaskClient) -> None:
    answer = client.get("/long", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == LONG
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG) / 10
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("address", "accepted"), [("/long", "identity"), ("/long", "gzip;q=0"), ("/short", "gzip"), ("/letter", "gzip")]
)
def test_the_rest_is_sent_as_it_is(client: FlaskClient, address: str, accepted: str) -> None:
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.text in (LONG, "short")


def test_pages_of_people_who_are_signed_in_are_not_compressed(app: Flask, client: FlaskClient) -> None:
    person = Actor(7, None, "Rosa", "rosa@example.org", frozenset(), "password")
    app.before_request(lambda: set_actor(person))
    assert person != NOBODY
    assert "Content-Encoding" not in client.get("/long", headers={"Accept-Encoding": "gzip"}).headers
    style = client.get("/static/onepact.css", headers={"Accept-Encoding": "gzip"})
    assert style.headers["Content-Encoding"] == "gzip"


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/static/onepact.css", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        "/static/onepact.css", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
