"""Notice of leaving on its pages: shown before it is given, by whom, and for whom there is no such page."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from app.agreements.commands import give_notice
from app.agreements.models import Accession
from app.grants.models import Grant
from app.organizations.models import Organization, Person
from app.rules.roles import Capacity, Kind, Role
from app.rules.workflow import AccessionState
from tests.factories.agreements import TRACE
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person, make_secretariat
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready
from tests.grants.pages import text_of
from tests.reactions.test_leaving import accession_of
from tests.support.application import Client

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
DAY = date(2027, 2, 22)  # ninety days after Tuesday 24 November
PDF = b"%PDF-1.7 a notice"


@pytest.fixture
def row(session: Session, granted: Grant) -> Accession:
    return accession_of(session, granted.data_partner_id, Capacity.DATA_PARTNER)


@pytest.fixture
def signatory(session: Session, row: Accession) -> Person:
    person = make_person(session, session.get_one(Organization, row.organization_id), Role.SIGNATORY)
    session.commit()
    return person


def given(session: Session, row: Accession, signatory: Person) -> None:
    give_notice(session, acting(session, signatory), row.reference, DAY, "Other plans.", TRACE, NOW)
    session.commit()


def test_a_signatory_sees_what_would_follow_and_gives_notice(
    client: Client, session: Session, granted: Grant, row: Accession, signatory: Person, ready: Cast
) -> None:
    client.sign_in_as(signatory)
    page = f"/sign/{row.reference}/leave"
    assert page in client.get(f"/sign/{row.reference}").get_data(as_text=True)
    shown = text_of(client, page)
    for part in (
        "counts from Tue 24 Nov 2026",
        "The earliest day is Mon 22 Feb 2027",
        "One listing is withdrawn",
        ready.datasets[0].title,
        "One grant runs on",
        granted.number,
    ):
        assert part in shown
    day = {"leaves_on": ["21", "2", "2027"], "may_bind": "y"}
    early = client.post(page, data=day)
    assert early.status_code == 422
    assert "Enter 22 Feb 2027 or a later day" in early.get_data(as_text=True)
    assert client.post(page, data={"leaves_on": ["22", "2", "2027"]}).status_code == 422, "not declared"
    assert client.post(page, data={**day, "leaves_on": ["22", "2", "2027"]}).status_code == 303
    session.refresh(row)
    assert (row.state, row.leaves_on) == (AccessionState.LEAVING, DAY)
    assert "leaves on Mon 22 Feb 2027" in text_of(client, page)
    assert "leaves the common agreement on Mon 22 Feb 2027" in text_of(
        client, f"/orgs/{place(session, row, 'own').slug}"
    )


def test_it_is_withdrawn_from_either_sides_page(
    client: Client, session: Session, row: Accession, signatory: Person
) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    for person, page in ((signatory, "sign"), (officer, "desk/agreement")):
        given(session, row, signatory)
        client.sign_in_as(person)
        assert "Withdraw the notice" in text_of(client, f"/{page}/{row.reference}")
        answer = client.post(f"/sign/{row.reference}/stay")
        assert answer.headers["Location"].endswith(f"/{page}/{row.reference}")
        session.refresh(row)
        assert row.state is AccessionState.IN_FORCE


def test_the_secretariat_records_a_notice_that_came_in_writing(
    client: Client, session: Session, row: Accession, signatory: Person
) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    session.commit()
    client.sign_in_as(officer)
    page = f"/desk/agreement/{row.reference}/notice"
    assert page in client.get(f"/desk/agreement/{row.reference}").get_data(as_text=True)
    assert "The earliest day is Mon 22 Feb 2027" in text_of(client, page)
    form = {"received_on": ["2", "11", "2026"], "leaves_on": ["31", "1", "2027"]}
    early = client.post(page, data={**form, "scan": (BytesIO(PDF), "notice.pdf")})
    assert "Enter 01 Feb 2027 or a later day" in early.get_data(as_text=True)
    form["leaves_on"] = ["1", "2", "2027"]
    assert client.post(page, data=form).status_code == 422, "without a scan"
    assert client.post(page, data={**form, "scan": (BytesIO(PDF), "notice.pdf")}).status_code == 303
    session.refresh(row)
    assert (row.leaves_on, row.notice_received_on) == (date(2027, 2, 1), date(2026, 11, 2))
    assert "on Mon 1 Feb 2027" in text_of(client, "/desk/agreement")
    client.sign_in_as(signatory)
    assert "It came in writing on Mon 2 Nov 2026" in text_of(client, f"/sign/{row.reference}/leave")
    assert client.get(f"/sign/{row.reference}/notice").data == PDF


@pytest.mark.parametrize(
    ("role", "at", "reads", "gives", "records"),
    [
        (Role.FOCAL_POINT, "own", 404, 404, 404),
        (Role.STEWARD, "own", 404, 404, 404),
        (Role.SIGNATORY, "another", 404, 404, 404),
        (Role.OFFICER, "secretariat", 404, 404, 200),
        (Role.AUDITOR, "secretariat", 404, 404, 404),
    ],
)
def test_before_a_notice_there_is_no_such_page_but_for_who_may_act(
    client: Client, session: Session, row: Accession, role: Role, at: str, reads: int, gives: int, records: int
) -> None:
    person = make_person(session, place(session, row, at), role)
    session.commit()
    client.sign_in_as(person)
    assert client.get(f"/sign/{row.reference}/leave").status_code == reads
    assert client.post(f"/sign/{row.reference}/leave", data={}).status_code == gives
    assert client.get(f"/desk/agreement/{row.reference}/notice").status_code == records
    assert client.get(f"/sign/{row.reference}/notice").status_code == 404


@pytest.mark.parametrize(
    ("role", "at", "reads", "withdraws"),
    [
        (Role.FOCAL_POINT, "own", 200, 403),
        (Role.SIGNATORY, "own", 200, 303),
        (Role.SIGNATORY, "another", 404, 404),
        (Role.AUDITOR, "secretariat", 200, 403),
        (Role.DIRECTOR, "secretariat", 200, 303),
    ],
)
def test_once_notice_was_given_its_own_people_and_the_secretariat_read_what_follows(
    client: Client,
    session: Session,
    row: Accession,
    signatory: Person,
    role: Role,
    at: str,
    reads: int,
    withdraws: int,
) -> None:
    given(session, row, signatory)
    person = make_person(session, place(session, row, at), role)
    session.commit()
    client.sign_in_as(person)
    assert client.get(f"/sign/{row.reference}/leave").status_code == reads
    assert client.post(f"/sign/{row.reference}/stay").status_code == withdraws


def test_a_visitor_is_asked_to_sign_in(client: Client, row: Accession) -> None:
    assert client.get(f"/sign/{row.reference}/leave").status_code in (302, 303)


def place(session: Session, row: Accession, at: str) -> Organization:
    if at == "own":
        return session.get_one(Organization, row.organization_id)
    return make_secretariat(session) if at == "secretariat" else make_organization(session, Kind.PARTNER)
