"""Importing by page: pasted text, columns and publishers that somebody names, differences, refusals as a file."""

import io
import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.exchange.models import ImportChoice
from app.organizations.models import Organization, Person
from app.rules.roles import Role
from tests.catalog.desk import one, signed_in
from tests.catalog.people import organization, partner, person
from tests.support.application import Client


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Mobility")


@pytest.fixture
def steward(session: Session, acme: Organization) -> Person:
    return person(session, acme, Role.STEWARD)


@pytest.fixture
def desk(app: Flask, session: Session, steward: Person) -> Client:
    session.commit()
    return signed_in(app, session, steward)


def upload(desk: Client, text: str, name: str = "list.csv") -> str:
    answer = desk.post("/catalog/import", data={"file": (io.BytesIO(text.encode()), name)})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_pasted_text_is_read_as_a_file_is(desk: Client, session: Session) -> None:
    catalog = json.dumps({"dataset": [{"identifier": "a", "title": "Trips", "keyword": ["bus"]}]})
    review = desk.post("/catalog/import", data={"text": catalog}).location
    html = desk.get(review).text
    assert "Read as: DCAT, JSON" in html
    desk.post(review, data={"idempotency_key": "k1"})
    assert one(session).title == "Trips"


def test_nothing_at_all_is_answered_at_the_field(desk: Client) -> None:
    answer = desk.post("/catalog/import", data={"text": "  "})
    assert answer.status_code == 422
    assert "Choose the file with the catalog, or paste it." in answer.text


def test_columns_are_shown_and_can_be_corrected(desk: Client, session: Session) -> None:
    review = upload(desk, "code,thema,title\n1,Trips,Dr\n")
    html = desk.get(review).text
    assert "such as: Trips" in html
    said = {"column": ["code", "thema", "title"], "term-0": "identifier", "term-1": "title", "term-2": ""}
    answer = desk.post(f"{review}/choices", data=said, follow_redirects=True)
    assert "This is what would happen now." in answer.text
    desk.post(review, data={"idempotency_key": "k1"})
    row = one(session)
    assert (row.identifier, row.title) == ("1", "Trips")
    assert row.foreign["kept"] == {"title": "Dr"}


def test_a_table_without_a_title_column_asks_which_one_it_is(desk: Client) -> None:
    review = upload(desk, "code,thema\n1,Trips\n")
    assert "Which column is the title?" in desk.get(review).text
    said = {"column": ["code", "thema"], "term-0": "identifier", "term-1": "title"}
    assert "One dataset read" in desk.post(f"{review}/choices", data=said, follow_redirects=True).text


def test_datasets_of_another_data_partner_wait_for_an_answer(desk: Client, session: Session) -> None:
    partner(session, "Ookla, Inc.")
    session.commit()
    review = upload(desk, "title,publisher\nSpeeds,OOkla\nTrips,Acme Mobility GmbH\nTaps,Speedtest by Ookla\n")
    html = desk.get(review).text
    assert "Ookla, Inc. is a data partner of its own" in html
    assert "resembles Ookla, Inc., another data partner" in html
    said = {"publisher": ["OOkla", "Speedtest by Ookla"], "answer-0": "leave", "answer-1": "take"}
    desk.post(f"{review}/choices", data=said)
    desk.post(review, data={"idempotency_key": "k1"})
    session.expire_all()
    assert sorted(session.scalars(select(Dataset.title))) == ["Taps", "Trips"]


def test_who_has_not_acceded_is_named_to_nobody(desk: Client, session: Session) -> None:
    organization(session, name="Quiet Networks")
    session.commit()
    html = desk.get(upload(desk, "title,publisher\nTrips,Quiet Networks Ltd\n")).text
    assert "is a data partner of its own" not in html
    assert "resembles" not in html


def test_another_name_of_ones_own_is_remembered(desk: Client, session: Session, acme: Organization) -> None:
    review = upload(desk, "title,publisher\nTrips,Apex Rides\n")
    desk.post(f"{review}/choices", data={"publisher": ["Apex Rides"], "answer-0": "ours"})
    session.expire_all()
    assert session.get_one(Organization, acme.id).aliases == ["Apex Rides"]
    again = desk.get(upload(desk, "title,publisher\nTaps,APEX Rides Ltd.\n")).text
    assert "Some publishers bear names" not in again


def test_the_name_of_another_data_partner_is_nobody_elses(desk: Client, session: Session, acme: Organization) -> None:
    partner(session, "Ookla, Inc.")
    session.commit()
    review = upload(desk, "title,publisher\nSpeeds,OOkla\n")
    answer = desk.post(f"{review}/choices", data={"publisher": ["OOkla"], "answer-0": "ours"}, follow_redirects=True)
    assert "Another data partner bears this name." in answer.text
    session.expire_all()
    assert session.get_one(Organization, acme.id).aliases == []
    assert session.scalars(select(ImportChoice)).all() == []


def test_what_would_change_is_shown_field_by_field(desk: Client, session: Session) -> None:
    first = upload(desk, "identifier,title,description\na,Trips,By hour.\n")
    desk.post(first, data={"idempotency_key": "k1"})
    html = desk.get(upload(desk, "identifier,title,description\na,Trips,By minute.\n")).text
    assert "What would change" in html
    assert "<del>hour</del>" in html
    assert "<ins>minute</ins>" in html
    assert one(session).description == "By hour."


def test_refused_rows_come_as_a_file_in_which_no_cell_is_a_formula(desk: Client) -> None:
    review = upload(desk, json.dumps([{"title": "A"}, {"title": ["=1+1", {}][1:], "identifier": "=x"}]), "list.json")
    answer = desk.get(f"{review}/refused.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert lines[0] == "row,field,value,problem,remedy"
    assert not any(cell.startswith("=") for cell in ",".join(lines[1:]).split(","))


def test_what_is_said_of_somebody_elses_upload_is_not_there(app: Flask, desk: Client, session: Session) -> None:
    review = upload(desk, "title\nTrips\n")
    other = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    assert other.post(f"{review}/choices", data={"column": ["title"], "term-0": "title"}).status_code == 404
    assert other.get(f"{review}/refused.csv").status_code == 404
