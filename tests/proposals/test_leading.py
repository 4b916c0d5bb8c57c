"""The lead of a proposal changes hands: asked and accepted, or named at once where the last one left; in every open state."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.commands import remove_person
from app.organizations.models import Membership, Person
from app.proposals.commands.leading import accept_lead, appoint_lead, decline_lead, offer_lead, take_back_lead
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.leading import without_lead
from app.proposals.queries.team import has_accepted
from app.proposals.standing import standing
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.workflow import ProposalState, transition
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal

LED = sorted(transition(Action.APPOINT_LEAD).sources - {ProposalState.ISSUED})
LATER = NOW + timedelta(days=1)


def _end_memberships(session: Session, person: Person) -> None:
    for row in session.scalars(select(Membership).where(Membership.person_id == person.id)):
        row.ended_at = NOW
    session.flush()


def _outsider(session: Session) -> Person:
    return make_person(session, make_organization(session), Role.FOCAL_POINT)


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def nia(session: Session, cast: Cast) -> Person:
    return make_person(session, cast.member, Role.PROJECT_STAFF, name="Nia Sole")


@pytest.mark.parametrize("state", LED)
def test_the_lead_hands_over_to_a_colleague_who_accepts(session: Session, cast: Cast, nia: Person, state: str) -> None:
    proposal = make_proposal(session, ProposalState(state), cast=cast)
    offer_lead(session, acting(session, cast.lead), proposal.reference, nia.id, "I am away from Monday.", NOW)
    assert proposal.lead_id == cast.lead.id
    accept_lead(session, acting(session, nia), proposal.reference, LATER)
    assert proposal.lead_id == nia.id
    assert proposal.state == state
    assert Role.PROJECT_LEAD in standing(session, acting(session, nia), proposal)
    assert Role.TEAM_MEMBER in standing(session, acting(session, cast.lead), proposal)
    assert has_accepted(session, nia.id, proposal)
    assert [m.person_id for m in session.scalars(select(TeamMember).where(TeamMember.is_lead))] == [nia.id]


@pytest.mark.parametrize("state", LED)
def test_a_focal_point_names_a_new_lead_at_once_where_the_last_one_left(
    session: Session, cast: Cast, nia: Person, state: str
) -> None:
    proposal = make_proposal(session, ProposalState(state), cast=cast)
    focal = acting(session, make_person(session, cast.member, Role.FOCAL_POINT))
    with pytest.raises((Invalid, NotFound)):
        appoint_lead(session, focal, proposal.reference, nia.id, NOW)
    _end_memberships(session, cast.lead)
    assert without_lead(session, focal) == [proposal]
    appoint_lead(session, focal, proposal.reference, nia.id, NOW)
    assert proposal.lead_id == nia.id
    assert without_lead(session, focal) == []
    assert not has_accepted(session, nia.id, proposal)
    types = session.scalars(select(HistoryEvent.type).where(HistoryEvent.thing_ref == proposal.reference)).all()
    assert Event.LEAD_CHANGED in types


def test_nobody_else_changes_the_lead(session: Session, cast: Cast, nia: Person) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    focal = make_person(session, cast.member, Role.FOCAL_POINT)
    with pytest.raises(NotAllowed):
        offer_lead(session, acting(session, nia), proposal.reference, nia.id, "", NOW)
    with pytest.raises(NotAllowed):  # there is a focal point, so this is not the secretariat's
        offer_lead(session, acting(session, cast.officer), proposal.reference, nia.id, "", NOW)
    outsider = _outsider(session)
    with pytest.raises(NotFound):
        offer_lead(session, acting(session, outsider), proposal.reference, nia.id, "", NOW)
    offer_lead(session, acting(session, focal), proposal.reference, nia.id, "", NOW)
    with pytest.raises(NotAllowed):
        accept_lead(session, acting(session, focal), proposal.reference, NOW)


def test_an_officer_asks_where_the_organization_has_no_focal_point(session: Session, cast: Cast, nia: Person) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    _end_memberships(session, cast.lead)
    officer = acting(session, cast.officer)
    assert without_lead(session, officer) == [proposal]
    appoint_lead(session, officer, proposal.reference, nia.id, NOW)
    assert proposal.lead_id == nia.id


def test_only_somebody_who_can_start_proposals_there_can_lead(session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    signatory = make_person(session, cast.member, Role.SIGNATORY)
    for person in (signatory, cast.officer, cast.lead):
        with pytest.raises(Invalid):
            offer_lead(session, acting(session, cast.lead), proposal.reference, person.id, "", NOW)


def test_a_request_is_answered_once_and_by_the_one_who_was_asked(session: Session, cast: Cast, nia: Person) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    lead = acting(session, cast.lead)
    offer_lead(session, lead, proposal.reference, nia.id, "", NOW)
    with pytest.raises(Invalid):
        offer_lead(session, lead, proposal.reference, nia.id, "", NOW)
    decline_lead(session, acting(session, nia), proposal.reference, "I am on leave.", NOW)
    with pytest.raises(WrongState):
        accept_lead(session, acting(session, nia), proposal.reference, NOW)
    offer_lead(session, lead, proposal.reference, nia.id, "", NOW)
    take_back_lead(session, lead, proposal.reference, NOW)
    with pytest.raises(WrongState):
        accept_lead(session, acting(session, nia), proposal.reference, NOW)
    assert proposal.lead_id == cast.lead.id


@pytest.mark.parametrize("state", [ProposalState.WITHDRAWN, ProposalState.NOT_TAKEN_UP])
def test_what_has_ended_keeps_its_lead(session: Session, cast: Cast, nia: Person, state: ProposalState) -> None:
    proposal = make_proposal(session, state, cast=cast)
    with pytest.raises(WrongState):
        offer_lead(session, acting(session, cast.lead), proposal.reference, nia.id, "", NOW)


def test_a_draft_whose_lead_left_is_told_to_the_focal_point_alone(session: Session, cast: Cast, nia: Person) -> None:
    proposal: Proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    focal = acting(session, make_person(session, cast.member, Role.FOCAL_POINT))
    outsider = acting(session, _outsider(session))
    _end_memberships(session, cast.lead)
    for actor in (outsider, acting(session, nia), acting(session, cast.officer)):
        with pytest.raises(NotFound):
            appoint_lead(session, actor, proposal.reference, nia.id, NOW)
    appoint_lead(session, focal, proposal.reference, nia.id, NOW)
    assert proposal.lead_id == nia.id


def test_leaving_is_refused_while_work_is_open(session: Session, cast: Cast) -> None:
    make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    focal = acting(session, make_person(session, cast.member, Role.FOCAL_POINT))
    with pytest.raises(Invalid):
        remove_person(session, focal, cast.member.id, cast.lead.id, NOW, open_work=["PR-2026-0001"])
