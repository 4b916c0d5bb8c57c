"""The clock of who reads what was done about a duty: in the data partner's own days, the same wherever it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties import commands
from app.duties.queries import duty_seen_by
from app.grants.models import Duty, Grant
from app.history.queries import happenings
from app.inbox import from_promises
from app.organizations.models import Organization
from app.reactions.promise_cases import case_of
from tests.factories.organizations import acting
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
REPORT = {"decision": "The city rebuilt four crossings.", "indicators": []}


@pytest.fixture
def done(session: Session, granted: Grant, ready: Cast) -> Duty:
    """The day before Thanksgiving a report was sent to somebody in the United States."""
    session.get_one(Organization, granted.data_partner_id).country = "US"
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    return commands.send_report(session, acting(session, ready.lead), granted.number, row.id, REPORT, WEDNESDAY)


def test_the_page_the_inbox_and_the_mail_tell_the_same_day(
    session: Session, granted: Grant, ready: Cast, done: Duty
) -> None:
    steward = acting(session, ready.steward_of(ready.datasets[0]))
    seen = duty_seen_by(session, steward, granted.number, done.id, WEDNESDAY)
    [row] = from_promises.rows(session, steward, WEDNESDAY)
    told = happenings(session, [("grant", granted.number)])
    newest = next(each for each in told if each.facts.get("duty_id") == done.id)
    case = case_of(session, newest, WEDNESDAY)
    assert seen.clock is not None
    assert case is not None
    # Ten working days, Thanksgiving not counted.
    assert {seen.clock.due, row.due, case.due} == {date(2026, 12, 10)}


def test_the_reminder_at_half_of_the_time_waits_for_the_holiday(session: Session, done: Duty) -> None:
    assert done.done_at == WEDNESDAY
    assert commands.remind_due(session, WEDNESDAY + timedelta(days=7)) == 0
    assert commands.remind_due(session, WEDNESDAY + timedelta(days=8)) == 1
    assert done.reminded == 50
