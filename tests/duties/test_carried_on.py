"""What was promised and done under a grant goes on with the grant that takes its place."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.wanted import Wanted
from app.duties import commands
from app.duties.commands import Given
from app.duties.commands.rounds import begin_next_round
from app.duties.queries import duty_seen_by
from app.foundation.files import FileStore
from app.grants.commands import revoke
from app.grants.commands.letters import Press
from app.grants.models import Duty, Grant
from app.rules.workflow import DutyState
from tests.factories.changes import LONGER, RENEWED, SOON, another_dataset, approve, ask, issue, seal, succeed
from tests.factories.grants import director_of
from tests.factories.organizations import acting
from tests.factories.proposals import Cast
from tests.grants.conftest import active, cast, press, store

__all__ = ["active", "cast", "press", "store"]

SHOWN = Given("The map names the source.", "https://fund.example/map")
MINUTE = timedelta(minutes=1)


def duty(session: Session, grant: Grant, kind: str, number: int = 1) -> Duty:
    found = select(Duty).where(Duty.grant_id == grant.id, Duty.kind == kind, Duty.round == number)
    return session.scalars(found).one()


def test_the_data_partner_reads_the_evidence_on_the_grant_that_follows(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    before = duty(session, active, "statement")
    commands.do(session, acting(session, cast.lead), active.number, before.id, SHOWN, SOON)
    successor = succeed(session, store, press, cast, active, LONGER, SOON + MINUTE)
    for _again in range(2):
        commands.wind_up(session, active.number, SOON + 2 * MINUTE)
    steward = acting(session, cast.stewards[active.data_partner_id])
    carried = duty(session, successor, "statement")
    seen = duty_seen_by(session, steward, successor.number, carried.id, SOON + 2 * MINUTE)
    assert [each.body for each in seen.evidence] == ["The map names the source."]
    old = duty_seen_by(session, steward, active.number, before.id, SOON + 2 * MINUTE)
    assert (old.turn, old.clock, old.may) == (None, None, frozenset())  # it waits in one place
    later = SOON + timedelta(days=60)
    commands.remind_due(session, later)
    assert before.reminded is None
    assert carried.reminded is not None


def test_what_was_done_while_the_newer_letter_was_sealed_is_not_owed_again(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    before = duty(session, active, "statement")
    commands.do(session, acting(session, cast.lead), active.number, before.id, SHOWN, SOON + MINUTE)
    seal(session, store, press, successor, SOON + 2 * MINUTE)
    for _again in range(2):
        commands.wind_up(session, active.number, SOON + 3 * MINUTE)
    carried = duty(session, successor, "statement")
    assert (carried.state, carried.done_at) == (DutyState.DONE, SOON + MINUTE)
    report = duty(session, successor, "report")
    assert report.state is DutyState.OPEN  # settled with the older grant, and still owed under the newer one


def test_a_renewal_takes_along_what_is_still_being_read(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    before = duty(session, active, "statement")
    commands.do(session, acting(session, cast.lead), active.number, before.id, SHOWN, SOON)
    successor = succeed(session, store, press, cast, active, RENEWED, SOON + MINUTE)
    commands.wind_up(session, active.number, SOON + 2 * MINUTE)
    carried = session.scalars(select(Duty).where(Duty.grant_id == successor.id, Duty.state == DutyState.DONE)).one()
    steward = acting(session, cast.stewards[active.data_partner_id])
    assert len(duty_seen_by(session, steward, successor.number, carried.id, SOON + 2 * MINUTE).evidence) == 1


def test_a_dataset_that_was_left_out_is_still_to_be_deleted_after_another_amendment_and_no_later_after_the_end(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    more = another_dataset(session, active)
    second = succeed(session, store, press, cast, active, Wanted(add=(more.reference,)))
    third = succeed(session, store, press, cast, second, Wanted(drop=(more.reference,)))
    promised = duty(session, third, "delete", 2).due_on
    fourth = succeed(session, store, press, cast, third, LONGER)
    commands.wind_up(session, third.number, SOON)
    left_out = duty(session, fourth, "delete", 2)
    assert (left_out.state, left_out.due_on, left_out.sentence) == (DutyState.OPEN, promised, f"Delete {more.title}")
    assert duty(session, fourth, "delete").due_on == fourth.ends_on + timedelta(days=30)
    revoke(session, director_of(session, cast), fourth.number, "The data was passed on.", SOON + timedelta(days=20))
    commands.wind_up(session, fourth.number, SOON + timedelta(days=20))
    assert left_out.due_on == promised


def test_a_later_last_day_asks_for_the_reports_that_now_fall_into_the_time(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    last: Duty | None = duty(session, active, "report")
    while last is not None:  # every report of the term is in
        last.state, last.state_since, number = DutyState.ACCEPTED, SOON, last.round
        session.flush()
        last = begin_next_round(session, active, last, SOON)
    successor = succeed(session, store, press, cast, active, LONGER, SOON + MINUTE)
    for _again in range(2):
        commands.wind_up(session, active.number, SOON + 2 * MINUTE)
    begun = duty(session, successor, "report", number + 1)
    assert begun.state is DutyState.OPEN
    assert begun.due_on is not None
    assert active.ends_on < begun.due_on <= successor.ends_on
