"""Whoever joins a grant later accepts the terms for themselves, and then reaches the data as the others do."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes import commands
from app.changes.models import GrantChange
from app.changes.wanted import NewPerson, Wanted
from app.delivery import commands as delivering
from app.delivery.commands import Provided
from app.delivery.queries import access_of, team_of
from app.delivery.safe import Safe
from app.foundation.errors import Invalid
from app.foundation.files import FileStore
from app.grants.commands.following_lead import follow_lead
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.grants.queries.grants import people_on
from app.grants.queries.lists import grants_page
from app.organizations.models import Organization, Person
from app.outbox.models import OutboxMessage
from app.proposals.commands.accepting import accept_terms
from app.proposals.commands.leading import accept_lead, offer_lead
from app.proposals.models import Proposal, TeamMember
from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.workflow import ChangeState, MemberState
from tests.factories.changes import SOON, approve, ask, issue, seal
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ada(session: Session, cast: Cast) -> Person:
    return make_person(session, cast.member, Role.PROJECT_STAFF, name="Ada Quint")


def joining(session: Session, cast: Cast, grant: Grant, email: str) -> GrantChange:
    return ask(session, cast, grant, Wanted(join=(NewPerson("Ada Quint", email, "Coastal Cities Fund"),)))


def provided(session: Session, cast: Cast, grant: Grant) -> None:
    delivering.begin(session, grant.number, SOON)
    steward = acting(session, cast.stewards[grant.data_partner_id])
    delivering.provide(session, steward, grant.number, Provided("By SFTP."), Safe(b"k" * 32), SOON)


def accept(session: Session, grant: Grant, person: Person) -> None:
    reference = session.get_one(Proposal, grant.proposal_id).reference
    accept_terms(session, acting(session, person), reference, SOON + timedelta(hours=1))


def may_read(session: Session, grant: Grant, person: Person) -> bool:
    access = access_of(session, acting(session, person), grant, SOON + timedelta(hours=2))
    return access is not None and Action.READ_ACCESS in access.may


def test_who_joins_is_asked_accepts_and_reaches_the_data(
    session: Session, active: Grant, cast: Cast, ada: Person
) -> None:
    assert joining(session, cast, active, ada.email).state is ChangeState.NOTED
    provided(session, cast, active)
    asked = select(OutboxMessage).where(OutboxMessage.kind == "team.invite")
    assert session.scalars(asked).one().payload["inviter"] == cast.lead.name
    assert not may_read(session, active, ada)
    accept(session, active, ada)
    assert may_read(session, active, ada)
    assert [person.name for person in team_of(session, active)] == ["Rosa Lindqvist", "Ada Quint"]
    ask(session, cast, active, Wanted(leave=(ada.email,)))
    assert not may_read(session, active, ada)


def test_who_joins_by_a_decision_is_asked_when_the_newer_grant_is_issued(
    session: Session, active: Grant, cast: Cast, ada: Person, store: FileStore, press: Press
) -> None:
    steward = acting(session, cast.stewards[active.data_partner_id])
    slug = session.get_one(Organization, active.data_partner_id).slug
    commands.set_wishes(session, steward, slug, {"team": True}, SOON)
    change = joining(session, cast, active, ada.email)
    place = select(TeamMember.state).where(TeamMember.email == ada.email)
    assert session.scalar(place) is None
    successor = seal(session, store, press, issue(session, cast, approve(session, cast, active, change)))
    assert session.scalar(place) is MemberState.INVITED
    provided(session, cast, successor)
    accept(session, successor, ada)
    assert may_read(session, successor, ada)


def test_who_got_an_account_after_joining_is_known_by_the_address(session: Session, active: Grant, cast: Cast) -> None:
    joining(session, cast, active, "Ada.Quint@Coastal.example")
    provided(session, cast, active)
    ada = make_person(session, cast.member, Role.PROJECT_STAFF, name="Ada Quint")
    ada.email = "ada.quint@coastal.example"
    session.flush()
    accept(session, active, ada)
    assert may_read(session, active, ada)
    assert grants_page(session, acting(session, ada), SOON).rows == (active,)


def test_a_grant_follows_the_lead_of_its_proposal(session: Session, active: Grant, cast: Cast, ada: Person) -> None:
    reference = session.get_one(Proposal, active.proposal_id).reference
    point = acting(session, make_person(session, cast.member, Role.FOCAL_POINT, name="Helena Voss"))
    offer_lead(session, point, reference, ada.id, "", SOON)
    accept_lead(session, acting(session, ada), reference, SOON)
    assert follow_lead(session, reference, SOON) == 1
    assert follow_lead(session, reference, SOON) == 0
    assert [(each.name, each.is_lead) for each in people_on(session, active.id)] == [
        ("Ada Quint", True),
        ("Rosa Lindqvist", False),
    ]
    provided(session, cast, active)
    assert may_read(session, active, ada)
    lead = acting(session, ada)
    with pytest.raises(Invalid, match="lead stays"):
        commands.ask(session, lead, active.number, Wanted(leave=(ada.email,)), "She is busy.", "", SOON)
