"""Importing by page: pasted text, columns and publishers that somebody names, differences, refusals as a file."""

import io
import json

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.catalog.models import Dataset, DatasetCondition, DatasetCountry, DatasetTheme
from app.catalog.queries.listings import whole
from app.exchange.commands import import_runs
from app.exchange.commands.choices import keep
from app.exchange.models import CatalogImport, ImportChoice, KeptChoice
from app.organizations.models import Organization, Person
from app.rules.publishers import Answer
from app.rules.roles import Role
from app.rules.workflow import ListingState
from tests.catalog.desk import one, signed_in
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_secretariat
from tests.support.application import Client


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Mobility")


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


def test_numbers_that_are_none_are_left_out_and_an_empty_value_is_called_so(desk: Client) -> None:
    review = upload(desk, "code,title\n1,Trips\n2,\n")
    text = desk.get(review).text
    assert ">empty</td>" in text
    assert "row 3" in text
    result = desk.post(review, data={"idempotency_key": "k1"}, follow_redirects=True).text
    assert "Imported: 1 created, 1 refused." in result


def test_a_change_of_countries_is_told_by_their_names(desk: Client) -> None:
    for number, countries in enumerate(("GT", "GT;HN")):
        review = upload(desk, f"code,title,description,countries\n1,Trips,By day.,{countries}\n")
        text = desk.get(review).text
        desk.post(review, data={"idempotency_key": f"k{number}"})
    assert "Honduras" in text
    assert "GT, HN" not in text


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


def test_without_the_trust_of_the_secretariat_new_ones_become_drafts_and_the_page_says_so(
    desk: Client, session: Session
) -> None:
    review = upload(desk, "title,description\nTrips,By hour\n")
    html = desk.get(review).text
    assert 'name="publish"' not in html
    assert "The secretariat can allow Acme Mobility to list whole catalogs at once" in html
    told = desk.post(review, data={"publish": "y", "idempotency_key": "k1"}, follow_redirects=True).text
    assert "The datasets of Acme Mobility are checked before they are listed" in told
    assert session.scalars(select(Dataset)).all() == []
    desk.post(review, data={"idempotency_key": "k2"})
    assert one(session).state is ListingState.DRAFT


def test_what_came_in_is_led_to(desk: Client, session: Session, acme: Organization) -> None:
    acme.lists_unchecked = True
    session.commit()
    review = upload(desk, "title,description\nTrips,By hour\nTaps,\n")
    assert "One dataset has no description" in desk.get(review).text
    result = desk.post(review, data={"publish": "y", "idempotency_key": "k1"}, follow_redirects=True).text
    assert "Imported: 2 created" in result
    session.expire_all()
    for row in session.scalars(select(Dataset)):
        assert f'href="/desk/listings/{row.reference}"' in result
    assert "One of them is not listed by this import" in result
    assert desk.get(review).location == f"{review}/progress"


def test_a_large_catalog_is_looked_through_by_the_worker_with_what_was_said_last(
    app: Flask, desk: Client, session: Session
) -> None:
    review = upload(desk, "code,thema,title\n" + "".join(f"{n},Set {n},Dr\n" for n in range(80)))
    said = {"column": ["code", "thema", "title"], "term-0": "identifier", "term-1": "title", "term-2": ""}
    desk.post(f"{review}/choices", data=said)
    assert "about to be looked through" in desk.get(review).text
    assert desk.post(review, data={"idempotency_key": "k0"}).location == review
    worker.drain(app)
    assert "80 datasets read" in desk.get(review).text
    desk.post(review, data={"idempotency_key": "k1"})
    worker.drain(app)
    assert "The import is done." in desk.get(f"{review}/progress").text
    session.expire_all()
    assert len(session.scalars(select(Dataset.title)).all()) == 80
    assert "Set 79" in session.scalars(select(Dataset.title)).all()


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    first = book.active
    assert first is not None
    first.title = "Datasets"
    first.append(["title", "description"])
    first.append(["Trips", "By hour"])
    second = book.create_sheet("Old ones")
    for row in (["Bezeichnung", "Text"], ["Taps", "By stop"], ["Rides", "By street"]):
        second.append(row)
    book.save(file)
    return file.getvalue()


