"""An output that serves an emergency is read within hours, day and night, on the clock that a crisis has (clause 17.2)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.queries.turns import turn_on
from app.inbox.queries import inbox
from app.outputs.commands import Submission, submit
from app.outputs.models import Output
from app.outputs.queries import wait_of
from app.rules.calendar import Progress
from app.rules.outputs import OutputKind
from app.rules.tasks import Group
from app.rules.terms.values import Unit
from tests.factories.grants import NOW
from tests.factories.organizations import acting
from tests.factories.outputs import make_draft
from tests.factories.proposals import Cast


@pytest.fixture
def submitted(session: Session, granted: Grant, ready: Cast) -> Output:
    purpose = granted.record["purpose"]
    assert isinstance(purpose, dict)
    granted.record = {**granted.record, "purpose": {**purpose, "codes": ["dev.emergency"]}}
    given = Submission("Where the water stands", OutputKind.MAP, file=make_draft(session))
    return submit(session, acting(session, ready.lead), granted.number, given, NOW)


@pytest.mark.parametrize(
    ("hours", "left", "is_over"), [(0, 48, False), (47.5, 1, False), (48, 0, True), (60, -12, True)]
)
def test_its_clock_counts_hours(
    session: Session, granted: Grant, submitted: Output, hours: float, left: int, is_over: bool
) -> None:
    turn = turn_on(session, wait_of(granted, submitted), NOW + timedelta(hours=hours))
    assert turn is not None
    assert isinstance(turn.clock, Progress)
    assert (turn.clock.unit, turn.clock.left, turn.clock.is_over) == (Unit.HOUR, left, is_over)
    assert turn.clock.ends_at == NOW + timedelta(hours=48)


def test_the_inbox_says_it_to_the_hour(session: Session, submitted: Output, ready: Cast) -> None:
    steward = acting(session, ready.steward_of(ready.datasets[0]))

    def group(hours: float) -> Group:
        rows = inbox(session, steward, NOW + timedelta(hours=hours)).rows
        return next(row.group for row in rows if dict(row.values).get("reference") == submitted.reference)

    assert (group(47.9), group(48)) == (Group.YOURS, Group.OVERDUE)
