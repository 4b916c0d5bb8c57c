"""The pages of duties: short to do, answered by the other side, hidden from everyone else."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.commands import lapse_what_is_left, remind_due, restrict_overdue, waive, wind_up
from app.duties.models import DeletionCertificate
from app.grants.commands import ask_to_close, revoke
from app.grants.models import Duty, Grant
from app.organizations.models import Person
from app.rules.roles import Kind, Role
from app.rules.workflow import DutyState, GrantState, ProposalState
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast, make_proposal
from tests.grants.pages import key_of, text_of
from tests.support.application import Client

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << >> endobj\n%%EOF\n"


def steward(cast: Cast) -> Person:
    return cast.steward_of(cast.datasets[0])


def address_of(session: Session, grant: Grant, kind: str) -> str:
    duty = session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.kind == kind)).one()
    return f"/grants/{grant.number}/duties/{duty.id}"


def state_of(session: Session, grant: Grant, kind: str) -> DutyState:
    session.expire_all()
    return session.scalars(select(Duty.state).where(Duty.grant_id == grant.id, Duty.kind == kind)).all()[0]


def test_a_report_is_mostly_filled_in_kept_and_sent(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    address = address_of(session, granted, "report")
    page = text_of(client, f"{address}/report")
    assert "Children hurt on the way to school" in page
    assert "From 61 to 40" in page
    kept = client.post(f"{address}/report", data={"act": "keep", "decision": "Nothing yet."})
    assert kept.status_code == 303
    assert "Nothing yet." in client.get(f"{address}/report").get_data(as_text=True)
    missing = client.post(f"{address}/report", data={"act": "send", "decision": "Four crossings."})
    assert missing.status_code == 422
    assert "Enter the value of this indicator" in missing.get_data(as_text=True)
    assert "Four crossings." in missing.get_data(as_text=True)
    sent = client.post(f"{address}/report", data={"act": "send", "decision": "Four crossings.", "value_0": "52"})
    assert sent.status_code == 303
    assert state_of(session, granted, "report") is DutyState.DONE
    client.sign_in_as(steward(ready))
    shown = text_of(client, address)
    assert "Four crossings." in shown
    assert "52" in shown
    back = client.post(f"{address}/return", data={"words": "Which four?"})
    assert back.status_code == 303
    assert state_of(session, granted, "report") is DutyState.RETURNED


def test_evidence_is_kept_by_its_bytes_and_given_back_as_a_download(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    address = address_of(session, granted, "statement")
    refused = client.post(
        address,
        data={"act": "do", "body": "Kept.", "file": (BytesIO(b"<html><script>x</script>"), "s.pdf")},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 422
    assert "Choose a PDF" in refused.get_data(as_text=True)
    done = client.post(
        address,
        data={"act": "do", "body": "Kept.", "file": (BytesIO(PDF), "../evil.html")},
        content_type="multipart/form-data",
    )
    assert done.status_code == 303
    link = re.search(rf"{address}/files/\d+", client.get(address).get_data(as_text=True))
    assert link
    file = client.get(link.group())
    assert file.data == PDF
    assert file.mimetype == "application/pdf"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "evil.pdf" in file.headers["Content-Disposition"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_strangers_find_no_duty(client: Client, session: Session, granted: Grant, ready: Cast) -> None:
    elsewhere = make_organization(session, Kind.BOTH, "Another company")
    stranger = make_person(session, elsewhere, Role.STEWARD, Role.PROJECT_STAFF)
    address = address_of(session, granted, "report")
    session.commit()
    client.sign_in_as(stranger)
    for rest in ("", "/report", "/certify", "/accept", "/return", "/waive"):
        assert client.get(f"{address}{rest}").status_code == 404
    client.sign_in_as(ready.lead)
    for rest in ("/accept", "/return", "/waive"):  # not open to the member
        assert client.get(f"{address}{rest}").status_code == 404
        assert client.post(f"{address}{rest}", data={"words": "We wish it."}).status_code == 403


def test_the_certificate_is_signed_on_its_page_and_its_text_can_be_checked(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    address = address_of(session, granted, "delete")
    ask_to_close(session, acting(session, ready.lead), granted.number, "", NOW)
    client.sign_in_as(ready.lead)
    data = {
        "what": "All files.",
        "where": "Research server.",
        "methods": ["purged"],
        "deleted_on": ["20", "11", "2026"],
        "by_whom": "Rosa Lindqvist",
        "kept": "none",
        "typed_name": "Rosa Lindqvist",
        "idempotency_key": key_of(client, f"{address}/certify"),
    }
    wrong = client.post(f"{address}/certify", data={**data, "typed_name": "Somebody", "idempotency_key": "k" * 30})
    assert wrong.status_code == 422
    assert "your signature" in wrong.get_data(as_text=True)
    assert "Research server." in wrong.get_data(as_text=True)
    assert client.post(f"{address}/certify", data=data).status_code == 303
    signed = session.scalars(select(DeletionCertificate)).one()
    text = client.get(f"{address}/certificate-{signed.id}.txt")
    assert text.data.decode() == signed.body
    verdict = client.post("/verify", data={"file": (BytesIO(text.data), "c.txt")}, content_type="multipart/form-data")
    assert "A certificate of deletion" in verdict.get_data(as_text=True)
    altered = client.post(
        "/verify", data={"file": (BytesIO(text.data + b" "), "c.txt")}, content_type="multipart/form-data"
    )
    assert "A certificate of deletion" not in altered.get_data(as_text=True)


def test_the_members_page_says_what_it_cannot_do_while_something_is_overdue(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    late = NOW + timedelta(days=120)
    restrict_overdue(session, late)
    session.commit()
    with time_machine.travel(datetime(2027, 3, 23, 9, 0, tzinfo=UTC)):
        client.sign_in_as(ready.lead)
        shown = text_of(client, f"/grants/{granted.number}")
        assert "your organization cannot send use proposals or renew or extend grants" in shown
        assert "Overdue" in shown
        client.sign_in_as(steward(ready))
        assert "your organization cannot" not in text_of(client, f"/grants/{granted.number}")


def test_what_was_waived_is_neither_next_nor_overdue_and_what_is_certified_is_not_asked_for(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    report = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    with time_machine.travel(datetime(2027, 3, 23, 9, 0, tzinfo=UTC)):
        client.sign_in_as(ready.lead)
        assert "Overdue: " in text_of(client, f"/grants/{granted.number}")
        by = acting(session, steward(ready))
        waive(session, by, granted.number, report.id, "The first quarter was the set-up.", datetime.now(UTC))
        session.commit()
        assert "Overdue: " not in text_of(client, f"/grants/{granted.number}")
    with time_machine.travel(datetime(2027, 12, 1, 9, 0, tzinfo=UTC)):
        granted.state, granted.state_since = GrantState.EXPIRED, datetime.now(UTC)
        session.commit()
        client.sign_in_as(ready.lead)
        assert "The data is to be deleted" in text_of(client, f"/grants/{granted.number}")
        deletion = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "delete")).one()
        deletion.state, deletion.done_at = DutyState.DONE, datetime.now(UTC)
        session.commit()
        assert "The deletion of the data is certified." in text_of(client, f"/grants/{granted.number}")


def test_the_sentence_that_a_member_is_held_up_leads_to_what_is_overdue(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    draft = make_proposal(session, ProposalState.DRAFT, cast=ready)
    restrict_overdue(session, NOW + timedelta(days=120))
    session.commit()
    address = f"/grants/{granted.number}/duties/overdue"
    with time_machine.travel(datetime(2027, 3, 23, 9, 0, tzinfo=UTC)):
        client.sign_in_as(ready.lead)
        for page in (f"/proposals/{draft.reference}/edit/check", f"/orgs/{ready.member.slug}"):
            assert f'href="{address}"' in client.get(page).get_data(as_text=True), page
        assert client.get(address).location == f"/grants/{granted.number}/duties/{row.id}"
        waive(session, acting(session, steward(ready)), granted.number, row.id, "It was the set-up.", datetime.now(UTC))
        session.commit()
        assert client.get(address).location == f"/grants/{granted.number}"
        elsewhere = make_organization(session, Kind.MEMBER, "Another fund")
        client.sign_in_as(make_person(session, elsewhere, Role.PROJECT_STAFF))
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("ends", ["revoked", "closed"])
def test_what_would_have_come_after_an_early_end_is_nobodys_to_do_any_more(
    client: Client, session: Session, granted: Grant, ready: Cast, ends: str
) -> None:
    report = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    by = acting(session, ready.director)
    if ends == "revoked":
        revoke(session, by, granted.number, "The data was passed on.", NOW)
    else:
        ask_to_close(session, acting(session, ready.lead), granted.number, "", NOW)
    wind_up(session, granted.number, NOW)
    session.commit()
    client.sign_in_as(ready.lead)
    shown = text_of(client, f"/grants/{granted.number}")
    assert "Not owed any more" in shown
    assert shown.count("Next: ") == 1  # the data is still to be deleted
    page = text_of(client, f"/grants/{granted.number}/duties/{report.id}")
    assert "Not owed any more: the use ended before" in page
    assert "Next: " not in page
    late = NOW + timedelta(days=200)
    deletion = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "delete")).one()
    deletion.state, deletion.done_at = DutyState.ACCEPTED, NOW
    assert restrict_overdue(session, late) == 0
    assert remind_due(session, late) == 0


def test_a_duty_that_another_grant_carries_on_names_nobody_as_next(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    granted.state, granted.successor_number = GrantState.REPLACED, "GR-2026-9999"
    session.commit()
    client.sign_in_as(ready.lead)
    assert "Next: " not in text_of(client, f"/grants/{granted.number}")


def test_what_is_left_of_a_grant_that_ended_earlier_falls_away_by_date(
    session: Session, granted: Grant, ready: Cast
) -> None:
    report = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    assert lapse_what_is_left(session, NOW) == 0
    revoke(session, acting(session, ready.director), granted.number, "The data was passed on.", NOW)
    assert lapse_what_is_left(session, NOW) == 1
    assert report.state is DutyState.WAIVED
    assert lapse_what_is_left(session, NOW) == 0
