"""Importing by API: a token alone opens it, what it does is its person's to do, and errors say how to mend them."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import worker
from app.catalog.models import Dataset
from app.exchange.models import CatalogImport, KeptChoice
from app.foundation import clock
from app.organizations.commands.tokens import revoke_token
from app.organizations.models import ApiToken, Membership, Organization, Person
from app.rules.imports import ImportState
from app.rules.roles import Role
from app.rules.tokens import Scope
from app.rules.workflow import ListingState
from app.web.guards import policy_of
from tests.catalog.people import organization, partner, person
from tests.exchange.program import PATH, Program
from tests.factories.organizations import acting
from tests.support.application import Client

pytestmark = pytest.mark.both_databases
TRIPS = {"identifier": "trips", "title": "Trips", "description": "By hour and stop."}
UNTITLED = {"identifier": "x", "description": "Nothing."}


def catalog(*rows: object) -> bytes:
    return json.dumps({"dataset": list(rows)}).encode()


def many(number: int) -> bytes:
    return catalog(*({"identifier": f"d{n}", "title": f"Dataset {n}", "description": "x"} for n in range(number)))


@pytest.fixture
def program(app: Flask, session: Session, steward: Person) -> Program:
    return Program(app, session, steward)


def datasets(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Dataset)) or 0


def test_a_small_catalog_is_in_when_the_answer_comes(program: Program, session: Session) -> None:
    answer = program.sends(catalog(TRIPS, UNTITLED))
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["state"], told["read"], told["created"], told["refused"]) == ("done", 2, 1, 1)
    [refused] = told["refused_rows"]
    assert (refused["row"], refused["field"]) == (2, "title")
    assert refused["remedy"]
    assert session.scalars(select(Dataset)).one().state is ListingState.DRAFT
    assert program.reads(answer.headers["Location"]).get_json() == told
    assert [row["id"] for row in program.reads(PATH).get_json()["imports"]] == [told["id"]]


def test_new_ones_whose_country_is_taken_from_their_titles_are_counted(program: Program) -> None:
    placed = {"identifier": "k", "title": "Kenya - Bridges", "description": "Each once."}
    assert program.sends(catalog(placed, TRIPS), "?dry_run=1").get_json()["placed_by_title"] == 1
    answer = program.sends(catalog(placed, TRIPS))
    assert answer.get_json()["placed_by_title"] == 1
    assert program.reads(answer.headers["Location"]).get_json()["placed_by_title"] == 1
    assert program.sends(catalog(placed, TRIPS)).get_json()["placed_by_title"] == 0


def test_a_dry_run_writes_no_listing(program: Program, session: Session) -> None:
    told = program.sends(catalog(TRIPS), "?dry_run=1").get_json()
    assert (told["dry_run"], told["created"]) == (True, 1)
    assert datasets(session) == 0


def test_publish_is_for_those_whom_the_secretariat_trusts_and_says_how_to_mend_it(
    program: Program, session: Session
) -> None:
    for query in ("?publish=1", "?publish=1&dry_run=1"):
        answer = program.sends(catalog(TRIPS), query)
        assert answer.status_code == 403
        assert "Import without listing" in answer.get_json()["detail"]
    assert datasets(session) == 0
    assert program.sends(catalog(TRIPS)).status_code == 201


def test_publish_lists_at_once(program: Program, session: Session, acme: Organization) -> None:
    acme.lists_unchecked = True
    session.commit()
    assert program.sends(catalog(TRIPS), "?publish=1").status_code == 201
    assert session.scalars(select(Dataset)).one().state is ListingState.LISTED


def test_a_file_in_a_form_is_taken_too(program: Program, session: Session) -> None:
    form = {"file": (io.BytesIO(b"title,description\nTrips,By hour\n"), "catalog.csv")}
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.post(PATH, data=form, headers=headers, content_type="multipart/form-data")
    assert answer.status_code == 201
    assert datasets(session) == 1


def test_what_was_said_of_columns_and_publishers_on_a_page_holds_here_too(
    program: Program, session: Session, acme: Organization
) -> None:
    table = b"code,thema,publisher\n1,Trips,Acme\n2,Taps,Old Office\n"
    assert program.sends(table).status_code == 422
    session.add(KeptChoice(organization_id=acme.id, columns={"thema": "title"}, publishers={"Old Office": "leave"}))
    session.commit()
    told = program.sends(table).get_json()
    assert (told["created"], told["refused"]) == (1, 1)
    assert session.scalars(select(Dataset.title)).all() == ["Trips"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", "text/csv", ""])
def test_the_content_type_is_not_trusted(kind: str, program: Program, session: Session) -> None:
    answer = program.sends(catalog(TRIPS), Content_Type=kind)
    assert answer.status_code == 201
    assert datasets(session) == 1


TABLE = b"code,thema,was,publisher\n1,Trips,By hour,Acme\n2,Taps,By day,Old Office\n"


def test_a_look_tells_how_columns_were_read_so_that_a_program_corrects_them_and_sends_again(
    program: Program, session: Session
) -> None:
    look = program.sends(TABLE, "?dry_run=1")
    told = look.get_json()
    assert (look.status_code, told["state"], told["unmapped"]) == (201, "failed", ["code", "thema", "was"])
    assert "map=COLUMN:title" in told["problem"]
    assert {"title", "identifier", "description"} <= set(told["fields"])
    asked = "map=thema:title&map=was:description&map=code:identifier"
    told = program.sends(TABLE, f"?dry_run=1&{asked}").get_json()
    assert (told["state"], told["created"], told["unmapped"]) == ("done", 2, [])
    assert told["columns"][1] == {"name": "thema", "such_as": "Trips", "field": "title", "by": "map"}
    assert told["columns"][3]["by"] == "guess"
    assert datasets(session) == 0
    assert program.sends(TABLE, f"?{asked}").get_json()["created"] == 2
    assert set(session.scalars(select(Dataset.identifier))) == {"1", "2"}


def test_without_a_title_nothing_comes_in_and_the_answer_says_how_to_name_it(program: Program) -> None:
    answer = program.sends(TABLE)
    assert (answer.status_code, "map=COLUMN:title" in answer.get_json()["detail"]) == (422, True)


def test_what_is_said_of_a_column_comes_before_what_is_kept_and_sets_one_aside(
    program: Program, session: Session, acme: Organization
) -> None:
    session.add(KeptChoice(organization_id=acme.id, columns={"thema": "title", "was": "description"}, publishers={}))
    session.commit()
    told = program.sends(TABLE, "?dry_run=1&map=was:&map=publisher=").get_json()
    assert [(one["field"], one["by"]) for one in told["columns"]] == [
        (None, None), ("title", "kept"), (None, None), (None, None),
    ]  # fmt: skip
    assert told["unmapped"] == ["code", "was", "publisher"]


def test_a_look_tells_what_becomes_of_each_publisher_and_takes_another_answer(
    program: Program, session: Session
) -> None:
    partner(session, "Old Office")
    session.commit()
    asked = "map=thema:title&map=was:description&map=code:identifier"
    told = program.sends(TABLE, f"?dry_run=1&{asked}").get_json()
    assert told["publishers"] == [
        {"name": "Old Office", "datasets": 1, "answer": "leave", "is_asked": True},
        {"name": "Acme", "datasets": 1, "answer": "take", "is_asked": False},
    ]
    assert (told["created"], told["refused"]) == (1, 1)
    told = program.sends(TABLE, f"?{asked}&publisher=Old Office:take").get_json()
    assert (told["created"], told["publishers"][0]["answer"]) == (2, "take")


def test_what_is_said_of_the_whole_catalog_is_told_though_its_first_dataset_is_left_out(
    program: Program, session: Session
) -> None:
    partner(session, "Other Mobile")
    session.commit()
    all_of_it = {"title": "All", "dataset": [{**TRIPS, "publisher": "Other Mobile"}, {"title": "B", "identifier": "b"}]}
    told = program.sends(json.dumps(all_of_it).encode()).get_json()
    assert (told["created"], told["refused"]) == (1, 1)
    said = {(one["row"], one["field"]) for one in told["remarks"]}
    assert {(0, "description"), (0, "publisher"), (1, "license")} <= said


def test_another_name_of_ours_is_remembered_once_it_is_no_look(
    program: Program, session: Session, acme: Organization
) -> None:
    asked = "map=thema:title&publisher=Old Office:ours"
    assert program.sends(TABLE, f"?dry_run=1&{asked}").status_code == 201
    session.refresh(acme)
    assert acme.aliases == []
    assert program.sends(TABLE, f"?{asked}").status_code == 201
    session.refresh(acme)
    assert acme.aliases == ["Old Office"]


def test_what_was_kept_of_a_name_that_another_partner_bears_by_now_stops_no_import(
    program: Program, session: Session, acme: Organization
) -> None:
    session.add(KeptChoice(organization_id=acme.id, columns={"thema": "title"}, publishers={"Old Office": "ours"}))
    partner(session, "Old Office")
    session.commit()
    assert program.sends(TABLE).status_code == 201
    assert program.sends(TABLE, "?publisher=Old Office:ours").status_code == 422
    assert program.sends(TABLE, "?dry_run=1&publisher=Old Office:ours").status_code == 422
    session.refresh(acme)
    assert acme.aliases == []


def test_the_sheet_of_a_workbook_is_chosen_and_told(program: Program) -> None:
    book, file = openpyxl.Workbook(write_only=True), io.BytesIO()
    for name in ("Datasets", "Draft"):
        sheet = book.create_sheet(name)
        sheet.append(["title", "description"])
        sheet.append([f"Of {name}", "By hour."])
    book.save(file)
    told = program.sends(file.getvalue(), "?dry_run=1&sheet=Draft").get_json()
    assert (told["sheets"], told["sheet"], told["read"]) == (["Datasets", "Draft"], "Draft", 1)
    assert "Nowhere" in program.sends(file.getvalue(), "?dry_run=1&sheet=Nowhere").get_json()["detail"]


def test_what_is_to_be_mended_in_rows_that_are_taken_is_told_too(program: Program) -> None:
    told = program.sends(catalog({**TRIPS, "accrualPeriodicity": "RP1Y"}), "?dry_run=1").get_json()
    [remark] = told["remarks"]
    assert (told["remarked"], remark["row"], remark["field"], remark["value"]) == (1, 1, "frequency", "RP1Y")
    assert remark["remedy"]


def test_how_a_large_table_was_read_is_told_before_the_worker_is_through(program: Program, session: Session) -> None:
    table = "thema\n" + "".join(f"Trips {number}\n" for number in range(90))
    answer = program.sends(table.encode(), "?map=thema:title")
    assert (answer.status_code, answer.get_json()["columns"][0]["field"]) == (202, "title")
    worker.drain(program.app, clock.now)
    assert datasets(session) == 90


def test_a_large_catalog_is_left_to_the_worker(program: Program, session: Session) -> None:
    answer = program.sends(many(230))
    assert answer.status_code == 202
    assert (answer.get_json()["state"], datasets(session)) == ("running", 0)
    worker.drain(program.app, clock.now)
    told = program.reads(answer.headers["Location"]).get_json()
    assert (told["state"], told["read"], told["created"], told["listed"]) == ("done", 230, 230, 0)
    assert datasets(session) == 230


def test_a_part_that_was_written_is_not_written_again(program: Program, session: Session) -> None:
    program.sends(many(150))
    with program.app.app_context():
        taken = worker._take(clock.now(), frozenset({"mail.send"}))
        assert taken is not None
        worker._handle(program.app, taken, clock.now)
        worker._handle(program.app, taken, clock.now)  # as after a lease that ran out too early
    worker.drain(program.app, clock.now)
    row = session.scalars(select(CatalogImport)).one()
    session.refresh(row)
    assert (row.state, row.rows, row.created, datasets(session)) == (ImportState.DONE, 150, 150, 150)


def test_a_large_import_stops_where_its_person_lists_no_more(
    program: Program, session: Session, steward: Person
) -> None:
    answer = program.sends(many(120))
    for held in session.scalars(select(Membership).where(Membership.person_id == steward.id)):
        held.ended_at = clock.now()
    session.commit()
    worker.drain(program.app, clock.now)
    row = session.scalars(select(CatalogImport)).one()
    session.refresh(row)
    assert (row.state, row.rows, datasets(session)) == (ImportState.FAILED, 0, 0)
    assert "This is for" in row.problem
    assert program.reads(answer.headers["Location"]).status_code == 404


def test_the_same_key_with_the_same_file_gets_the_same_answer_and_happens_once(
    program: Program, session: Session
) -> None:
    first = program.sends(catalog(TRIPS), Idempotency_Key="a")
    again = program.sends(catalog(TRIPS), Idempotency_Key="a")
    assert (again.status_code, again.get_json(), again.headers["Location"]) == (
        201,
        first.get_json(),
        first.headers["Location"],
    )
    assert session.scalar(select(func.count()).select_from(CatalogImport)) == 1
    assert program.sends(catalog(TRIPS, UNTITLED), Idempotency_Key="a").status_code == 409
    assert program.sends(catalog(TRIPS), "?dry_run=1", Idempotency_Key="a").status_code == 409
    assert program.sends(catalog(TRIPS), Idempotency_Key="x" * 65).status_code == 422


@pytest.mark.parametrize(
    ("data", "query", "status", "words"),
    [
        (b"", "", 422, "Send the catalog"),
        (b"%PDF-1.7", "", 422, "PDF"),
        (b"title\n", "", 422, "no dataset"),
        (b"{", "", 422, "."),
        (catalog(TRIPS), "?partner=nobody", 422, "one of"),
        (catalog(TRIPS), "?publish=perhaps", 422, "1 or 0"),
        (catalog(TRIPS), "?map=title", 422, "a colon"),
        (catalog(TRIPS), "?map=thema:title", 422, "no columns"),
        (catalog(TRIPS), "?sheet=Draft", 422, "no sheets"),
        (catalog(TRIPS), "?publisher=Acme:mine", 422, "NAME:ours"),
        (b"title\nTrips\n", "?map=thema:title", 422, "no column"),
        (b"title\nTrips\n", "?map=title:nothing-known", 422, "no field"),
        (b"a" * (20 * 1024 * 1024 + 1), "", 413, "20 MB"),
    ],
)
def test_what_is_wrong_is_told_in_a_problem_document(
    data: bytes, query: str, status: int, words: str, program: Program
) -> None:
    answer = program.sends(data, query)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    told = answer.get_json()
    assert (told["status"], told["instance"]) == (status, PATH)
    assert words in told["detail"]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer onepact_x", "Basic onepact_x", "Bearer " + "x" * 5000, "onepact_x"]
)
def test_without_a_token_there_is_no_way_in(header: str, program: Program) -> None:
    answer = program.client.post(PATH, data=catalog(TRIPS), headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.content_type == "application/problem+json"


def test_a_session_is_no_way_in(client: Client, session: Session, steward: Person) -> None:
    session.commit()
    client.sign_in_as(steward)
    assert client.get("/desk/listings").status_code == 200
    assert client.get(PATH).status_code == 401
    assert client.post(PATH, data={"x": "y"}).status_code == 401
    assert datasets(session) == 0


def test_a_token_opens_nothing_but_its_addresses(app: Flask, program: Program) -> None:
    """No token signs, decides or issues: everywhere else it counts for nothing."""
    others = [
        rule
        for rule in app.url_map.iter_rules()
        if not (policy_of(app, rule.endpoint) or "").startswith(("token", "public")) and not rule.arguments
    ]
    assert len(others) > 20
    for rule in others:
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = program.client.open(
                rule.rule, method=method, headers={"Authorization": f"Bearer {program.secret}"}
            )
            is_shut = answer.status_code in {400, 404} or "/sign-in" in answer.headers.get("Location", "")
            assert is_shut, (method, rule.rule, answer.status_code)


def test_a_reading_token_does_not_import(app: Flask, session: Session, steward: Person) -> None:
    reading = Program(app, session, steward, Scope.CATALOG_READ)
    assert reading.reads(PATH).status_code == 200
    answer = reading.sends(catalog(TRIPS))
    assert (answer.status_code, datasets(session)) == (403, 0)
    assert "not for that" in answer.get_json()["detail"]


def test_a_token_ends_at_once(program: Program, session: Session, steward: Person) -> None:
    assert program.reads(PATH).status_code == 200
    revoke_token(session, acting(session, steward), program.token.id, clock.now())
    session.commit()
    assert program.reads(PATH).status_code == 401


def test_a_token_of_somebody_who_lists_for_nobody_imports_nothing(
    app: Flask, session: Session, acme: Organization
) -> None:
    signatory = Program(app, session, person(session, acme, Role.SIGNATORY))
    answer = signatory.sends(catalog(TRIPS), f"?partner={acme.slug}")
    assert (answer.status_code, datasets(session)) == (422, 0)
    assert signatory.reads(PATH).get_json() == {"imports": []}


def test_an_import_of_another_partner_does_not_exist(app: Flask, session: Session, program: Program) -> None:
    told = program.sends(catalog(TRIPS)).get_json()
    other = Program(app, session, person(session, partner(session), Role.STEWARD))
    assert other.reads(told["address"]).status_code == 404
    assert other.reads(told["address"]).get_json()["detail"] == other.reads(f"{PATH}/999999").get_json()["detail"]


def test_whoever_lists_for_two_names_one(app: Flask, session: Session, steward: Person) -> None:
    second = partner(session, "Second")
    session.add(Membership(person_id=steward.id, organization_id=second.id, role=Role.STEWARD, since=clock.now()))
    program = Program(app, session, steward)
    assert program.sends(catalog(TRIPS)).status_code == 422
    assert program.sends(catalog(TRIPS), f"?partner={second.slug}").get_json()["partner"] == second.slug


def test_a_partner_that_has_not_acceded_does_not_list_but_imports_drafts(app: Flask, session: Session) -> None:
    new = Program(app, session, person(session, organization(session), Role.STEWARD))
    assert new.sends(catalog(TRIPS), "?publish=1").status_code == 403
    assert new.sends(catalog(TRIPS)).status_code == 201


def test_when_it_was_used_last_is_kept(program: Program, session: Session) -> None:
    before = clock.now() - timedelta(seconds=1)
    program.reads(PATH)
    session.refresh(program.token)
    assert program.token.last_used_at is not None
    assert program.token.last_used_at > before
    used = program.token.last_used_at
    program.reads(PATH)
    session.refresh(program.token)
    assert program.token.last_used_at == used
    program.token.last_used_at = used - timedelta(hours=2)
    session.commit()
    program.sends(catalog(TRIPS))
    session.expire_all()
    again = session.scalars(select(ApiToken.last_used_at)).one()
    assert again is not None
    assert again > used


def test_a_program_that_asks_too_often_is_told_to_wait(program: Program) -> None:
    answers = [program.sends(catalog(TRIPS)).status_code for _ in range(11)]
    assert answers == [201] * 10 + [429]


def test_guessing_is_counted(program: Program) -> None:
    answers = [
        program.client.get(PATH, headers={"Authorization": f"Bearer onepact_{n}"}).status_code for n in range(31)
    ]
    assert answers == [401] * 30 + [429]


def test_an_unknown_address_for_programs_answers_in_json(client: Client) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_look_tells_the_header_and_the_first_rows_as_they_would_be_listed(program: Program) -> None:
    data = b"Catalog\n\nname,country,from\nTrips,Peru,2020-01-01\nTaps,Kenya,\n"
    told = program.sends(data, "?dry_run=1&map=name:title&map=name:description").get_json()
    assert (told["state"], told["header_row"], told["undescribed"]) == ("done", 3, 0)
    assert told["first_lines"][0] == {"row": 1, "text": "Catalog"}
    assert (told["columns"][0]["field"], told["columns"][0]["also"]) == ("title", ["description"])
    first = told["first_rows"][0]
    assert {name: first[name] for name in ("row", "title", "publisher", "countries", "period", "license")} == {
        "row": 4, "title": "Trips", "publisher": "Acme", "countries": ["PE"],
        "period": {"start": "2020-01-01", "end": None}, "license": None,
    }  # fmt: skip
    assert first["access_mode"]
    assert {"Not good for", "Permitted purposes"} <= set(first["lacks"])
    assert "Description" not in first["lacks"]
    again = program.sends(data, "?dry_run=1&header=1").get_json()
    assert (again["state"], again["header_row"]) == ("failed", 1)
    assert program.sends(data, "?header=x").status_code == 422
    assert "row 9" in program.sends(data, "?header=9").get_json()["detail"]
