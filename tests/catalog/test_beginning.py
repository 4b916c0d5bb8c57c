"""Starting a listing: what a file, a header line or a starter fills in, what is marked, and what a wrong one is told."""

import io
import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.catalog.models import Dataset
from app.catalog.starting import STARTERS
from app.organizations.models import Organization
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.desk import one
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.factories.uploads import workbook
from tests.support.application import Client

CATALOG = {
    "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
    "dataset": [
        {
            "@type": "dcat:Dataset",
            "identifier": "trips-1",
            "title": "Trips in Port Amaya",
            "description": "Every trip by hour. Counted at gates.",
            "keyword": ["trips"],
            "temporal": "2021-01-01/2024-12-31",
            "accrualPeriodicity": "R/P1M",
            "somethingElse": 7,
        },
        {"identifier": "b", "title": "Another", "description": "D"},
    ],
}


def begin(desk: Client, act: str, key: str = "k1", **data: object) -> TestResponse:
    return desk.post("/desk/listings/new", data={"act": act, "idempotency_key": key, **data})


def with_file(desk: Client, content: bytes, name: str = "file.csv", key: str = "k1") -> TestResponse:
    return begin(desk, "file", key, file=(io.BytesIO(content), name))


def test_a_table_fills_in_its_columns_with_what_they_hold(desk: Client, session: Session) -> None:
    rows = b"".join(b"%d,walk,2026-01-%02d\n" % (n % 24, n % 28 + 1) for n in range(60))
    answer = with_file(desk, b"hour;mode;day\n" + rows.replace(b",", b";"), "bus_boardings_2026.csv")
    row = one(session)
    assert answer.location.endswith(f"/desk/listings/{row.reference}/edit/what")
    assert row.title == "Bus boardings 2026"
    assert [(c["name"], c["type"]) for c in row.dictionary] == [
        ("hour", "whole number"),
        ("mode", "one value"),
        ("day", "date"),
    ]
    assert row.prefilled == {"what.title": "file", "what.dictionary": "file"}
    assert (row.sample, row.profile) == (None, None)


def test_a_workbook_fills_in_the_columns_of_its_first_sheet(desk: Client, session: Session) -> None:
    rows: list[list[object]] = [[n % 24, "walk", date(2026, 1, n % 28 + 1)] for n in range(60)]
    data = workbook(("Empty", []), ("Boardings", [["hour", "mode", "day"], *rows]), ("Notes", [["Read me"]]))
    assert with_file(desk, data, "bus_boardings.xlsx").status_code == 303
    row = one(session)
    assert row.title == "Bus boardings"
    assert [(c["name"], c["type"]) for c in row.dictionary] == [
        ("hour", "whole number"),
        ("mode", "one value"),
        ("day", "date"),
    ]


def test_a_workbook_that_lists_datasets_is_read_as_their_description(desk: Client, session: Session) -> None:
    data = workbook(("List", [["title", "description"], ["Otter tracks", "Prints along rivers."], ["Nests", "Nests."]]))
    assert with_file(desk, data, "list.xlsx").status_code == 303
    assert (one(session).title, one(session).description) == ("Otter tracks", "Prints along rivers.")


def test_a_table_in_another_writing_is_read(desk: Client, session: Session) -> None:
    with_file(desk, "título\taño\nLima\t2020\n".encode("utf-16"), "datos.txt")
    assert [column["name"] for column in one(session).dictionary] == ["título", "año"]


def test_a_description_fills_in_what_it_says_and_is_carried_along(desk: Client, session: Session) -> None:
    answer = with_file(desk, json.dumps(CATALOG).encode(), "catalog.json")
    row = one(session)
    assert (row.title, row.keywords, row.identifier) == ("Trips in Port Amaya", ["trips"], "trips-1")
    assert row.coverage_start is not None
    assert row.coverage_start.isoformat() == "2021-01-01"
    assert "somethingElse" in json.dumps(row.foreign)
    html = desk.get(answer.location).text
    assert html.count("from your file") >= 3
    assert "describes one more" in html