def test_another_sheet_of_a_workbook_can_be_read(desk: Client, session: Session) -> None:
    review = str(desk.post("/catalog/import", data={"file": (io.BytesIO(workbook()), "list.xlsx")}).location)
    html = desk.get(review).text
    assert "One dataset read" in html
    assert (
        '<option value="Datasets" selected>Datasets</option><option value="Old ones">Old ones, 2 rows</option>' in html
    )
    other = desk.post(f"{review}/choices", data={"sheet": "Old ones"}, follow_redirects=True).text
    assert "Which column is the title?" in other
    assert '<option value="Old ones" selected>' in other
    said = {"column": ["Bezeichnung", "Text"], "term-0": "title", "term-1": "description"}
    assert "2 datasets read" in desk.post(f"{review}/choices", data=said, follow_redirects=True).text
    desk.post(review, data={"idempotency_key": "k1"})
    session.expire_all()
    assert sorted(session.scalars(select(Dataset.title))) == ["Rides", "Taps"]


def test_a_sheet_that_is_not_there_is_answered_and_nothing_is_kept_of_it(desk: Client, session: Session) -> None:
    review = str(desk.post("/catalog/import", data={"file": (io.BytesIO(workbook()), "list.xlsx")}).location)
    answer = desk.post(f"{review}/choices", data={"sheet": "Nowhere"}, follow_redirects=True)
    assert "There is no sheet" in answer.text
    assert session.scalars(select(ImportChoice)).all() == []


def test_what_was_corrected_once_holds_for_the_next_catalog_until_it_is_forgotten(
    desk: Client, session: Session
) -> None:
    table = "code,thema\n{0},Trips {0}\n"
    review = upload(desk, table.format(1))
    desk.post(f"{review}/choices", data={"column": ["code", "thema"], "term-0": "identifier", "term-1": "title"})
    html = desk.get(upload(desk, table.format(2))).text
    assert "One dataset read" in html
    assert "2 columns are read as you said of an earlier catalog: code, thema." in html
    kept = desk.get("/catalog/import/kept").text
    assert "thema" in kept
    said = {"organization": "acme-mobility", "column": ["code", "thema"]}
    assert "Forgotten." in desk.post("/catalog/import/kept", data=said, follow_redirects=True).text
    assert "Which column is the title?" in desk.get(upload(desk, table.format(3))).text
    session.expire_all()
    assert session.scalars(select(KeptChoice)).one().columns == {}


def test_what_another_partner_keeps_is_neither_seen_nor_forgotten(
    app: Flask, desk: Client, session: Session, acme: Organization
) -> None:
    review = upload(desk, "code,thema\n1,Trips\n")
    desk.post(f"{review}/choices", data={"column": ["thema"], "term-0": "title"})
    other = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    assert "thema" not in other.get("/catalog/import/kept").text
    other.post("/catalog/import/kept", data={"organization": "acme-mobility", "column": ["thema"]})
    session.expire_all()
    assert session.get_one(KeptChoice, acme.id).columns == {"thema": "title"}


def test_what_is_said_while_it_comes_in_waits_for_its_end(app: Flask, desk: Client, session: Session) -> None:
    review = upload(desk, "code,title,thema\n" + "".join(f"{n},Set {n},Other {n}\n" for n in range(80)))
    worker.drain(app)
    desk.post(review, data={"idempotency_key": "k1"})
    said = {"column": ["code", "thema", "title"], "term-0": "identifier", "term-1": "title", "term-2": ""}
    answer = desk.post(f"{review}/choices", data=said, follow_redirects=True)
    assert "It is being brought in already." in answer.text
    worker.drain(app)
    session.expire_all()
    assert {title.split()[0] for title in session.scalars(select(Dataset.title))} == {"Set"}


def says_of_every_catalog(session: Session, acme: Organization, steward: Person, **columns: str) -> None:
    who = actor(acme, Role.STEWARD, who=steward)
    keep(session, who, acme, NOW, columns=columns, publishers={"Elsewhere": Answer.LEAVE})
    session.commit()


@pytest.mark.parametrize("count", [3, 80])
def test_what_is_brought_in_is_what_was_shown_whatever_is_said_of_other_catalogs_meanwhile(
    app: Flask, desk: Client, session: Session, acme: Organization, steward: Person, count: int
) -> None:
    rows = "".join(f"{n},Set {n},Other {n},Elsewhere\n" for n in range(count))
    review = upload(desk, "code,title,thema,publisher\n" + rows)
    desk.post(f"{review}/choices", data={"publisher": ["Elsewhere"], "answer-0": "ours"})
    worker.drain(app)
    session.expire_all()
    says_of_every_catalog(session, acme, steward, thema="title", title="")
    desk.post(review, data={"idempotency_key": "k1"})
    worker.drain(app)
    session.expire_all()
    assert sorted(session.scalars(select(Dataset.title))) == sorted(f"Set {n}" for n in range(count))


