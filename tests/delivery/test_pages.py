"""The pages of a delivery; the secret stands on one of them, once, and nowhere else."""

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import worker
from app.delivery import commands
from app.delivery.models import Delivery, DeliverySecret
from app.delivery.queries import delivery_of
from app.foundation.base import Base
from app.grants.commands import suspend
from app.grants.models import Grant
from app.grants.record import from_json, to_json
from app.organizations.models import Person
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode
from app.rules.workflow import DeliveryState
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import key_of, text_of
from tests.support.application import Client

CANARY = "canary-5e1f0b-never-shown-twice"


@pytest.fixture
def begun(session: Session, granted: Grant) -> Grant:
    commands.begin(session, granted.number, NOW)
    session.commit()
    return granted


def steward(cast: Cast) -> Person:
    return cast.steward_of(cast.datasets[0])


def provide(client: Client, grant: Grant, cast: Cast, secret: str = CANARY) -> None:
    client.sign_in_as(steward(cast))
    address = f"/grants/{grant.number}/access/provide"
    data = {
        "instructions": "Fetch the files by SFTP.",
        "link": "sftp://files.example.org",
        "secret": secret,
        "secret_for": str(cast.lead.id),
        "idempotency_key": key_of(client, address),
    }
    assert client.post(address, data=data).status_code == 303


def row_of(session: Session, grant: Grant) -> Delivery:
    session.expire_all()
    row = delivery_of(session, grant.id)
    assert row is not None
    return row


def test_from_the_grants_page_to_the_data_in_hand(client: Client, session: Session, begun: Grant, ready: Cast) -> None:
    client.sign_in_as(steward(ready))
    assert "opens access by" in text_of(client, f"/grants/{begun.number}")
    provide(client, begun, ready)
    client.sign_in_as(ready.lead)
    shown = text_of(client, f"/grants/{begun.number}/access")
    assert "Fetch the files by SFTP." in shown
    assert "Did the data arrive?" in shown
    assert client.post(f"/grants/{begun.number}/access/arrived").status_code == 303
    assert row_of(session, begun).state is DeliveryState.ARRIVED
    assert "In hand since" in text_of(client, f"/grants/{begun.number}")


def test_where_no_data_moves_the_data_partner_gives_a_result_and_opens_no_access(
    client: Client, session: Session, begun: Grant, ready: Cast
) -> None:
    record = from_json(begun.record)
    terms = record.datasets[0].terms
    way = replace(terms.rules["access_modes"], value=frozenset({AccessMode.REPORT.value}))
    only = replace(record.datasets[0], terms=replace(terms, rules={**terms.rules, "access_modes": way}))
    begun.record = to_json(replace(record, datasets=(only,)))
    session.commit()
    client.sign_in_as(steward(ready))
    shown = text_of(client, f"/grants/{begun.number}")
    assert "gives the result by" in shown
    assert "opens access" not in shown
    assert "Give the result" in text_of(client, f"/grants/{begun.number}/access/provide")


def test_the_secret_stands_on_one_page_once_and_nowhere_else(
    app: Flask, client: Client, session: Session, begun: Grant, ready: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provide(client, begun, ready)
    worker.drain(app, lambda: NOW)
    addresses = [f"/grants/{begun.number}", f"/grants/{begun.number}/access", "/grants", "/inbox"]
    pages = []
    for person in (steward(ready), ready.lead, ready.officer, ready.director):
        client.sign_in_as(person)
        pages += [client.get(address).get_data(as_text=True) for address in addresses]
    client.sign_in_as(steward(ready))
    pages.append(client.get(f"/grants/{begun.number}/access/provide").get_data(as_text=True))
    client.sign_in_as(ready.lead)
    first = client.post(f"/grants/{begun.number}/access/secret")
    assert first.status_code == 200
    assert CANARY in first.get_data(as_text=True)
    assert first.headers["Cache-Control"] == "no-store"
    second = client.post(f"/grants/{begun.number}/access/secret")
    assert second.status_code == 409
    pages += [second.get_data(as_text=True), *(client.get(address).get_data(as_text=True) for address in addresses)]
    assert "Seen by Rosa Lindqvist" in text_of(client, f"/grants/{begun.number}/access")
    assert len(pages) > 15
    assert not [page for page in pages if CANARY in page]
    worker.drain(app, lambda: NOW)
    session.expire_all()
    tables = [
        str(list(session.execute(text(f'SELECT * FROM "{table.name}"')))) for table in Base.metadata.sorted_tables
    ]
    assert not [rows for rows in tables if CANARY in rows]
    assert CANARY not in caplog.text


def test_a_form_with_a_mistake_never_sends_the_secret_back(client: Client, begun: Grant, ready: Cast) -> None:
    client.sign_in_as(steward(ready))
    data = {"instructions": "", "secret": CANARY, "secret_for": str(ready.lead.id)}
    answer = client.post(f"/grants/{begun.number}/access/provide", data=data)
    assert answer.status_code == 422
    assert "Say how the team gets there" in answer.get_data(as_text=True)
    assert CANARY not in answer.get_data(as_text=True)


def test_access_is_off_at_the_next_request_after_a_suspension(
    client: Client, session: Session, begun: Grant, ready: Cast
) -> None:
    provide(client, begun, ready)
    suspend(session, acting(session, steward(ready)), begun.number, "A leak is looked into.", NOW)
    session.commit()
    client.sign_in_as(ready.lead)
    shown = text_of(client, f"/grants/{begun.number}/access")
    assert "Access is off" in shown
    assert "Fetch the files" not in shown
    assert "Show it once" not in shown
    assert client.post(f"/grants/{begun.number}/access/secret").status_code == 409


def test_strangers_and_colleagues_reach_nothing(client: Client, session: Session, begun: Grant, ready: Cast) -> None:
    provide(client, begun, ready)
    elsewhere = make_organization(session, Kind.BOTH, "Another company")
    stranger = make_person(session, elsewhere, Role.STEWARD, Role.PROJECT_STAFF)
    colleague = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    session.commit()
    client.sign_in_as(stranger)
    for rest in ("", "/provide", "/missing", "/result"):
        assert client.get(f"/grants/{begun.number}/access{rest}").status_code == 404
    client.sign_in_as(colleague)
    assert "Fetch the files" not in text_of(client, f"/grants/{begun.number}/access")
    assert client.post(f"/grants/{begun.number}/access/secret").status_code == 403


def test_asking_for_a_secret_long_after_signing_in_asks_who_it_is(
    client: Client, session: Session, begun: Grant, ready: Cast
) -> None:
    provide(client, begun, ready)
    client.sign_in_as(ready.lead)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = cookie["fs_paa"] - 3600
    asked = client.post(f"/grants/{begun.number}/access/secret")
    assert CANARY not in asked.get_data(as_text=True)
    assert re.search(r'name="confirm-\w+"', asked.get_data(as_text=True))
    session.expire_all()
    assert session.scalars(select(DeliverySecret)).one().ciphertext is not None
