"""Of several colleagues who could do the same, one takes it: it leaves the others' inboxes until the next step."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.models import GrantChange
from app.duties.commands import return_with_words, send_report
from app.duties.queries import duties_of
from app.foundation.errors import NotFound, WrongState
from app.grants.models import Grant
from app.history.models import HistoryEvent
from app.inbox.queries import inbox, waiting_for
from app.inbox.taking import take_case
from app.incidents.commands import Notice, report
from app.organizations.assignments import Assignment
from app.organizations.models import Membership, Organization, Person
from app.outputs.commands import Submission, submit
from app.rules.incidents import PersonalData
from app.rules.outputs import OutputKind
from app.rules.roles import Kind, Role
from app.rules.tasks import Group
from app.rules.workflow import ListingState
from tests.factories.changes import LONGER, ask
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.outputs import make_draft
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = pytest.mark.both_databases
THINGS = ("duty", "output", "incident", "change")


@pytest.fixture
def deputy(session: Session, ready: Cast) -> Person:
    partner = session.get_one(Organization, ready.datasets[0].organization_id)
    return make_person(session, partner, Role.DEPUTY, name="Tom Ek")


@pytest.fixture
def second_officer(session: Session, ready: Cast) -> Person:
    office = session.get_one(Organization, min(acting(session, ready.officer).organization_ids))
    return make_person(session, office, Role.OFFICER, name="Una Berg")


def begun(session: Session, thing: str, granted: Grant, ready: Cast) -> str:
    """One such thing that waits for the data partner, or, a change, for the secretariat; its reference."""
    lead = acting(session, ready.lead)
    match thing:
        case "duty":
            duty = next(each for each in duties_of(session, granted) if each.kind == "report")
            send_report(session, lead, granted.number, duty.id, {"decision": "Four crossings.", "indicators": []}, NOW)
            return f"{granted.number}:{duty.id}"
        case "output":
            given = Submission("Brief", OutputKind.BRIEF, file=make_draft(session))
            return submit(session, lead, granted.number, given, NOW).reference
        case "incident":
            notice = Notice("A laptop was left on a train.", NOW - timedelta(hours=2), PersonalData.UNKNOWN)
            return report(session, lead, granted.number, notice, NOW).reference
        case _:
            return ask(session, ready, granted, LONGER, NOW).reference


def of(session: Session, person: Person, ref: str) -> tuple[Group, str] | None:
    """The group of a thing's row in somebody's inbox, and who has taken it; the number in the head is that of the rows."""
    viewer = acting(session, person)
    found = inbox(session, viewer, NOW)
    assert found.yours_count == waiting_for(session, viewer)
    rows = [row for row in found.rows if ":".join(value for _name, value in row.values) == ref]
    return (rows[0].group, rows[0].taker) if rows else None


def whose(session: Session, person: Person, ref: str) -> Group | None:
    found = of(session, person, ref)
    return found[0] if found else None


@pytest.mark.parametrize("thing", [thing for thing in THINGS if thing != "change"])
def test_who_takes_it_keeps_it_and_a_colleague_sees_whose_it_is(
    session: Session, granted: Grant, ready: Cast, deputy: Person, thing: str
) -> None:
    ref = begun(session, thing, granted, ready)
    first, other = ready.steward_of(ready.datasets[0]), deputy
    assert of(session, first, ref) == (Group.YOURS, "")
    take_case(session, acting(session, other), thing, ref, NOW)
    assert of(session, other, ref) == (Group.YOURS, "")
    assert whose(session, first, ref) is Group.OTHERS
    row = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq.desc()).limit(1)).one()
    assert (row.type, row.actor_pid) == ("case.taken", other.pid)
    take_case(session, acting(session, first), thing, ref, NOW)
    assert of(session, first, ref) == (Group.YOURS, "")
    assert whose(session, other, ref) is Group.OTHERS


@pytest.mark.parametrize("thing", THINGS)
def test_who_could_not_end_it_takes_nothing_and_a_stranger_learns_nothing(
    session: Session, granted: Grant, ready: Cast, thing: str
) -> None:
    ref = begun(session, thing, granted, ready)
    stranger = make_person(session, make_organization(session, Kind.PARTNER, "Elsewhere"), Role.STEWARD)
    with pytest.raises(NotFound):
        take_case(session, acting(session, stranger), thing, ref, NOW)
    with pytest.raises(WrongState):
        take_case(session, acting(session, ready.lead), thing, ref, NOW)
    assert session.scalars(select(Assignment)).all() == []


@pytest.mark.parametrize(
    ("thing", "ref"), [("duty", "GR-2026-0001:x"), ("duty", ":"), ("grant", "GR"), ("", ""), ("output", "x")]
)
def test_what_is_not_there_cannot_be_taken(session: Session, ready: Cast, thing: str, ref: str) -> None:
    with pytest.raises(NotFound):
        take_case(session, acting(session, ready.officer), thing, ref, NOW)


def test_the_next_step_is_everybodys_again(session: Session, granted: Grant, ready: Cast, deputy: Person) -> None:
    ref = begun(session, "duty", granted, ready)
    steward, lead = ready.steward_of(ready.datasets[0]), acting(session, ready.lead)
    take_case(session, acting(session, deputy), "duty", ref, NOW)
    number, key = ref.split(":")
    later = NOW + timedelta(hours=1)
    return_with_words(session, acting(session, deputy), number, int(key), "Say which decision.", later)
    send_report(session, lead, number, int(key), {"decision": "Four crossings.", "indicators": []}, later)
    assert of(session, steward, ref) == (Group.YOURS, "")
    assert of(session, deputy, ref) == (Group.OTHERS, "")


def test_who_leaves_leaves_it_to_the_others(session: Session, granted: Grant, ready: Cast, deputy: Person) -> None:
    ref = begun(session, "output", granted, ready)
    steward = ready.steward_of(ready.datasets[0])
    take_case(session, acting(session, deputy), "output", ref, NOW)
    for row in session.scalars(select(Membership).where(Membership.person_id == deputy.id)):
        row.ended_at = NOW
    session.flush()
    assert of(session, steward, ref) == (Group.YOURS, "")


def test_nobody_is_offered_what_they_alone_can_do(session: Session, granted: Grant, ready: Cast) -> None:
    ref = begun(session, "output", granted, ready)
    viewer = acting(session, ready.steward_of(ready.datasets[0]))
    assert [row.take for row in inbox(session, viewer, NOW).rows if ref in " ".join(row.lines)] == [None]


def test_an_officer_takes_the_check_of_a_listing_from_the_one_who_is_named(
    session: Session, ready: Cast, second_officer: Person
) -> None:
    listing = ready.datasets[0]
    listing.state, listing.state_since = ListingState.IN_CHECK, NOW
    session.flush()
    ref = listing.reference
    groups = {person.name: of(session, person, ref) for person in (ready.officer, second_officer)}
    assert sorted(group for group, _name in filter(None, groups.values())) == [Group.OTHERS, Group.YOURS]
    other = next(p for p in (ready.officer, second_officer) if groups[p.name] == (Group.OTHERS, ""))
    take_case(session, acting(session, other), "listing", ref, NOW)
    assert of(session, other, ref) == (Group.YOURS, "")


def test_an_officer_takes_the_check_of_a_change_from_the_one_who_is_named(
    session: Session, granted: Grant, ready: Cast, second_officer: Person
) -> None:
    ref = begun(session, "change", granted, ready)
    assert (of(session, ready.officer, ref), of(session, second_officer, ref)) == (
        (Group.YOURS, ""),
        (Group.OTHERS, ""),
    )
    take_case(session, acting(session, second_officer), "change", ref, NOW)
    assert (of(session, ready.officer, ref), of(session, second_officer, ref)) == (
        (Group.OTHERS, ""),
        (Group.YOURS, ""),
    )


def test_taking_a_change_binds_nothing_once_it_was_decided(
    session: Session, granted: Grant, ready: Cast, second_officer: Person
) -> None:
    ref = begun(session, "change", granted, ready)
    take_case(session, acting(session, second_officer), "change", ref, NOW)
    change = session.scalars(select(GrantChange).where(GrantChange.reference == ref)).one()
    with pytest.raises(WrongState):
        take_case(session, acting(session, ready.steward_of(ready.datasets[0])), "change", change.reference, NOW)
