"""The pages that everybody reads first, as they come over the wire."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.rules.roles import Kind
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_organization

HOSTILE = '<img src=x onerror="alert(1)">'


def test_a_new_installation_says_what_comes_first(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    assert "No datasets yet" in text
    assert "op-tile" not in text, "a zero is no number to show"


def test_the_start_page_shows_what_is_listed_and_escapes_it(client: FlaskClient, session: Session) -> None:
    partner = make_organization(session, Kind.PARTNER, f"Harbor {HOSTILE}")
    dataset = make_dataset(session, partner, title=f"Boardings {HOSTILE}", summary=HOSTILE, countries=["CO"])
    session.commit()
    text = client.get("/").get_data(as_text=True)
    assert f'href="/datasets/{dataset.reference}-' in text
    assert "datasets from" in text or "dataset from" in text
    assert "Colombia" in text
    assert HOSTILE not in text


@pytest.mark.parametrize("address", ["/", "/how-it-works", "/join", "/accessibility", "/privacy"])
def test_everyone_may_read_it_and_nothing_is_fetched_from_elsewhere(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert text.count("<h1") == 1
    assert 'src="http' not in text
    assert 'rel="stylesheet" href="/static/' in text


def test_the_first_view_weighs_under_a_hundred_kilobytes(client: FlaskClient, session: Session) -> None:
    for code in ("CO", "BR", "KE", "IN", "ID", "FR"):
        make_dataset(session, make_organization(session, Kind.PARTNER), countries=[code])
    session.commit()
    accepts = {"Accept-Encoding": "gzip"}
    page = client.get("/", headers=accepts)
    assert gzip.decompress(page.data).lstrip().startswith(b"<!doctype html>")
    files = ("onepact.css", "js/onepact.js", "vendor/govuk-frontend/govuk-frontend.min.js", "mark.svg")
    weight = len(page.data) + sum(len(client.get(f"/static/{name}", headers=accepts).data) for name in files)
    assert weight < 100_000


def test_an_address_that_is_nothing_offers_search(client: FlaskClient) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "Nothing is here" in answer.get_data(as_text=True)


def test_who_is_not_here_yet_reads_how_to_join_and_whom_to_write_to(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "mailto:" not in client.get("/join").text, "no address is given, so none is shown"
    monkeypatch.setitem(app.config, "SECRETARIAT_ADDRESS", "secretariat@onepact.example.org")
    text = client.get("/join").text
    assert 'href="mailto:secretariat@onepact.example.org?subject=Joining%20the%20' in text
    assert "within 10 working days" in text
    dataset = make_dataset(session, make_organization(session, Kind.PARTNER, "Harbor"))
    session.commit()
    for address in ("/members", "/sign-in", f"/datasets/{dataset.reference}"):
        assert 'href="/join"' in client.get(address, follow_redirects=True).text, address
