"""Each open duty, delivery, output and incident has one named person who may act: the taker first, nobody who is too close."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.delivery import commands as delivery
from app.delivery.queries import delivery_of
from app.delivery.queries import wait_of as wait_of_delivery
from app.duties.commands import send_report
from app.duties.queries import duties_of
from app.duties.queries import wait_of as wait_of_duty
from app.grants.models import Duty, Grant
from app.grants.queries.answering import of_partner
from app.grants.queries.turns import Turn, Waiting, turn_on
from app.inbox import from_duties, from_incidents, from_outputs, from_promises
from app.inbox.taking import take_case
from app.incidents.commands import Notice, report, report_in_full
from app.incidents.queries import wait_of as wait_of_incident
from app.organizations.models import Organization, Person
from app.outputs.commands import Submission, submit
from app.outputs.queries import wait_of as wait_of_output
from app.proposals.step_models import ConflictOfInterest
from app.rules.incidents import PersonalData
from app.rules.outputs import OutputKind
from app.rules.roles import Role
from app.rules.tasks import Group
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_person
from tests.factories.outputs import make_draft
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = pytest.mark.both_databases
THINGS = ("duty", "output", "incident", "delivery")
SOURCES = (from_duties, from_promises, from_outputs, from_incidents)


@pytest.fixture
def deputy(session: Session, ready: Cast) -> Person:
    partner = session.get_one(Organization, ready.datasets[0].organization_id)
    return make_person(session, partner, Role.DEPUTY, name="Tom Ek")


def waiting(session: Session, thing: str, grant: Grant, cast: Cast) -> tuple[str, Waiting | None]:
    """One thing that waits for the data partner, and what it is taken by."""
    lead = acting(session, cast.lead)
    match thing:
        case "duty":
            row = owed(session, grant)
            send_report(session, lead, grant.number, row.id, {"decision": "Four crossings.", "indicators": []}, NOW)
            return f"{grant.number}:{row.id}", wait_of_duty(grant, row)
        case "output":
            given = Submission("Brief", OutputKind.BRIEF, file=make_draft(session))
            output = submit(session, lead, grant.number, given, NOW)
            return output.reference, wait_of_output(grant, output)
        case "incident":
            notice = Notice("A laptop was left on a train.", NOW - timedelta(hours=2), PersonalData.UNKNOWN)
            incident = report(session, lead, grant.number, notice, NOW)
            report_in_full(session, lead, incident.reference, "Found at the lost property office.", NOW)
            return incident.reference, wait_of_incident(grant, incident)
        case _:
            delivery.begin(session, grant.number, NOW)
            given_access = delivery_of(session, grant.id)
            assert given_access is not None
            return grant.number, wait_of_delivery(grant, given_access)


def owed(session: Session, grant: Grant) -> Duty:
    return next(each for each in duties_of(session, grant) if each.kind == "report")


def turn(session: Session, wait: Waiting | None, days: int = 0) -> Turn:
    found = turn_on(session, wait, NOW + timedelta(days=days))
    assert found is not None
    return found


def named(session: Session, wait: Waiting | None, days: int = 0) -> str:
    name = turn(session, wait, days).has_it
    return name.name if name else ""


def groups(session: Session, person: Person, days: int = 0) -> set[tuple[Group, str]]:
    moment = NOW + timedelta(days=days)
    viewer = acting(session, person)
    return {(row.group, row.sentence) for source in SOURCES for row in source.rows(session, viewer, moment)}


def own(session: Session, person: Person, days: int = 0) -> set[str]:
    return {sentence for group, sentence in groups(session, person, days) if group is not Group.OTHERS}


def conflicted(session: Session, grant: Grant, person: Person) -> None:
    session.add(
        ConflictOfInterest(proposal_id=grant.proposal_id, person_id=person.id, words="A sister", declared_at=NOW)
    )
    session.flush()


@pytest.mark.parametrize("thing", THINGS)
def test_who_declared_a_conflict_is_not_named_and_has_no_row(
    session: Session, granted: Grant, ready: Cast, deputy: Person, thing: str
) -> None:
    _ref, wait = waiting(session, thing, granted, ready)
    steward = ready.steward_of(ready.datasets[0])
    assert named(session, wait) == steward.name
    conflicted(session, granted, steward)
    assert named(session, wait) == deputy.name
    assert not {each for each in groups(session, steward) if each[1] != "Take note of an incident"}
    assert own(session, deputy)
    assert of_partner(session, granted) == [deputy]
    conflicted(session, granted, deputy)
    assert named(session, wait) == ready.officer.name
    assert own(session, ready.officer) - {"Take note of an incident"}


@pytest.mark.parametrize("thing", [thing for thing in THINGS if thing != "delivery"])
def test_who_took_it_is_named(session: Session, granted: Grant, ready: Cast, deputy: Person, thing: str) -> None:
    ref, wait = waiting(session, thing, granted, ready)
    take_case(session, acting(session, deputy), thing, ref, NOW)
    assert named(session, wait) == deputy.name
    conflicted(session, granted, deputy)
    assert named(session, wait) == ready.steward_of(ready.datasets[0]).name


def test_an_overdue_duty_is_in_the_inbox_of_whoever_joined(session: Session, granted: Grant, ready: Cast) -> None:
    focal = make_person(session, ready.member, Role.FOCAL_POINT, name="Fenna Blok")
    row = owed(session, granted)
    assert row.due_on is not None
    wait, day = wait_of_duty(granted, row), (row.due_on - NOW.date()).days
    people = (ready.lead, focal, ready.officer)

    def rows(days: int) -> list[list[str]]:
        found = ([each for each in own(session, person, days) if each != "Take it"] for person in people)
        return [sorted(each) for each in found]

    assert named(session, wait, day) == ready.lead.name
    assert rows(day) == [["%(duty)s"], [], []]
    assert named(session, wait, day + 1) == focal.name
    assert rows(day + 1) == [["%(duty)s"], ["%(duty)s"], []]
    late = turn(session, wait, day + 10)
    assert late.follows_up is not None
    assert late.follows_up.name == ready.officer.name
    assert rows(day + 10) == [["%(duty)s"], ["%(duty)s"], ["Follow up with %(name)s"]]


def test_the_reading_climbs_to_the_deputy_and_to_the_secretariat_who_may_answer_too(
    session: Session, granted: Grant, ready: Cast, deputy: Person
) -> None:
    _ref, wait = waiting(session, "duty", granted, ready)
    steward = ready.steward_of(ready.datasets[0])
    assert [named(session, wait, days) for days in (0, 15, 30)] == [steward.name, deputy.name, ready.officer.name]
    read = "Read and answer: %(duty)s"
    assert [read in own(session, each, 0) for each in (steward, deputy, ready.officer)] == [True, False, False]
    assert [read in own(session, each, 15) for each in (steward, deputy, ready.officer)] == [True, True, False]
    assert [read in own(session, each, 30) for each in (steward, deputy, ready.officer)] == [True, True, True]
    assert turn(session, wait, 30).follows_up is None
