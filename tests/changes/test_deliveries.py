"""What a newer grant gives: the access of the one before goes on where it has arrived, and is asked for where it has not."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.delivery import commands as delivering
from app.delivery.commands import Provided
from app.delivery.models import Delivery
from app.delivery.safe import Safe
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.grants.commands import expire_due, lift_suspension, suspend
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.history.models import HistoryEvent
from app.outbox.models import OutboxMessage
from app.rules.workflow import DeliveryState, GrantState
from tests.factories.changes import LONGER, RENEWED, SOON, approve, ask, issue, seal, succeed
from tests.factories.grants import put_term
from tests.factories.organizations import acting
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases


def arrived(session: Session, cast: Cast, grant: Grant) -> None:
    delivering.begin(session, grant.number, SOON)
    steward = acting(session, cast.stewards[grant.data_partner_id])
    delivering.provide(session, steward, grant.number, Provided("By SFTP."), Safe(b"k" * 32), SOON)
    delivering.confirm(session, acting(session, cast.lead), grant.number, SOON)


def begun(session: Session, grant: Grant) -> tuple[Delivery, list[str]]:
    row = delivering.begin(session, grant.number, SOON)
    assert row is not None
    told = select(HistoryEvent.type).where(
        HistoryEvent.thing_ref == grant.number, HistoryEvent.type.startswith("delivery.")
    )
    return row, list(session.scalars(told))


def test_access_that_has_arrived_goes_on_and_the_history_says_so(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    arrived(session, cast, active)
    row, told = begun(session, succeed(session, store, press, cast, active, LONGER))
    assert (row.state, row.instructions) == (DeliveryState.ARRIVED, "By SFTP.")
    assert told == ["delivery.carried_on"]


def test_a_renewal_that_is_sealed_after_the_end_takes_over_access_that_nobody_has_switched_off(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    arrived(session, cast, active)
    renewed = issue(session, cast, approve(session, cast, active, ask(session, cast, active, RENEWED)))
    after = datetime.combine(active.ends_on, time(9), UTC) + timedelta(days=1)
    expire_due(session, after)
    assert delivering.follow_grants(session, after) == 1
    row, told = begun(session, seal(session, store, press, renewed, after))
    assert (row.state, row.is_open, told) == (DeliveryState.ARRIVED, True, ["delivery.carried_on"])
    assert delivering.follow_grants(session, after) == 0  # the grant before waits for nobody any more


def test_access_that_was_last_reported_missing_is_asked_for_anew(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    arrived(session, cast, active)
    delivering.report_missing(session, acting(session, cast.lead), active.number, "The link is dead.", SOON)
    row, told = begun(session, succeed(session, store, press, cast, active, LONGER))
    assert (row.state, row.instructions, row.arrived_at) == (DeliveryState.PREPARING, "", None)
    assert told == ["delivery.begun"]


def sealed_suspended(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> tuple[Grant, datetime]:
    """The renewal of a grant that expired suspended, with its moment."""
    renewed = approve(session, cast, active, ask(session, cast, active, RENEWED))
    steward = acting(session, cast.stewards[active.data_partner_id])
    suspend(session, steward, active.number, "A laptop was lost.", SOON + timedelta(days=1))
    after = datetime.combine(active.ends_on, time(9), UTC) + timedelta(days=1)
    expire_due(session, after)
    delivering.follow_grants(session, after)
    successor = seal(session, store, press, issue(session, cast, renewed, after), after)
    assert successor.state is GrantState.SUSPENDED
    return successor, after


def test_a_grant_that_is_sealed_suspended_is_delivered_once_that_is_lifted(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    successor, after = sealed_suspended(session, active, cast, store, press)
    assert delivering.begin(session, successor.number, after) is None
    lift_suspension(session, acting(session, cast.stewards[active.data_partner_id]), successor.number, after)
    assert delivering.follow_grants(session, after) == 1
    row, told = begun(session, successor)
    assert (row.state, told) == (DeliveryState.PREPARING, ["delivery.begun"])
    assert delivering.follow_grants(session, after) == 0


def test_what_is_open_under_a_grant_that_is_sealed_suspended_is_switched_off_or_goes_on(
    app: Flask, session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    arrived(session, cast, active)
    successor, after = sealed_suspended(session, active, cast, store, press)
    session.commit()
    worker.drain(app, lambda: after)
    session.expire_all()
    row, told = begun(session, successor)
    assert (row.state, row.is_open) == (DeliveryState.TO_SWITCH_OFF, True)
    assert told == ["delivery.carried_on", "delivery.switch_off_asked"]
    mails = select(OutboxMessage.payload).where(OutboxMessage.kind == "mail.send")
    subjects = [str(mail["subject"]) for mail in session.scalars(mails) if mail["thread"] == successor.number]
    assert [subject for subject in subjects if subject.startswith("Switch access off by ")]
    assert not [subject for subject in subjects if subject.startswith(("Your access goes on", "Provide access"))]
    lift_suspension(session, acting(session, cast.stewards[active.data_partner_id]), successor.number, after)
    assert delivering.follow_grants(session, after) == 1
    assert row.state is DeliveryState.PROVIDED


def test_what_is_provided_anew_forgets_nothing_that_is_open(
    session: Session, active: Grant, cast: Cast, store: FileStore
) -> None:
    put_term(active, "access_modes", ["report"])
    active.record = {**active.record, "access_mode": "report"}
    delivering.begin(session, active.number, SOON)
    steward = acting(session, cast.stewards[active.data_partner_id])
    by_address, safe = Provided("Read it there.", "https://example.org/report"), Safe(b"k" * 32)
    delivering.provide(session, steward, active.number, by_address, safe, SOON)
    file = store_file(session, store, b"%PDF-1.7", "report.pdf", "application/pdf", ("grant", active.number), SOON)
    row = delivering.provide(session, steward, active.number, Provided("Read it here.", result=file), safe, SOON)
    assert row.is_open
