"""What was handed over is deleted when its use ends: the member owes it by a day, and the recipient reads whom to write to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.changes.commands import handing
from app.changes.commands.carrying import follow_grant
from app.changes.queries.closing import checklist
from app.changes.queries.subgrants import deletion_of, subgrant_by_number
from app.duties.commands import wind_up
from app.foundation.files import FileStore
from app.grants.commands import revoke
from app.grants.commands.letters import Press
from app.grants.models import Duty, Grant, SubGrant
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.models import Person
from app.rules.roles import Role
from app.rules.workflow import SETTLED, DutyState, SubGrantState
from tests.changes.test_handovers import accepted, in_force, token_of
from tests.changes.test_offers import mails
from tests.factories.changes import LONGER, SOON, approve, ask, issue, seal
from tests.factories.grants import director_of
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

BY = SOON.date() + timedelta(days=30)


@pytest.fixture
def signatory(session: Session, cast: Cast) -> Person:
    return make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")


def owed(session: Session, grant: Grant) -> list[Duty]:
    handed = Duty.sentence.contains("handed over")
    return list(session.scalars(select(Duty).where(Duty.grant_id == grant.id, handed).order_by(Duty.id)))


def ended(session: Session, cast: Cast, grant: Grant, row: SubGrant) -> SubGrant:
    return handing.end(
        session, acting(session, cast.stewards[grant.data_partner_id]), row.number, "The study is over.", SOON
    )


def test_its_end_makes_its_deletion_a_duty_of_the_member_with_a_day(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    assert deletion_of(session, subgrant_by_number(session, row.number)) is None
    ended(session, cast, active, row)
    [duty] = owed(session, active)
    assert (duty.due_on, duty.state, duty.kind) == (BY, DutyState.OPEN, "delete")
    assert "Prado Transport Studies" in duty.sentence
    assert deletion_of(session, subgrant_by_number(session, row.number)) == (active.number, duty)
    kept = select(HistoryDetail.payload).join(HistoryEvent).where(HistoryEvent.type == "duty.begun")
    told = session.scalars(kept.where(HistoryEvent.thing_ref == active.number)).all()
    assert f"'duty_id': {duty.id}" in repr(told)


def test_what_was_never_sealed_gave_no_data_and_leaves_nothing_to_delete(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = accepted(session, cast, active, signatory)
    ended(session, cast, active, row)
    assert owed(session, active) == []


@pytest.mark.parametrize("winds_up_first", [True, False])
def test_it_is_due_no_later_than_the_data_of_a_grant_that_has_ended_and_holds_up_its_closing(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person, winds_up_first: bool
) -> None:
    in_force(session, store, press, cast, active, signatory)
    revoke(session, director_of(session, cast), active.number, "The data was passed on.", SOON)
    if winds_up_first:
        wind_up(session, active.number, SOON)
    follow_grant(session, active.number, SOON)
    wind_up(session, active.number, SOON)
    [duty] = owed(session, active)
    assert (duty.due_on, duty.state) == (BY, DutyState.OPEN)
    assert [item.holds_up is not None for item in checklist(session, active, SOON) if item.duty_id == duty.id] == [True]


def test_a_successor_that_waits_for_its_seal_owes_it_as_well(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    ended(session, cast, active, row)
    seal(session, store, press, successor)
    wind_up(session, active.number, SOON)
    [before], [duty] = owed(session, active), owed(session, successor)
    assert before.state in SETTLED
    assert (duty.state, duty.due_on) == (DutyState.OPEN, BY)
    assert deletion_of(session, subgrant_by_number(session, row.number)) == (successor.number, duty)


def test_one_that_did_not_fit_a_successor_is_deleted_under_the_successor(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    over = datetime(2027, 7, 1, tzinfo=UTC)
    change = approve(session, cast, active, ask(session, cast, active, LONGER))
    successor = seal(session, store, press, issue(session, cast, change))
    handing.end_over(session, over)
    assert row.state is SubGrantState.ENDED
    assert [duty.due_on for duty in owed(session, successor)] == [date(2027, 7, 30)]


def test_the_recipient_and_the_member_read_by_when_and_to_whom(
    client: Client, app: Flask, session: Session, granted: Grant, ready: Cast, installed: Press
) -> None:
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    store = app.extensions["onepact_files"]
    row = in_force(session, store, installed, ready, granted, signatory)
    token = token_of(session, row)
    ended(session, ready, granted, row)
    session.commit()
    worker.drain(app, lambda: SOON + timedelta(minutes=1))
    day = f"{BY:%d %b %Y}"
    _subject, told = mails(session, row.email)[-1]
    assert "Delete the data and every copy by" in told
    assert ready.lead.email in told
    page = text_of(client, f"/hand-over/{token}")
    assert "Delete the data and every copy by" in page
    assert day.lstrip("0") in page
    assert ready.lead.email in page
    client.sign_in_as(ready.lead)
    assert "Have Prado Transport Studies delete" in text_of(client, f"/hand-overs/{row.number}")
    assert "Have Prado Transport Studies delete" in text_of(client, f"/grants/{granted.number}")