def test_saving_a_page_takes_its_marks_away_and_sending_waits_for_that(desk: Client, session: Session) -> None:
    begin(desk, "starter-mobility")
    row = one(session)
    assert row.not_good_for[0] == "People without smartphones"
    edit = f"/desk/listings/{row.reference}/edit"
    desk.post(f"{edit}/what", data={
        "title": "Trips", "summary": "S", "description": "D", "themes": ["mobility"], "keywords": "bus",
        "not_good_for": "Rural areas",
    })  # fmt: skip
    left = one(session).prefilled
    assert {name.partition(".")[0] for name in left} == {"where", "access"}
    desk.post(f"{edit}/terms", data={"permitted_purposes": ["dev.mobility"]})
    filled = one(session)
    filled.contact, filled.frequency = "a@b.example", filled.frequency
    session.commit()
    desk.post(f"{edit}/where", data={
        "countries": ["PE"], "coverage_start": ["1", "2", "2020"], "unit": "trip", "frequency": "daily",
        "contact": "a@b.example",
    })  # fmt: skip
    send = f"/desk/listings/{row.reference}/send"
    early = desk.post(send, data={"idempotency_key": "k2"})
    assert early.status_code == 422
    assert "Some answers were filled in for you" in early.text
    desk.post(f"{edit}/access", data={"access_mode": "enclave", "sensitivity": "3", "visibility": "public"})
    assert desk.post(send, data={"idempotency_key": "k3"}).status_code == 303
    assert one(session).state is ListingState.IN_CHECK


@pytest.mark.parametrize("starter", STARTERS)
def test_a_starter_keeps_the_defaults_of_the_organization(
    desk: Client, session: Session, acme: Organization, starter: str
) -> None:
    acme.defaults = {"visibility": "members", "contact_email": "data@acme.example"}
    session.commit()
    begin(desk, f"starter-{starter}")
    row = one(session)
    assert (row.visibility, row.contact) == (Visibility.MEMBERS, "data@acme.example")
    assert row.dictionary


def test_a_header_line_names_the_column_that_is_wrong_and_stays_as_typed(desk: Client, session: Session) -> None:
    wrong = begin(desk, "header", pasted="origin,,hour,origin")
    assert wrong.status_code == 422
    for words in ("Column 2 has no name.", "Columns 1 and 4 are both named “origin”.", "origin,,hour,origin"):
        assert words in wrong.text, words
    assert session.scalar(select(func.count()).select_from(Dataset)) == 0
    begin(desk, "header", "k2", pasted="origin,hour")
    assert [column["name"] for column in one(session).dictionary] == ["origin", "hour"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "or it is empty"),
        (b"%PDF-1.7\x00", "This is a PDF."),
        (b"a,b\n\x00,1", "The file is no text."),
        (b"PK\x03\x04rest", "The workbook is damaged."),
        (workbook(("Empty", [])), "The workbook is empty."),
        (workbook(("Twice", [["a", "a"]])), "both named"),
        (b"{", "to its end"),
        (b"a,a\n1,2", "both named"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        (b'{"dataset": [{"identifier": "a"}]}', "no title"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_remedy(
    desk: Client, session: Session, content: bytes, words: str
) -> None:
    answer = with_file(desk, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(func.count()).select_from(Dataset)) == 0


def test_the_identifier_of_a_listing_that_is_there_is_not_taken_twice(
    desk: Client, session: Session, acme: Organization
) -> None:
    make_dataset(session, acme, identifier="trips-1")
    make_dataset(session, partner(session), identifier="trips-1")
    session.commit()
    with_file(desk, json.dumps(CATALOG).encode())
    drafts = session.scalars(select(Dataset).where(Dataset.state == ListingState.DRAFT)).all()
    assert [row.identifier for row in drafts] == [None]
