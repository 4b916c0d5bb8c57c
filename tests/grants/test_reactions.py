"""What the worker does for grants: it seals what was issued, tells the parties, and lets end what is over."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.foundation.files import FileStore
from app.grants.commands import lift_suspension, revoke, suspend
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.grants.queries.grants import people_on
from app.organizations.models import Organization
from app.outbox.models import MessageState, OutboxMessage
from app.proposals.commands.leading import accept_lead, offer_lead
from app.proposals.models import Proposal
from app.rules.actors import OPERATOR
from app.rules.roles import Role
from app.rules.workflow import GrantState
from tests.changes.test_handovers import in_force
from tests.factories.grants import NOW, grant_of, make_issued
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast

pytestmark = pytest.mark.usefixtures("installed")


def mails(session: Session, template: str) -> list[dict[str, Any]]:
    statement = select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    return [dict(m.payload) for m in session.scalars(statement) if m.payload["template"] == template]


@pytest.fixture
def waiting(session: Session, ready: Cast) -> Grant:
    (grant,) = make_issued(session, ready)
    session.commit()
    return grant


def test_the_worker_seals_what_was_issued_and_tells_the_parties(
    app: Flask,
    session: Session,
    waiting: Grant,
    ready: Cast,
) -> None:
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    session.expire_all()
    grant = grant_of(session, waiting.number)
    assert grant.state is GrantState.ACTIVE
    assert grant.letter_id is not None
    told = mails(session, "grant_sealed")
    assert {mail["to_email"] for mail in told} == {ready.lead.email, ready.steward_of(ready.datasets[0]).email}
    assert all(grant.number in mail["subject"] for mail in told)
    assert all(f"/grants/{grant.number}" in mail["text"] for mail in told)


def test_a_letter_that_cannot_be_sealed_waits_and_says_why(app: Flask, session: Session, waiting: Grant) -> None:
    right = app.config["SEAL_PASSPHRASE"]
    app.config["SEAL_PASSPHRASE"] = "wrong" * 10
    try:
        worker.drain(app, lambda: NOW + timedelta(minutes=1))
    finally:
        app.config["SEAL_PASSPHRASE"] = right
    session.expire_all()
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "letter.seal")).one()
    assert message.state is MessageState.WAITING
    assert "SEAL_PASSPHRASE does not open" in str(message.last_error)
    assert grant_of(session, waiting.number).state is GrantState.AWAITING_SIGNATURE
    worker.drain(app, lambda: NOW + timedelta(hours=1))
    session.expire_all()
    assert grant_of(session, waiting.number).state is GrantState.ACTIVE


def test_a_grant_revoked_before_its_seal_is_never_sealed(app: Flask, session: Session, waiting: Grant) -> None:
    revoke(session, OPERATOR, waiting.number, "Issued by mistake.", NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    session.expire_all()
    grant = grant_of(session, waiting.number)
    assert grant.state is GrantState.REVOKED
    assert grant.letter_id is None
    assert mails(session, "grant_sealed") == []
    told = mails(session, "grant_revoked")
    assert told
    assert all("Issued by mistake." in mail["text"] for mail in told)


def test_the_schedule_lets_a_grant_end(app: Flask, session: Session, waiting: Grant) -> None:
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    after = NOW + timedelta(days=400)
    worker.run_schedule(app, after)
    worker.drain(app, lambda: after)
    session.expire_all()
    assert grant_of(session, waiting.number).state is GrantState.EXPIRED
    assert mails(session, "grant_expired")


def test_the_worker_names_the_new_lead_on_the_grants(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    successor = make_person(session, ready.member, Role.PROJECT_STAFF, name="Ada Quint")
    point = acting(session, make_person(session, ready.member, Role.FOCAL_POINT, name="Helena Voss"))
    reference = session.get_one(Proposal, granted.proposal_id).reference
    offer_lead(session, point, reference, successor.id, "", NOW)
    accept_lead(session, acting(session, successor), reference, NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    session.expire_all()
    assert [person.name for person in people_on(session, granted.id) if person.is_lead] == ["Ada Quint"]


def _told(session: Session, template: str) -> dict[str, str]:
    return {mail["to_email"]: mail["subject"] for mail in mails(session, template)}


def test_a_suspension_tells_each_side_what_it_is_to_do_and_not_the_one_who_did_it(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    steward = ready.steward_of(ready.datasets[0])
    colleague = make_person(session, session.get_one(Organization, granted.data_partner_id), Role.STEWARD)
    suspend(session, acting(session, steward), granted.number, "The files were copied.", NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    session.expire_all()
    told = _told(session, "grant_suspended")
    assert told[ready.lead.email] == f"Stop using the data: grant {granted.number} is suspended"
    assert told[colleague.email] == f"Suspended: grant {granted.number}"
    assert told[ready.officer.email] == f"Suspended: grant {granted.number}"
    assert steward.email not in told
    lift_suspension(session, acting(session, steward), granted.number, NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=2))
    session.expire_all()
    lifted = _told(session, "grant_suspension_lifted")
    assert lifted[colleague.email] == f"Suspension lifted: grant {granted.number}"
    assert set(lifted) == set(told)


def test_the_end_asks_the_team_to_delete_and_the_data_partner_to_end_access(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    after = NOW + timedelta(days=400)
    worker.run_schedule(app, after)
    worker.drain(app, lambda: after)
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.EXPIRED
    told = _told(session, "grant_expired")
    assert told[ready.lead.email].startswith("Delete the data")
    assert told[ready.steward_of(ready.datasets[0]).email].startswith("Ended: ")


def test_whoever_was_handed_data_reads_no_more_than_the_letter_of_who_gives_it(
    app: Flask, session: Session, granted: Grant, ready: Cast, store: FileStore, press: Press
) -> None:
    steward = ready.steward_of(ready.datasets[0])
    partner = session.get_one(Organization, granted.data_partner_id)
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    handed = in_force(session, store, press, ready, granted, signatory)
    granted.record = {**granted.record, "data_partner": {**granted.record["data_partner"], "is_unnamed": True}}  # type: ignore[dict-item]
    suspend(session, acting(session, steward), granted.number, "The files were copied.", NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    session.expire_all()
    (mail,) = [each for each in mails(session, "grant_suspended") if each["to_email"] == handed.email]
    assert mail["subject"].startswith("Stop using the data")
    for told in (mail["text"], mail["html"], mail["subject"]):
        assert partner.name not in told
        assert steward.name not in told