def test_a_second_page_that_is_still_open_brings_it_in_no_second_time(
    app: Flask, desk: Client, session: Session
) -> None:
    review = upload(desk, "code,title\n" + "".join(f"{n},Set {n}\n" for n in range(80)))
    worker.drain(app)
    for key in ("k1", "k2"):
        assert desk.post(review, data={"idempotency_key": key}).status_code == 303
    assert len(session.scalars(select(CatalogImport).where(~CatalogImport.is_trial)).all()) == 1


def test_a_look_that_stopped_says_why_and_asks_for_no_column(
    app: Flask, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "MOST_ROWS", 70)
    review = upload(desk, "code,title\n" + "".join(f"{n},Set {n}\n" for n in range(80)))
    worker.drain(app)
    text = desk.get(review, follow_redirects=True).text
    assert "The catalog has more than 100,000 datasets." in text
    assert "Which column is the title?" not in text


@pytest.mark.both_databases
@pytest.mark.parametrize("sheet", ["x" * 201, "a\x00b"])
def test_a_sheet_with_an_odd_name_is_a_name_like_others(desk: Client, sheet: str) -> None:
    review = upload(desk, "title\nTrips\n")
    assert desk.post(f"{review}/choices", data={"sheet": sheet}).status_code == 303


@pytest.mark.both_databases
def test_a_file_with_an_odd_name_is_taken(desk: Client) -> None:
    for name in ("a\x00b.csv", "x" * 300 + ".csv", "\u202e.csv"):
        upload(desk, "title\nTrips\n", name)


@pytest.mark.both_databases
@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000])
def test_a_number_that_no_key_can_have_is_no_address(desk: Client, number: str) -> None:
    assert desk.get(f"/catalog/import/{number}").status_code == 404


def test_the_row_of_the_header_is_shown_and_can_be_corrected(desk: Client, session: Session) -> None:
    review = upload(desk, "sep=;\nCatalog of 2024\nid;name\ncode;title\n7;Trips\n")
    html = desk.get(review).text
    assert "Row 3 is taken for it" in html
    html = desk.post(f"{review}/choices", data={"header": "4"}, follow_redirects=True).text
    assert "Row 4 is taken for it" in html
    assert "One dataset read" in html
    assert "rows 2 to 3 stand above the header" in html
    desk.post(review, data={"idempotency_key": "k1"})
    assert one(session).title == "Trips"


def test_a_look_shows_the_first_rows_as_they_would_be_listed(desk: Client) -> None:
    html = desk.get(upload(desk, "title,country,start date,license\nTrips,Peru,2020-01-01,CC-BY-4.0\n")).text
    assert "As they would be listed" in html
    for words in ("Peru", "2020-01-01", "CC-BY-4.0", "Permitted purposes"):
        assert words in html


def test_where_most_have_no_description_the_title_is_offered_for_it(desk: Client, session: Session) -> None:
    review = upload(desk, "name,about\nTrips,\nTaps,\nRoads,By day\n")
    html = desk.get(review).text
    assert "2 of 3 datasets have no description" not in html  # no column is known to be one
    assert "3 of 3 datasets have no description" in html
    said = {"also_column": "name", "also_term": "description"}
    html = desk.post(f"{review}/choices", data=said, follow_redirects=True).text
    assert "have no description" not in html
    assert "Title + Description" in html
    desk.post(f"{review}/choices", data={"column": ["about"], "term-0": "description"})
    desk.post(review, data={"idempotency_key": "k1"})
    found = {row.title: row.description for row in session.scalars(select(Dataset))}
    assert found == {"Trips": "Trips", "Taps": "Taps", "Roads": "By day"}


def test_a_column_cannot_be_a_field_that_there_is_none_of(desk: Client) -> None:
    review = upload(desk, "name\nTrips\n")
    for said in ({"also_column": "name", "also_term": "nonsense"}, {"also_column": "x", "also_term": "title"}):
        html = desk.post(f"{review}/choices", data=said, follow_redirects=True).text
        assert "One dataset" in html


