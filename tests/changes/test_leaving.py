"""What is under way on a grant when a side of it leaves the common agreement: changes lapse, hand-overs follow the grant."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import worker
from app.agreements.commands import end_accession
from app.changes import commands
from app.changes.commands import handing
from app.changes.queries.waiting import rows
from app.changes.wanted import Wanted
from app.foundation.errors import Invalid
from app.grants.models import Grant, SubGrant
from app.organizations.models import Membership, Organization, Person
from app.outbox.models import OutboxMessage
from app.rules.roles import Capacity, Role
from app.rules.workflow import ChangeState, GrantState, SubGrantState
from tests.changes.test_handovers import asked
from tests.factories.changes import LONGER, RENEWED, approve, ask, issue, shown
from tests.factories.grants import NOW, grant_of
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.reactions.test_leaving import accession_of, leaves, mails
from tests.support.application import Client

pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
SOON = NOW + timedelta(days=30)


@pytest.fixture
def signatory(session: Session, ready: Cast) -> Person:
    """Who signs for the member."""
    return make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")


def side_leaves(app: Flask, session: Session, cast: Cast, grant: Grant, capacity: Capacity) -> None:
    side = {Capacity.MEMBER: grant.member_id, Capacity.DATA_PARTNER: grant.data_partner_id}[capacity]
    session.commit()
    leaves(app, session, cast, side, capacity, SOON)


@pytest.mark.parametrize("capacity", [Capacity.MEMBER, Capacity.DATA_PARTNER])
@pytest.mark.parametrize("wanted", [LONGER, RENEWED, Wanted(kept_where="Our second server")])
def test_an_open_change_lapses_when_a_side_of_its_grant_leaves(
    app: Flask, session: Session, granted: Grant, ready: Cast, capacity: Capacity, wanted: Wanted
) -> None:
    change = ask(session, ready, granted, wanted)
    side_leaves(app, session, ready, granted, capacity)
    assert change.state is ChangeState.LAPSED


def test_who_asked_and_who_was_to_answer_are_told_who_left(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    change = approve(session, ready, granted, ask(session, ready, granted, LONGER))
    side_leaves(app, session, ready, granted, Capacity.DATA_PARTNER)
    partner = session.get_one(Organization, granted.data_partner_id)
    told = [mail for mail in mails(session, "grant_told") if mail["thread"] == change.reference]
    lapsed = [mail for mail in told if mail["subject"].startswith("Lapsed")]
    assert {mail["to_email"] for mail in lapsed} == {ready.lead.email, ready.director.email}
    assert all(f"{partner.name} leaves or has left the common agreement" in mail["text"] for mail in lapsed)


def test_who_asked_and_has_left_the_member_since_is_told_nothing(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    ask(session, ready, granted, LONGER)
    for held in session.scalars(select(Membership).where(Membership.person_id == ready.lead.id)):
        held.ended_at = NOW
    side_leaves(app, session, ready, granted, Capacity.MEMBER)
    lapsed = [mail for mail in mails(session, "grant_told") if mail["subject"].startswith("Lapsed")]
    assert lapsed
    assert ready.lead.email not in {mail["to_email"] for mail in lapsed}


@pytest.mark.parametrize("capacity", [Capacity.MEMBER, Capacity.DATA_PARTNER])
def test_a_change_that_came_under_way_as_a_side_left_lapses_a_minute_later(
    app: Flask, session: Session, granted: Grant, ready: Cast, capacity: Capacity
) -> None:
    change = ask(session, ready, granted, LONGER)
    side = {Capacity.MEMBER: granted.member_id, Capacity.DATA_PARTNER: granted.data_partner_id}[capacity]
    row = accession_of(session, side, capacity)
    end_accession(session, acting(session, ready.director), row.reference, "It has other plans.", SOON)
    session.execute(delete(OutboxMessage))
    session.commit()
    worker.run_schedule(app, SOON)
    worker.drain(app, lambda: SOON)
    session.expire_all()
    assert change.state is ChangeState.LAPSED
    assert not mails(session, "grant_ended_with_member") + mails(session, "grant_runs_on"), "grants follow elsewhere"


def test_a_renewal_lapses_too_when_its_grant_has_run_out(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    change = approve(session, ready, granted, ask(session, ready, granted, RENEWED))
    granted.ends_on = SOON.date() - timedelta(days=1)
    session.commit()
    worker.run_schedule(app, SOON)
    worker.drain(app, lambda: SOON)
    session.expire_all()
    assert (grant_of(session, granted.number).state, change.state) == (GrantState.EXPIRED, ChangeState.APPROVED)
    side_leaves(app, session, ready, granted, Capacity.MEMBER)
    assert change.state is ChangeState.LAPSED
    with pytest.raises(Exception, match="no longer possible"):
        issue(session, ready, change)


def test_a_no_is_not_taken_back_once_a_side_has_left(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    change = ask(session, ready, granted, LONGER)
    commands.check(session, acting(session, ready.officer), change.reference, SOON)
    steward = acting(session, ready.stewards[granted.data_partner_id])
    seen = shown(session, granted, change)[0]
    commands.not_approve(session, steward, change.reference, "Ask again in May.", seen, SOON)
    side_leaves(app, session, ready, granted, Capacity.DATA_PARTNER)
    with pytest.raises(Invalid):
        commands.undo(session, steward, change.reference, SOON)


def test_the_lead_of_a_grant_that_ends_is_asked_to_close_it_where_nobody_can_renew_it(
    app: Flask, client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    ask(session, ready, granted, LONGER)
    granted.ends_on = SOON.date() + timedelta(days=20)
    session.commit()
    lead = acting(session, ready.lead)
    assert "Renew or close" not in {row.button for row in rows(session, lead, SOON)}, "a change would move the end"
    side_leaves(app, session, ready, granted, Capacity.DATA_PARTNER)
    (row,) = (row for row in rows(session, lead, SOON) if "ends" in row.sentence)
    assert (row.button, row.endpoint) == ("Close", "changes.closing")
    client.sign_in_as(ready.lead)
    assert text_of(client, f"/grants/{granted.number}/close")
    worker.run_schedule(app, SOON)
    worker.drain(app, lambda: SOON)
    (mail,) = (mail for mail in mails(session, "grant_to_act") if mail["subject"].startswith("Close by"))
    assert "cannot be renewed" in mail["text"]
    assert not [m for m in mails(session, "grant_to_act") if m["subject"].startswith("Renew")]


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_hand_over_that_nobody_answered_ends_with_its_grant_when_the_member_leaves(
    app: Flask, session: Session, granted: Grant, ready: Cast, signatory: Person, is_signed: bool
) -> None:
    row = handing.hand_over(session, acting(session, ready.lead), granted.number, asked(ready), SOON)
    if is_signed:
        handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    side_leaves(app, session, ready, granted, Capacity.MEMBER)
    found = session.scalars(select(SubGrant).where(SubGrant.number == row.number)).one()
    assert found.state is SubGrantState.ENDED
    assert str(found.state_reason).startswith(f"{granted.number} has ended")
    told = {mail["to_email"] for mail in mails(session, "grant_told") if mail["thread"] == row.number}
    assert ("ines@prado.example" in told) is is_signed, "who was offered it hears that it is over"


def test_a_hand_over_of_a_grant_that_runs_on_ends_with_the_last_day(
    app: Flask, session: Session, granted: Grant, ready: Cast, signatory: Person
) -> None:
    row = handing.hand_over(session, acting(session, ready.lead), granted.number, asked(ready), SOON)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    side_leaves(app, session, ready, granted, Capacity.DATA_PARTNER)
    assert session.get_one(SubGrant, row.id).state is SubGrantState.OFFERED, "the grant runs on, and so does this"
    over = SOON + timedelta(days=400)
    worker.run_schedule(app, over)
    worker.drain(app, lambda: over)
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.EXPIRED
    assert session.get_one(SubGrant, row.id).state is SubGrantState.ENDED
