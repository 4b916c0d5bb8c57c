"""What a newer grant gives: the access of the one before goes on where it has arrived, and is asked for where it has not."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery import commands as delivering
from app.delivery.commands import Provided
from app.delivery.models import Delivery
from app.delivery.safe import Safe
from app.foundation.files import FileStore
from app.grants.commands import expire_due
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.history.models import HistoryEvent
from app.rules.workflow import DeliveryState
from tests.factories.changes import LONGER, RENEWED, SOON, approve, ask, issue, seal, succeed
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
