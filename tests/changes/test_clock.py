"""The clock of a change counts in the calendar of whoever is waited for: the secretariat, the data partner, the secretariat."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.changes import commands
from app.changes.queries import waiting
from app.changes.queries.changes import changes_of
from app.changes.queries.waits import turn_of
from app.grants.models import Grant
from app.organizations.calendars import ClosedDay
from app.organizations.models import Person
from app.rules.actors import Actor
from tests.factories.changes import LONGER, ask, shown
from tests.factories.grants import NOW
from tests.factories.organizations import acting
from tests.factories.proposals import Cast

TODAY = NOW.date()


def close(session: Session, person: Person, *days: date) -> None:
    """Somebody's organization does not work on these days."""
    (organization_id,) = acting(session, person).organization_ids
    for day in days:
        session.add(ClosedDay(organization_id=organization_id, day=day, reason="The office moves", added_at=NOW))
    session.flush()


def due(session: Session, grant: Grant) -> date:
    """The day by which its newest change is dealt with."""
    turn = turn_of(session, changes_of(session, grant)[0], grant, NOW)
    assert turn is not None
    assert turn.clock.due is not None
    return turn.clock.due


def due_in(session: Session, viewer: Actor) -> date | None:
    return next(row.due for row in waiting.rows(session, viewer, NOW) if row.endpoint == "changes.show")


def test_each_step_is_due_by_the_days_of_whoever_takes_it(session: Session, active: Grant, cast: Cast) -> None:
    steward, officer = cast.stewards[active.data_partner_id], acting(session, cast.officer)
    change = ask(session, cast, active, LONGER, NOW)
    free = due(session, active)
    close(session, cast.officer, *(TODAY + timedelta(days=number) for number in range(1, 8)))
    assert due(session, active) == due_in(session, officer) == free + timedelta(days=7)

    commands.check(session, officer, change.reference, NOW)
    free = due(session, active)
    close(session, steward, *(TODAY + timedelta(days=number) for number in range(1, 15)))
    decided_by = due(session, active)
    assert decided_by == free + timedelta(days=14)
    assert due_in(session, acting(session, steward)) == due_in(session, acting(session, cast.lead)) == decided_by

    commands.approve(session, acting(session, steward), change.reference, "", shown(session, active, change, NOW), NOW)
    assert due(session, active) == free  # five days of the secretariat, which does not work for a week


def test_nobody_is_waited_for_once_it_is_over(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER, NOW)
    commands.withdraw(session, acting(session, cast.lead), change.reference, NOW)
    assert turn_of(session, change, active, NOW) is None
