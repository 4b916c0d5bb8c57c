"""The pages of incidents: reported in a minute, hidden from everyone whom it does not concern."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.incidents.models import Incident
from app.organizations.models import Person
from app.rules.roles import Role
from app.rules.workflow import GrantState, IncidentState
from tests.factories.grants import grant_of
from tests.factories.organizations import make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

WHAT = "A laptop with an extract was left on a train."


def steward(cast: Cast) -> Person:
    return cast.steward_of(cast.datasets[0])


def reported(client: Client, session: Session, grant: Grant, cast: Cast) -> Incident:
    client.sign_in_as(cast.lead)
    data = {"what": WHAT, "noticed_at": "2026-11-23 05:00", "personal_data": "unknown"}
    answer = client.post(f"/grants/{grant.number}/incidents/new", data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return session.scalars(select(Incident)).one()


def test_it_is_reported_from_the_grants_page_suspended_in_one_step_and_closed(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    assert f"/grants/{granted.number}/incidents/new" in client.get(f"/grants/{granted.number}").get_data(as_text=True)
    row = reported(client, session, granted, ready)
    client.sign_in_as(steward(ready))
    shown = text_of(client, f"/incidents/{row.reference}")
    assert WHAT in shown
    assert "Reported in time" in shown
    assert client.post(f"/incidents/{row.reference}/noted").status_code == 303
    assert client.post(f"/incidents/{row.reference}/suspend").status_code == 303
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.SUSPENDED
    assert client.post(f"/incidents/{row.reference}/close", data={"words": ""}).status_code == 422
    assert client.post(f"/incidents/{row.reference}/close", data={"words": "The disk was wiped."}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Incident)).one().state is IncidentState.CLOSED
    assert "The disk was wiped." in text_of(client, f"/incidents/{row.reference}")


def test_a_title_that_asks_is_not_followed_by_a_full_stop(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    granted.title = "Where would a crossing save lives?"
    session.commit()
    row = reported(client, session, granted, ready)
    client.sign_in_as(steward(ready))
    shown = text_of(client, f"/incidents/{row.reference}")
    assert "About the use “Where would a crossing save lives?”." in shown
    assert "?." not in shown


def test_nobody_else_learns_of_it(client: Client, session: Session, granted: Grant, ready: Cast) -> None:
    row = reported(client, session, granted, ready)
    colleague = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    session.commit()
    client.sign_in_as(colleague)
    for rest in ("", "/close", "/full-report", "/add"):
        assert client.get(f"/incidents/{row.reference}{rest}").status_code == 404
    assert client.post(f"/incidents/{row.reference}/noted").status_code == 404
    assert row.reference not in text_of(client, f"/grants/{granted.number}")
    assert row.reference not in text_of(client, f"/register/{granted.number}")


def test_a_moment_that_cannot_be_read_is_named_and_what_was_typed_stays(
    client: Client, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    data = {"what": WHAT, "noticed_at": "yesterday", "personal_data": "no"}
    answer = client.post(f"/grants/{granted.number}/incidents/new", data=data)
    assert answer.status_code == 422
    assert "like 2027-03-14 09:30" in answer.get_data(as_text=True)
    assert WHAT in answer.get_data(as_text=True)


def test_whoever_adds_says_that_personal_data_is_touched_after_all_and_note_is_taken_anew(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = reported(client, session, granted, ready)
    address = f"/incidents/{row.reference}"
    client.sign_in_as(steward(ready))
    client.post(f"{address}/noted")
    assert "I have taken note" not in text_of(client, address)
    client.sign_in_as(ready.lead)
    assert "Is personal data touched, after all?" in text_of(client, f"{address}/add")
    missing = client.post(f"{address}/add", data={"words": "", "personal_data": "yes"})
    assert (missing.status_code, 'value="yes" checked' in missing.text) == (422, True)
    added = client.post(f"{address}/add", data={"words": "Names were in it.", "personal_data": "yes"})
    assert added.status_code == 303
    shown = text_of(client, address)
    assert "Personal data touched: Yes" in shown
    assert "(Personal data is touched)" in shown
    assert "Is personal data touched" not in text_of(client, f"{address}/add")
    client.sign_in_as(steward(ready))
    assert "I have taken note" in text_of(client, address)
    assert "Take note of an incident" in text_of(client, "/inbox")
