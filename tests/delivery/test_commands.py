"""From approval to data in hand: provided, seen once, arrived or not; off the minute the grant gives no right."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery import commands
from app.delivery.commands import Provided
from app.delivery.models import Delivery, DeliverySecret
from app.delivery.queries import access_of, delivery_of
from app.delivery.safe import Safe
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.grants.commands import revoke, suspend
from app.grants.models import Grant
from app.history.models import HistoryDetail
from app.outbox.models import OutboxMessage
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Wait, progress
from app.rules.roles import Kind, Role
from app.rules.workflow import DeliveryState
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases

SAFE = Safe(b"k" * 32)
CANARY = "canary-9f27c1-opens-nothing"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def begun(session: Session, granted: Grant) -> Grant:
    commands.begin(session, granted.number, NOW)
    return granted


def lead(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.lead)


def steward(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.steward_of(cast.datasets[0]))


def provide(session: Session, grant: Grant, cast: Cast, secret: str = CANARY) -> Delivery:
    given = Provided("Fetch the files by SFTP.", "sftp://files.example.org", None, secret, cast.lead.id)
    return commands.provide(session, steward(session, cast), grant.number, given, SAFE, NOW)


def test_sealing_starts_the_data_partners_clock_of_one_working_day(session: Session, begun: Grant) -> None:
    row = delivery_of(session, begun.id)
    assert row is not None
    assert row.state is DeliveryState.PREPARING
    assert progress(Wait.DELIVERY, row.state_since, NOW).total == 1
    assert commands.begin(session, begun.number, LATER) is row  # once


def test_the_data_partner_provides_and_the_lead_says_that_it_arrived(
    session: Session, begun: Grant, ready: Cast
) -> None:
    assert provide(session, begun, ready).state is DeliveryState.PROVIDED
    row = commands.confirm(session, lead(session, ready), begun.number, LATER)
    assert row.state is DeliveryState.ARRIVED
    assert row.arrived_at == LATER


def test_a_no_goes_back_to_the_data_partner_with_the_words(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready)
    row = commands.report_missing(session, lead(session, ready), begun.number, "Two files are empty.", LATER)
    assert (row.state, row.missing, row.state_since) == (DeliveryState.PREPARING, "Two files are empty.", LATER)
    provide(session, begun, ready)
    with pytest.raises(Invalid, match="Say what is missing"):
        commands.report_missing(session, lead(session, ready), begun.number, " ", LATER)


def test_a_secret_is_shown_once_to_the_one_it_is_for_and_erased(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready)
    row = session.scalars(select(DeliverySecret)).one()
    kept = row.ciphertext or ""
    assert kept
    assert CANARY not in kept
    assert commands.see_secret(session, lead(session, ready), begun.number, SAFE, LATER) == CANARY
    assert row.ciphertext is None
    assert row.seen_at == LATER
    with pytest.raises(WrongState, match="shown already"):
        commands.see_secret(session, lead(session, ready), begun.number, SAFE, LATER)


def test_nobody_else_sees_the_secret(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready)
    for other in (steward(session, ready), acting(session, ready.officer), acting(session, ready.director)):
        with pytest.raises(NotAllowed):
            commands.see_secret(session, other, begun.number, SAFE, LATER)
    elsewhere = make_organization(session, Kind.MEMBER, "Another fund")
    stranger = acting(session, make_person(session, elsewhere, Role.PROJECT_STAFF))
    with pytest.raises((NotAllowed, NotFound)):
        commands.see_secret(session, stranger, begun.number, SAFE, LATER)


def test_a_new_secret_takes_the_place_of_the_one_nobody_saw(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready, "first")
    provide(session, begun, ready, "second")
    assert commands.see_secret(session, lead(session, ready), begun.number, SAFE, LATER) == "second"
    first, _second = session.scalars(select(DeliverySecret).order_by(DeliverySecret.id))
    assert first.ciphertext is None
    assert first.withdrawn_at is not None


def test_a_secret_stands_in_no_event_and_no_message(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready)
    commands.see_secret(session, lead(session, ready), begun.number, SAFE, LATER)
    kept = [str(detail.payload) for detail in session.scalars(select(HistoryDetail))]
    kept += [str(message.payload) for message in session.scalars(select(OutboxMessage))]
    assert kept
    assert not [text for text in kept if CANARY in text]


def test_access_is_off_the_minute_the_grant_is_suspended_or_over(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready)
    on = access_of(session, lead(session, ready), begun, LATER)
    assert on is not None
    assert on.is_on
    assert Action.READ_ACCESS in on.may
    assert Action.SEE_SECRET in on.may
    over = access_of(session, lead(session, ready), begun, NOW + timedelta(days=370))  # no worker has run
    suspend(session, steward(session, ready), begun.number, "A leak is looked into.", LATER)
    stopped = access_of(session, lead(session, ready), begun, LATER)
    for access in (over, stopped):
        assert access is not None
        assert not access.is_on
        assert not access.may & {Action.READ_ACCESS, Action.SEE_SECRET}
    with pytest.raises(WrongState, match="access is off"):
        commands.see_secret(session, lead(session, ready), begun.number, SAFE, LATER)
    with pytest.raises(WrongState, match="access is off"):
        provide(session, begun, ready)


def test_what_nobody_saw_is_erased_when_the_grant_has_ended(session: Session, begun: Grant, ready: Cast) -> None:
    provide(session, begun, ready)
    assert commands.forget_secrets(session, LATER) == 0
    suspend(session, steward(session, ready), begun.number, "A leak is looked into.", LATER)
    assert commands.forget_secrets(session, LATER) == 0  # the suspension may be lifted, and then somebody fetches it
    revoke(session, steward(session, ready), begun.number, "It was passed on.", LATER)
    assert commands.forget_secrets(session, LATER) == 1
    assert session.scalars(select(DeliverySecret)).one().ciphertext is None


def test_a_secret_opens_for_nobody_else_and_with_no_other_key() -> None:
    locked = SAFE.lock(CANARY, "delivery 1 person 2")
    assert locked != SAFE.lock(CANARY, "delivery 1 person 2")
    assert SAFE.open(locked, "delivery 1 person 2") == CANARY
    with pytest.raises(ValueError, match="does not open"):
        SAFE.open(locked, "delivery 1 person 3")
    with pytest.raises(ValueError, match="does not open"):
        Safe(b"x" * 32).open(locked, "delivery 1 person 2")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Provided("", "https://x.example"), "Say how"),
        (Provided("Go.", "ftp://x.example"), "begins with https"),
        (Provided("Go.", "", None, "s3cret", None), "Choose the one person"),
    ],
)
def test_what_cannot_be_provided_is_named(
    session: Session, begun: Grant, ready: Cast, given: Provided, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        commands.provide(session, steward(session, ready), begun.number, given, SAFE, NOW)
