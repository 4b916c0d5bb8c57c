"""What somebody did lately on a grant stands in their inbox, and only while they may still open it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.commands.handing import HandOver, hand_over
from app.grants.models import Grant
from app.inbox.lately import done
from app.incidents.commands import Notice, report
from app.organizations.models import Membership, Person
from app.outputs import commands
from app.outputs.commands import Submission, comment, submit
from app.proposals.commands.undoing import take_back
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.incidents import PersonalData
from app.rules.outputs import OutputKind
from app.rules.roles import Role
from tests.factories.changes import LONGER, SOON, ask
from tests.factories.grants import NOW
from tests.factories.organizations import acting
from tests.factories.outputs import make_draft
from tests.factories.pipelines import make_board
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = pytest.mark.both_databases


def things(session: Session, person: Person) -> set[tuple[str, str]]:
    """Kind and reference of what the person did lately."""
    session.flush()
    return {(each.thing, each.reference) for each in done(session, acting(session, person), NOW)}


@pytest.fixture
def output(session: Session, granted: Grant, ready: Cast) -> str:
    """The reference of an output that the project lead submitted."""
    given = Submission("Brief", OutputKind.BRIEF, file=make_draft(session))
    return submit(session, acting(session, ready.lead), granted.number, given, NOW).reference


@pytest.fixture
def incident(session: Session, granted: Grant, ready: Cast) -> str:
    """The reference of an incident that the data partner's steward reported."""
    notice = Notice("Our own export held names.", NOW, PersonalData.YES)
    steward = ready.steward_of(ready.datasets[0])
    return report(session, acting(session, steward), granted.number, notice, NOW).reference


def test_outputs_and_incidents_stand_with_whoever_acted(
    session: Session, ready: Cast, output: str, incident: str
) -> None:
    assert ("output", output) in things(session, ready.lead)
    assert ("incident", incident) in things(session, ready.steward_of(ready.datasets[0]))
    assert ("incident", incident) not in things(session, ready.lead)


def test_what_is_kept_from_colleagues_is_gone_with_the_role(session: Session, ready: Cast, output: str) -> None:
    steward = ready.steward_of(ready.datasets[0])
    comment(session, acting(session, steward), output, "p. 2", "The numbers are per shop.", NOW)
    assert ("output", output) in things(session, steward)
    for row in session.scalars(select(Membership).where(Membership.person_id == steward.id)):
        row.role = Role.FOCAL_POINT
    assert ("output", output) not in things(session, steward)


def test_a_change_and_a_hand_over_stand_with_whoever_acted(session: Session, granted: Grant, ready: Cast) -> None:
    change, lead = ask(session, ready, granted, LONGER), acting(session, ready.lead)
    given = HandOver(
        "consultant", "Prado Transport Studies", "CO", "Ines Prado", "ines@prado.example",
        (ready.datasets[0].reference,), date(2027, 6, 30), "Encrypted laptop disk", "CO", "Count crossings by hour.",
    )  # fmt: skip
    row = hand_over(session, lead, granted.number, given, SOON)
    assert things(session, ready.lead) >= {("change", change.reference), ("subgrant", row.number)}


def test_what_was_taken_back_is_told_as_taken_back_alone(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.asks("elif")
    take_back(session, board.actor("elif"), board.ref, NOW + timedelta(minutes=2))
    session.flush()
    told = {each.name for each in done(session, board.actor("elif"), NOW + timedelta(minutes=3))}
    assert told == {EVENT_NAMES[Event.REQUEST_UNDONE]}


def test_a_cleared_output_that_was_taken_back_is_told_as_taken_back_alone(
    session: Session, ready: Cast, output: str
) -> None:
    steward = acting(session, ready.steward_of(ready.datasets[0]))

    def told(minutes: int) -> set[str]:
        session.flush()
        return {
            each.name for each in done(session, steward, NOW + timedelta(minutes=minutes)) if each.thing == "output"
        }

    commands.clear(session, steward, output, 1, NOW)
    assert told(1) == {EVENT_NAMES[Event.OUTPUT_CLEARED]}
    commands.take_back(session, steward, output, NOW + timedelta(minutes=2))
    assert told(3) == {EVENT_NAMES[Event.OUTPUT_ANSWER_UNDONE]}
