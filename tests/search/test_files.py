"""What a search finds as files: all of it, in the order of its pages, under its reader's rights, however much it is."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from app.catalog import uses
from app.catalog.models import Dataset, ListingChange
from app.organizations.models import Organization
from app.readers.columns import guessed
from app.rules.actors import NOBODY
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.search.engine.following import follow
from app.search.engine.shelf import shelf_of
from app.search.queries import SearchPage, SearchRequest, Sort, result, search
from app.search.queries.results import PART
from tests.catalog.desk import signed_in
from tests.catalog.people import organization, partner, person
from tests.factories.catalog import make_dataset, make_many
from tests.support.application import Client

# Files ended here once.
OLD_END = 5000


# The column of each facet; the period is the first and the last day.
COLUMNS = {
    "theme": "themes", "goal": "goals", "country": "countries", "granularity": "granularity", "mode": "access_mode",
    "type": "collaborative_type", "sensitivity": "sensitivity_class", "partner": "data_partner_slug",
    "language": "languages", "wait": "expected_wait",
}  # fmt: skip


def as_list(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)] if value is not None else []


class Answered(type(uses.provider())):  # type: ignore[misc]
    """Every dataset was answered in four working days."""

    def waits(self, session: Session, dataset_ids: Iterable[int]) -> dict[int, uses.Wait]:
        return dict.fromkeys(dataset_ids, uses.Wait(4, 2, 6, 9))


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def references(text: str) -> list[str]:
    return [row["id"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def paged(client: Client, question: str) -> list[str]:
    first = json.loads(client.get(f"/datasets.json?{question}").text)
    pages = [json.loads(client.get(f"/datasets.json?{question}&page={n}").text) for n in range(2, first["pages"] + 1)]
    return [one["id"] for page in (first, *pages) for one in page["datasets"]]


@pytest.mark.both_databases
def test_a_table_has_everything_that_is_found_and_that_its_reader_may_find(
    app: Flask, client: Client, session: Session, acme: Organization
) -> None:
    first = make_dataset(session, acme, title="Bus boardings by stop")
    make_many(session, first, OLD_END + PART)
    make_many(session, first, 3, visibility=Visibility.MEMBERS)
    make_dataset(session, acme, title="Elsewhere", summary="x", description="x", keywords=[], unit="x")
    member = person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF)
    session.commit()
    follow(session, shelf_of(session))  # as the worker does
    for reader, more in ((client, 0), (signed_in(app, session, member), 3)):
        rows = references(reader.get("/datasets.csv?q=bus+stop").text)
        assert len(rows) == len(set(rows)) == OLD_END + PART + 1 + more
        assert json.loads(reader.get("/datasets.json?q=bus+stop").text)["total"] == len(rows)
        assert rows[0] == first.reference
        across = [
            one["id"]
            for page in (50, 51)
            for one in json.loads(reader.get(f"/datasets.json?q=bus+stop&page={page}").text)["datasets"]
        ]
        assert rows[4900:5100] == across
    assert len(references(client.get("/datasets.csv").text)) == OLD_END + PART + 2


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "question", ["q=bus+boardings+3", "q=bus&sort=title", "sort=newest", "country=CO&q=-elsewhere"]
)
def test_a_table_stands_in_the_order_of_the_pages(
    client: Client, session: Session, acme: Organization, question: str
) -> None:
    make_many(session, make_dataset(session, acme), 250)
    make_dataset(session, acme, title="Elsewhere")
    session.commit()
    assert references(client.get(f"/datasets.csv?{question}").text) == paged(client, question)


@pytest.mark.parametrize("sort", Sort)
def test_a_result_has_what_the_pages_have(session: Session, acme: Organization, sort: Sort) -> None:
    make_many(session, make_dataset(session, acme), 90)
    asked = SearchRequest("bus boardings 3", sort=sort)
    pages = [search(session, NOBODY, SearchRequest(asked.text, sort=sort, page=n)) for n in range(1, 6)]
    assert list(result(session, NOBODY, asked).keys) == [hit.dataset.id for page in pages for hit in page.hits]
    assert list(result(session, NOBODY, SearchRequest("zeppelin")).keys) == []


def test_there_is_no_table_while_the_index_is_being_made(client: Client, session: Session, acme: Organization) -> None:
    make_many(session, make_dataset(session, acme), 3000)
    session.commit()
    for address in ("/datasets.csv", "/datasets.ttl?q=bus"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert json.loads(client.get("/datasets.json").text)["is_complete"] is False
    follow(session, shelf_of(session))
    assert len(references(client.get("/datasets.csv").text)) == 3001
    assert json.loads(client.get("/datasets.json").text)["is_complete"] is True


@pytest.mark.parametrize(
    ("media_type", "address"), [("text/csv", "/datasets.csv"), ("application/atom+xml", "/datasets.atom")]
)
def test_the_list_is_given_as_a_table_or_a_feed_to_those_who_ask_its_address_for_one(
    client: Client, session: Session, acme: Organization, media_type: str, address: str
) -> None:
    make_dataset(session, acme, title="Bus boardings")
    make_dataset(session, acme, title="Clinics", summary="x", description="x", keywords=[], unit="x")
    session.commit()
    asked = client.get("/datasets?q=boardings", headers={"Accept": f"{media_type}, text/html;q=0.5"})
    assert (asked.status_code, asked.mimetype) == (200, media_type)
    assert "Accept" in asked.vary
    assert asked.data == client.get(f"{address}?q=boardings").data
    assert ("Bus boardings" in asked.text, "Clinics" in asked.text) == (True, False)


def test_each_page_of_rows_leads_to_the_next_until_there_is_none(
    client: Client, session: Session, acme: Organization
) -> None:
    make_many(session, make_dataset(session, acme), 250)
    session.commit()
    address, seen = "/datasets.json?q=bus&sort=title", list[str]()
    for _ in range(3):
        answer = client.get(address)
        told = json.loads(answer.text)
        seen += [one["id"] for one in told["datasets"]]
        if told["next"]:
            assert answer.headers["Link"] == f'<{told["next"]}>; rel="next"'
            assert told["next"].startswith("http")
            address = "/" + told["next"].split("/", 3)[3]
    assert (told["next"], "Link" in answer.headers) == (None, False)
    assert seen == references(client.get("/datasets.csv?q=bus&sort=title").text)


def test_no_page_behind_the_last_that_can_be_asked_for_is_named() -> None:
    assert SearchPage(SearchRequest(page=4999), (), 10**6).next_page == 5000
    assert SearchPage(SearchRequest(page=5000), (), 10**6).next_page is None
    assert SearchPage(SearchRequest(page=7), (), 3).next_page is None


def test_what_is_hidden_while_a_table_is_sent_is_not_in_it(
    client: Client, session: Session, acme: Organization
) -> None:
    make_many(session, make_dataset(session, acme), 2 * PART)
    session.commit()
    going_out = client.get("/datasets.csv", buffered=False, headers={"Accept-Encoding": ""})
    pieces = going_out.iter_encoded()
    begun = next(pieces)
    session.execute(update(Dataset).values(visibility=Visibility.NAMED))
    session.commit()
    assert len(references((begun + b"".join(pieces)).decode())) == PART


def test_a_table_says_whether_it_is_another_one(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme)
    session.commit()
    first = client.get("/datasets.csv?q=bus")
    assert first.headers["Content-Disposition"] == 'attachment; filename="datasets.csv"'
    assert "Content-Length" not in first.headers
    mark = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/datasets.csv?q=bus", headers=mark).status_code == 304
    assert client.get("/datasets.csv?q=stop", headers=mark).status_code == 200
    row.summary = "Other words."
    session.add(ListingChange(dataset_id=row.id))
    session.commit()
    assert "Other words." in client.get("/datasets.csv?q=bus", headers=mark).text


@pytest.mark.both_databases
def test_the_columns_of_a_table_hold_what_the_list_counts(
    client: Client, session: Session, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "_provider", Answered())
    make_dataset(
        session, acme, themes=["mobility", "urban"], languages=["es", "en-GB"], spatial_resolution="municipality"
    )
    make_dataset(session, acme, themes=["payments"], keywords=["SDG 1", "pas de pauvreté", "igualdad de género"])
    make_dataset(session, partner(session, "Bolt Mobile"), countries=["PE", "CO"], access_mode=None, sensitivity=None)
    make_dataset(session, acme, themes=[], countries=[], collaborative_type=None)
    session.commit()
    found = json.loads(client.get("/datasets.json").text)
    rows = list(csv.DictReader(io.StringIO(client.get("/datasets.csv").text.removeprefix("\ufeff"))))
    for facet, column in COLUMNS.items():
        counted = {one["value"]: one["count"] for one in found["facets"][facet]}
        in_table = Counter(value for row in rows for value in row[column].split("; ") if value)
        in_json = Counter(value for row in found["datasets"] for value in as_list(row[column]))
        assert counted == in_table == in_json, facet
    assert {row["goals"] for row in rows} == {"11", "1; 5", ""}
    assert {row["typical_days"] for row in rows} == {"4"}
    assert list(rows[0]) == [name for name in found["datasets"][0] if name != "score"]


def test_what_is_found_is_sent_in_a_fixed_number_of_statements(
    client: Client, session: Session, acme: Organization
) -> None:
    ran: list[int] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *_: ran.append(1))
    make_dataset(session, acme)
    session.commit()
    client.get("/datasets.json")  # the index is brought up to date with the first one
    told = []
    for more in (1, 40):
        make_many(session, session.scalars(select(Dataset)).first() or make_dataset(session, acme), more)
        session.commit()
        client.get("/datasets.json")
        ran.clear()
        client.get("/datasets.json")
        told.append(len(ran))
    assert told[0] == told[1]


def test_a_file_takes_facets_from_the_index_and_reads_no_descriptions(
    client: Client, session: Session, acme: Organization
) -> None:
    make_dataset(session, acme, description="Counts for SDG 3, by stop.")
    session.commit()
    client.get("/datasets.json")  # the index is brought up to date with the first one
    ran: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: ran.append(given[2]))
    for address in ("/datasets.csv", "/datasets.json"):
        assert "3" in client.get(address).text
    assert len(ran) > 1
    assert [statement for statement in ran if "description" in statement] == []


def test_the_days_of_a_table_are_known_where_it_is_imported(
    client: Client, session: Session, acme: Organization
) -> None:
    make_dataset(session, acme)
    session.commit()
    heads = next(csv.reader(io.StringIO(client.get("/datasets.csv").text.removeprefix("\ufeff"))))
    known = guessed(heads)
    asked = (
        "identifier",
        "title",
        "themes",
        "countries",
        "first_day",
        "last_day",
        "frequency",
        "languages",
        "keywords",
    )
    assert [name for name in asked if name not in known] == []
    assert (known["first_day"], known["last_day"]) == ("startDate", "endDate")
