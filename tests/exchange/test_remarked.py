"""All that is to be mended in a catalog that came in, as a table: of an upload, of a program's import, of a reading."""

import csv
import io
import json

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import worker
from app.exchange import remarked
from app.exchange.models import CatalogImport, HarvestRun, HarvestSource
from app.foundation import clock
from app.foundation.stored_files import StoredFile
from app.organizations.models import Person
from app.rules.harvests import RunState
from app.rules.roles import Role
from tests.catalog.desk import signed_in
from tests.catalog.people import partner, person
from tests.exchange.conftest import SAID
from tests.exchange.program import Program
from tests.support.application import Client
from tests.support.sites import LOOPBACK, Site

pytestmark = pytest.mark.both_databases
# More than a page shows, each with one thing to mend.
MANY = 130


def catalog(number: int = MANY, **more: object) -> str:
    row = {"description": "By day.", "accrualPeriodicity": "=often", **more}
    return json.dumps({"dataset": [{"identifier": f"d{n}", "title": f"Trips {n}", **row} for n in range(number)]})


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def uploaded(desk: Client, text: str) -> str:
    return str(desk.post("/catalog/import", data={"text": text}).location)


def test_a_page_shows_the_first_remarks_and_leads_to_all_of_them(app: Flask, desk: Client) -> None:
    review = uploaded(desk, catalog())
    worker.drain(app, clock.now)
    text = desk.get(review).text
    assert f"{MANY} things to mend: the datasets are taken" in text
    assert f'<a href="{review}/remarks.csv">All {MANY} things to mend, as CSV</a>' in text
    assert text.count("this is no known rhythm") == 50
    answer = desk.get(f"{review}/remarks.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = table(answer.text)
    assert [row["row"] for row in rows] == [str(number) for number in range(1, MANY + 1)]
    assert (rows[0]["field"], rows[0]["value"], bool(rows[0]["remedy"])) == ("frequency", "'=often", True)
    desk.post(review, data={"idempotency_key": "k1"})
    worker.drain(app, clock.now)
    text = desk.get(f"{review}/progress").text
    assert f'<a href="{review}/remarks.csv">The {MANY} things to mend in what came in, as CSV</a>' in text
    assert table(desk.get(f"{review}/remarks.csv").text) == rows


def test_of_what_is_refused_or_left_out_nothing_is_to_be_mended(desk: Client, session: Session) -> None:
    partner(session, "Ookla, Inc.")
    session.commit()
    given = json.loads(catalog(4))
    given["dataset"][1]["publisher"] = "OOkla"
    given["dataset"][2]["title"] = ""
    given["dataset"][3]["identifier"] = "d0"
    review = uploaded(desk, json.dumps(given))
    seen = session.scalars(select(CatalogImport)).one()
    rows = table(desk.get(f"{review}/remarks.csv").text)
    assert [row["row"] for row in rows if row["field"] == "frequency"] == ["1"]
    assert len(rows) == seen.found["remarked"]


def test_what_is_to_be_mended_is_nobody_elses(app: Flask, desk: Client, session: Session) -> None:
    review = uploaded(desk, catalog(1))
    other = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    assert other.get(f"{review}/remarks.csv").status_code == 404


def test_a_program_gets_all_of_them_too(app: Flask, session: Session, steward: Person) -> None:
    program = Program(app, session, steward)
    address = str(program.sends(catalog().encode()).headers["Location"])
    worker.drain(app, clock.now)
    told = program.reads(address).get_json()
    assert (told["remarked"], len(told["remarks"]), told["all_remarks"]) == (MANY, 50, f"{address}/remarks.csv")
    rows = table(program.reads(told["all_remarks"]).text)
    assert {name: str(value) for name, value in told["remarks"][0].items()} == {**rows[0], "value": "=often"}
    assert len(rows) == MANY
    other = Program(app, session, person(session, partner(session), Role.STEWARD))
    assert other.reads(told["all_remarks"]).status_code == 404


def test_a_reading_gives_all_of_them(
    app: Flask, desk: Client, session: Session, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "HARVEST_NETWORKS", LOOPBACK)
    site.gives(catalog().encode())
    assert desk.post("/desk/harvests/new", data={**SAID, "address": site.url()}).status_code == 303
    worker.drain(app, clock.now)
    reference, run = session.scalars(select(HarvestSource.reference)).one(), session.scalars(select(HarvestRun)).one()
    address = f"/desk/harvests/{reference}/runs/{run.id}"
    assert f'<a href="{address}/remarks.csv">All {MANY} things to mend, as CSV</a>' in desk.get(address).text
    assert len(table(desk.get(f"{address}/remarks.csv").text)) == run.remarked == MANY
    session.add(
        other := HarvestRun(source_id=run.source_id, state=RunState.FAILED, problem="x", started_at=clock.now())
    )
    session.commit()
    assert desk.get(f"/desk/harvests/{reference}/runs/{other.id}/remarks.csv").status_code == 404
    stranger = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    assert stranger.get(f"{address}/remarks.csv").status_code == 404


def test_no_page_reads_a_large_catalog_to_tell_all_of_it(
    app: Flask, desk: Client, session: Session, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = uploaded(desk, catalog())
    program = Program(app, session, steward)
    address = str(program.sends(catalog().encode()).headers["Location"])
    worker.drain(app, clock.now)
    monkeypatch.setattr(remarked, "opened", None)  # reading the file would fail
    assert len(table(desk.get(f"{review}/remarks.csv").text)) == MANY
    assert len(table(program.reads(f"{address}/remarks.csv").text)) == MANY
    session.execute(delete(StoredFile).where(StoredFile.thing == "remarks"))
    session.commit()
    assert "All of it is being written" in desk.get(f"{review}/remarks.csv", follow_redirects=True).text
    assert program.reads(f"{address}/remarks.csv").status_code == 409


def test_of_an_import_that_stopped_all_of_them_are_told(
    app: Flask, session: Session, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exchange.commands.import_runs.MOST_ROWS", MANY - 1)
    program = Program(app, session, steward)
    address = str(program.sends(catalog().encode()).headers["Location"])
    worker.drain(app, clock.now)
    assert program.reads(address).get_json()["state"] == "failed"
    assert len(table(program.reads(f"{address}/remarks.csv").text)) == MANY
