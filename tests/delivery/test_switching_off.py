"""Access ends on the data partner's side too: it is asked to switch off what it opened, and says that it did."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.changes.commands import close
from app.changes.queries.closing import checklist
from app.changes.queries.drill import Asked, drill
from app.changes.queries.waits import close_out_turns
from app.delivery import commands
from app.delivery.commands import Provided
from app.delivery.models import Delivery
from app.delivery.queries import delivery_of, wait_of
from app.delivery.safe import Safe
from app.foundation.errors import NotAllowed, NotFound, WrongState
from app.grants.commands import ask_to_close, expire_due, lift_suspension, revoke, suspend
from app.grants.models import Duty, Grant
from app.grants.queries.turns import turn_on
from app.history.models import HistoryEvent
from app.inbox import from_promises
from app.organizations.models import Organization, Person
from app.outbox.models import OutboxMessage
from app.rules.delivery import PATHS, Until, stays_open
from app.rules.roles import Kind, Role
from app.rules.tasks import Row
from app.rules.vocabulary import AccessMode
from app.rules.workflow import DeliveryState, DutyState, GrantState
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

pytestmark = pytest.mark.both_databases

SAFE = Safe(b"k" * 32)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def steward(ready: Cast) -> Person:
    return ready.steward_of(ready.datasets[0])


@pytest.fixture
def opened(session: Session, granted: Grant, ready: Cast, steward: Person) -> Grant:
    """A grant whose data is in hand, by an address with a key."""
    commands.begin(session, granted.number, NOW)
    given = Provided("Fetch the files by SFTP.", "sftp://files.example.org")
    commands.provide(session, acting(session, steward), granted.number, given, SAFE, NOW)
    commands.confirm(session, acting(session, ready.lead), granted.number, NOW)
    session.commit()
    return granted


def row_of(session: Session, grant: Grant) -> Delivery:
    row = delivery_of(session, grant.id)
    assert row is not None
    return row


def events(session: Session, grant: Grant) -> list[str]:
    kept = select(HistoryEvent.type).where(HistoryEvent.thing_ref == grant.number).order_by(HistoryEvent.seq)
    return [kind for kind in session.scalars(kept) if kind.startswith("delivery.")]


def in_inbox(session: Session, person: Person, now: datetime) -> Row | None:
    rows = from_promises.rows(session, acting(session, person), now)
    return next((row for row in rows if row.endpoint == "delivery.show"), None)


def stopped(session: Session, grant: Grant, steward: Person, ready: Cast, how: str) -> datetime:
    """The moment at which the grant gave no right any more."""
    if how == "expired":
        expire_due(session, NOW + timedelta(days=400))
        return NOW + timedelta(days=400)
    if how == "suspended":
        suspend(session, acting(session, steward), grant.number, "A leak is looked into.", LATER)
    elif how == "revoked":
        revoke(session, acting(session, steward), grant.number, "It was passed on.", LATER)
    else:
        ask_to_close(session, acting(session, ready.lead), grant.number, "Done.", LATER)
    return LATER


def certify_all(session: Session, grant: Grant) -> None:
    for row in session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.kind == "delete")):
        row.state, row.state_since, row.done_at = DutyState.ACCEPTED, LATER, LATER
    session.flush()


@pytest.mark.parametrize("how", ["expired", "suspended", "revoked", "ended by the lead"])
def test_however_access_ends_the_data_partner_is_asked_and_confirms(
    session: Session, opened: Grant, ready: Cast, steward: Person, how: str
) -> None:
    at = stopped(session, opened, steward, ready, how)
    assert commands.follow_grants(session, at) == 1
    assert commands.follow_grants(session, at) == 0
    turn = turn_on(session, wait_of(opened, row_of(session, opened)), at)
    assert turn is not None
    assert turn.acts is not None
    assert turn.acts.name == steward.name
    row = in_inbox(session, steward, at)
    assert row is not None
    assert (row.is_yours, row.sentence, row.due) == (True, "Switch access off, and confirm it", turn.clock.due)
    delivery = commands.switch_off(session, acting(session, steward), opened.number, at)
    assert (delivery.state, delivery.is_open, delivery.switched_off_by_id) == (
        DeliveryState.SWITCHED_OFF,
        False,
        steward.id,
    )
    assert events(session, opened)[-2:] == ["delivery.switch_off_asked", "delivery.switched_off"]
    assert in_inbox(session, steward, at) is None
    with pytest.raises(WrongState):
        commands.switch_off(session, acting(session, steward), opened.number, at)


def test_who_is_asked_has_a_working_day_a_deputy_and_the_secretariat_after_them(
    session: Session, opened: Grant, ready: Cast, steward: Person
) -> None:
    deputy = make_person(session, session.get_one(Organization, opened.data_partner_id), Role.DEPUTY, name="Tom Ek")
    at = stopped(session, opened, steward, ready, "revoked")
    commands.follow_grants(session, at)
    assert in_inbox(session, ready.officer, at) is None
    sent = [commands.remind_due(session, at + timedelta(hours=hours)) for hours in range(0, 24 * 8, 6)]
    # A wait of one working day has no half: it is reminded on its day, and when it is over.
    kept = select(HistoryEvent).where(HistoryEvent.type == "delivery.reminded")
    assert sum(sent) == len(session.scalars(kept).all()) >= 2
    late = at + timedelta(days=8)
    for person in (steward, deputy, ready.officer):
        row = in_inbox(session, person, late)
        assert row is not None
        assert row.is_yours
    commands.switch_off(session, acting(session, ready.officer), opened.number, late)
    assert in_inbox(session, ready.officer, late) is None


def test_nobody_else_says_that_it_is_off_and_for_others_there_is_nothing(
    client: Client, session: Session, opened: Grant, ready: Cast, steward: Person
) -> None:
    at = stopped(session, opened, steward, ready, "revoked")
    commands.follow_grants(session, at)
    for person in (ready.lead, ready.director):
        with pytest.raises(NotAllowed):
            commands.switch_off(session, acting(session, person), opened.number, at)
    other = make_organization(session, Kind.BOTH, "Another company")
    stranger = make_person(session, other, Role.STEWARD, Role.PROJECT_STAFF)
    with pytest.raises(NotFound):
        commands.switch_off(session, acting(session, stranger), opened.number, at)
    session.commit()
    client.sign_in_as(stranger)
    assert client.post(f"/grants/{opened.number}/access/off").status_code == 404
    client.sign_in_as(ready.lead)
    assert client.post(f"/grants/{opened.number}/access/off").status_code == 403


def test_a_lifted_suspension_asks_for_what_was_switched_off(
    session: Session, opened: Grant, ready: Cast, steward: Person
) -> None:
    act = acting(session, steward)
    at = stopped(session, opened, steward, ready, "suspended")
    commands.follow_grants(session, at)
    commands.switch_off(session, act, opened.number, at)
    lift_suspension(session, act, opened.number, at)
    assert commands.follow_grant(session, opened.number, at)
    row = row_of(session, opened)
    assert (row.state, row.provided_at, row.instructions) == (
        DeliveryState.PREPARING,
        None,
        "Fetch the files by SFTP.",
    )
    asked = in_inbox(session, steward, at)
    assert asked is not None
    assert asked.sentence == "Provide access to the data"
    revoke(session, act, opened.number, "It was passed on.", at)
    assert commands.follow_grants(session, at) == 0  # nothing was opened again


def test_what_nobody_had_switched_off_goes_on_and_the_member_says_whether_it_works(
    session: Session, opened: Grant, ready: Cast, steward: Person
) -> None:
    at = stopped(session, opened, steward, ready, "suspended")
    commands.follow_grants(session, at)
    lift_suspension(session, acting(session, steward), opened.number, at)
    assert commands.follow_grants(session, at) == 1
    assert row_of(session, opened).state is DeliveryState.PROVIDED
    assert events(session, opened)[-1] == "delivery.kept"
    revoke(session, acting(session, steward), opened.number, "It was passed on.", at)
    assert commands.follow_grants(session, at) == 1  # it is still open


def test_a_grant_is_not_closed_while_access_is_on(
    session: Session, opened: Grant, ready: Cast, steward: Person
) -> None:
    act = acting(session, steward)
    at = stopped(session, opened, steward, ready, "ended by the lead")
    certify_all(session, opened)
    with pytest.raises(WrongState, match="Access is not switched off yet"):
        close(session, act, opened.number, "", at)  # whether the worker has run or not
    commands.follow_grants(session, at)
    assert close_out_turns(session, [opened], at) == {}
    line = next(each for each in checklist(session, opened, at) if each.duty_id is None)
    assert line.holds_up is not None
    assert line.turn is not None
    assert line.turn.has_it is not None
    assert line.turn.has_it.name == steward.name
    off_at = at + timedelta(days=1)
    commands.switch_off(session, act, opened.number, off_at)
    assert close_out_turns(session, [opened], off_at)[opened.number].acts is not None
    assert close(session, act, opened.number, "", off_at).state is GrantState.CLOSED


def test_the_drill_says_where_access_is_to_be_switched_off(session: Session, opened: Grant, ready: Cast) -> None:
    asked = Asked(dataset=ready.datasets[0].reference)
    (line,) = drill(session, acting(session, ready.officer), asked, LATER)
    assert line.is_open
    row_of(session, opened).is_open = False
    session.flush()
    (line,) = drill(session, acting(session, ready.officer), asked, LATER)
    assert not line.is_open


def test_pages_and_mails_say_who_switches_it_off_and_who_did(
    app: Flask, client: Client, session: Session, opened: Grant, ready: Cast, steward: Person
) -> None:
    stopped(session, opened, steward, ready, "revoked")
    session.commit()
    worker.drain(app, lambda: LATER)
    session.expire_all()
    assert row_of(session, opened).state is DeliveryState.TO_SWITCH_OFF
    address = f"/grants/{opened.number}/access"
    client.sign_in_as(ready.lead)
    assert "switches it off on its side by Tue 24 Nov 2026" in text_of(client, address)
    assert f"Next: {steward.name}." in text_of(client, f"/grants/{opened.number}")
    client.sign_in_as(steward)
    assert "What to switch off" in text_of(client, address)
    assert client.post(f"{address}/off").status_code == 303
    worker.drain(app, lambda: LATER)
    client.sign_in_as(ready.lead)
    assert f"by {steward.name}." in text_of(client, f"/grants/{opened.number}")
    assert "Access switched off on " in text_of(client, address)
    sent = select(OutboxMessage.payload).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    told = {(mail["to_email"], str(mail["subject"])) for mail in session.scalars(sent)}
    assert any(to == steward.email and says.startswith("Switch access off by Tue 24 Nov") for to, says in told)
    assert any(to == ready.lead.email and says.startswith("Access switched off: ") for to, says in told)


def test_only_a_result_that_is_kept_here_ends_by_itself() -> None:
    results = {mode for mode, path in PATHS.items() if not stays_open(path, has_address=False)}
    assert results == {AccessMode.REPORT, AccessMode.INDICATOR_OR_MODEL, AccessMode.SYNTHETIC_DATA}
    assert all(stays_open(path, has_address=True) for path in PATHS.values())
    assert all(path.steps[-1].until is Until.OFF for path in PATHS.values())