def test_what_came_in_and_lacks_nothing_is_sent_to_the_check_in_one_act(desk: Client, session: Session) -> None:
    make_secretariat(session)
    session.commit()
    review = upload(desk, "id,title,description\n1,Trips,By hour\n2,Taps,By day\n3,Roads,By street\n4,Wells,By place\n")
    desk.post(review, data={"idempotency_key": "k1"})
    assert "None of its drafts can be sent as it is" in desk.get(f"{review}/progress").text
    session.expire_all()
    rows = {row.title: row for row in session.scalars(whole())}
    model = make_dataset(session, rows["Trips"].organization, state=ListingState.DRAFT, listed_at=None)
    for title in ("Trips", "Taps", "Roads"):
        complete(rows[title], model)
    session.commit()
    html = desk.get(f"{review}/progress").text
    assert "3 of its drafts lack nothing" in html
    answer = desk.post(f"{review}/send", data={"idempotency_key": "k2"}, follow_redirects=True)
    assert "3 datasets went to the secretariat" in answer.text
    session.expire_all()
    states = {row.title: row.state for row in session.scalars(select(Dataset)) if row.id != model.id}
    assert states == {
        "Trips": ListingState.IN_CHECK, "Taps": ListingState.IN_CHECK, "Roads": ListingState.IN_CHECK,
        "Wells": ListingState.DRAFT,
    }  # fmt: skip
    assert session.get_one(Dataset, model.id).state is ListingState.DRAFT  # not of this import
    assert len({row.state_since for row in session.scalars(select(Dataset)) if row.state is ListingState.IN_CHECK}) == 1
    assert desk.post(f"{review}/send", data={"idempotency_key": "k3"}).status_code == 409


def complete(row: Dataset, like: Dataset) -> None:
    for name in ("summary", "keywords", "not_good_for", "coverage_start", "unit", "frequency", "contact"):
        setattr(row, name, getattr(like, name))
    row.countries = [DatasetCountry(country="CO")]
    row.themes = [DatasetTheme(theme="mobility")]
    row.conditions = [DatasetCondition(parameter="permitted_purposes", value={"value": ["dev.mobility"]})]


@pytest.mark.parametrize("row", ["99999999999", "-3", "0", "x", "9" * 5000])
def test_a_header_that_is_no_row_is_answered_and_nothing_is_kept_of_it(
    row: str, desk: Client, session: Session
) -> None:
    review = upload(desk, "code,title\n1,Trips\n")
    answer = desk.post(f"{review}/choices", data={"header": row}, follow_redirects=True)
    assert "Give the row of the header as its number in the file" in answer.text
    assert session.scalars(select(ImportChoice)).all() == []


def test_what_drafts_lack_is_said_once_and_written_only_where_it_lacks(desk: Client, session: Session) -> None:
    make_secretariat(session)
    session.commit()
    review = upload(desk, "id,title,description\n1,Trips,By hour\n2,Taps,By day\n3,Roads,By street\n")
    desk.post(review, data={"idempotency_key": "k1"})
    session.expire_all()
    taps = session.scalars(select(Dataset).where(Dataset.title == "Taps")).one()
    taps.unit, taps.not_good_for = "Tap in a day", ["Broken taps"]
    session.commit()
    complete_page = review.replace("review", "complete") if review.endswith("review") else f"{review}/complete"
    html = desk.get(complete_page).text
    assert "3 drafts lack a required answer" in html
    assert "Lacking in 2 drafts." in html  # the finest unit
    drafts = {row.title: row.reference for row in session.scalars(select(Dataset))}
    said = {
        "draft": [drafts["Trips"], drafts["Taps"]],
        "themes": ["mobility"],
        "keywords": "streets, water",
        "not_good_for": "Single houses",
        "is_worldwide": "y",
        "coverage_start": ["1", "2", "2019"],
        "unit": "Place in a day",
        "frequency": "daily",
        "permitted_purposes": ["dev"],
    }
    refused = desk.post(complete_page, data={**said, "contact": "ask me", "idempotency_key": "k2"})
    assert refused.status_code == 422
    assert "Enter a mail address" in refused.text
    assert "Place in a day" in refused.text  # what was typed is kept
    given = {**said, "contact": "data@acme.example", "summary": "x", "idempotency_key": "k3"}
    done = desk.post(complete_page, data=given, follow_redirects=True)
    assert "Written into 2 drafts." in done.text
    session.expire_all()
    rows = {row.title: row for row in session.scalars(whole())}
    assert (rows["Trips"].unit, rows["Trips"].not_good_for) == ("Place in a day", ["Single houses"])
    assert (rows["Taps"].unit, rows["Taps"].not_good_for) == ("Tap in a day", ["Broken taps"])
    assert rows["Taps"].keywords == ["streets", "water"]
    assert {one.parameter: one.value["value"] for one in rows["Taps"].conditions} == {"permitted_purposes": ["dev"]}
    assert (rows["Roads"].unit, rows["Roads"].conditions) == ("", [])  # was not ticked
    assert rows["Trips"].description == "By hour"
    nothing = desk.post(complete_page, data={"draft": drafts["Roads"], "idempotency_key": "k4"})
    assert nothing.status_code == 422
    assert "Give at least one answer" in nothing.text
    assert "Tick at least one draft" in desk.post(complete_page, data={"idempotency_key": "k5"}).text
