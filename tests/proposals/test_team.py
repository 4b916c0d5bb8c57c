"""Each of a team accepts for themselves: who sees the draft when, what is kept, who is missing. On both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.models import Organization, Person
from app.outbox.models import OutboxMessage
from app.proposals.commands.accepting import (
    LINK_VALID,
    accept_terms,
    decline_terms,
    invite_member_again,
    join_with_new_account,
)
from app.proposals.commands.drafting import copy_as_new, save_answers
from app.proposals.commands.gathering import add_team_member
from app.proposals.commands.sending import NotReady
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.cases import on_team, visible_to
from app.proposals.queries.drafts import draft
from app.proposals.queries.team import has_accepted, not_accepted, place_of
from app.proposals.queries.versions import team_of
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.workflow import MemberState, ProposalState
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal, send_as_shown

LATER = NOW + timedelta(days=1)


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def other(session: Session) -> Organization:
    return make_organization(session, name="Harbor Fund")


@pytest.fixture
def tom(session: Session, other: Organization) -> Person:
    return make_person(session, other, Role.PROJECT_STAFF, name="Tom Vale")


def _named(session: Session, cast: Cast, proposal: Proposal, person: Person) -> TeamMember:
    return add_team_member(session, acting(session, cast.lead), proposal.reference, person.name, person.email, "", NOW)


def _token(session: Session) -> str:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team.invite")).all()
    return str(rows[-1].payload["token"])


def test_somebody_of_another_organization_sees_the_draft_once_they_accepted(
    session: Session, cast: Cast, tom: Person
) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    _named(session, cast, proposal, tom)
    actor = acting(session, tom)
    for _way in (on_team(actor), visible_to(actor)):
        assert session.scalars(select(Proposal).where(_way)).all() == []
    with pytest.raises(NotFound):
        draft(session, actor, proposal.reference, NOW)
    assert place_of(session, actor, proposal.reference, NOW).terms.clauses[0].slug == "authorized-users"
    accept_terms(session, actor, proposal.reference, LATER)
    assert session.scalars(select(Proposal).where(on_team(actor))).all() == [proposal]
    save_answers(session, actor, proposal.reference, {"title": "Ours"}, LATER)
    assert draft(session, actor, proposal.reference, LATER).proposal.title == "Ours"


def test_a_colleague_writes_at_once_and_not_after_declining(session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF)
    _named(session, cast, proposal, nia)
    actor = acting(session, nia)
    assert draft(session, actor, proposal.reference, NOW).proposal is proposal
    decline_terms(session, actor, proposal.reference, "I move to another task.", NOW)
    with pytest.raises(NotFound):
        draft(session, actor, proposal.reference, NOW)
    assert session.scalars(select(Proposal).where(on_team(actor))).all() == []


def test_what_was_accepted_is_kept_with_version_hash_and_moment(session: Session, cast: Cast, tom: Person) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    member = _named(session, cast, proposal, tom)
    accept_terms(session, acting(session, tom), proposal.reference, LATER)
    assert (member.state, member.answered_at) == (MemberState.ACCEPTED, LATER)
    assert (member.agreement_version, member.agreement_hash) == ("2026-1", "a" * 64)
    event = session.scalars(select(HistoryEvent).where(HistoryEvent.type == Event.TERMS_ACCEPTED)).one()
    assert (event.actor_pid, event.agreement_hash) == (tom.pid, "a" * 64)
    with pytest.raises(WrongState):
        accept_terms(session, acting(session, tom), proposal.reference, LATER)


def test_sending_waits_for_nobody_and_says_who_is_missing(session: Session, cast: Cast, tom: Person) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    _named(session, cast, proposal, tom)
    send_as_shown(session, acting(session, cast.lead), proposal)
    assert proposal.state is ProposalState.IN_INTAKE
    assert has_accepted(session, cast.lead.id, proposal), "whoever sends accepts for themselves"
    assert not has_accepted(session, tom.id, proposal)
    assert [member.name for member in not_accepted(session, proposal)] == [tom.name]


def test_nobody_answers_for_another(session: Session, cast: Cast, tom: Person) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    member = _named(session, cast, proposal, tom)
    colleague = make_person(session, cast.member, Role.PROJECT_STAFF)
    for actor in (acting(session, colleague), acting(session, cast.officer)):
        with pytest.raises(NotFound):
            accept_terms(session, actor, proposal.reference, NOW)
    with pytest.raises(NotAllowed):
        decline_terms(session, acting(session, cast.lead), proposal.reference, "", NOW)
    with pytest.raises(NotAllowed):
        invite_member_again(session, acting(session, tom), proposal.reference, member.id, NOW)
    assert member.state is MemberState.INVITED


def test_whoever_declined_can_be_asked_again(session: Session, cast: Cast, tom: Person) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    member = _named(session, cast, proposal, tom)
    decline_terms(session, acting(session, tom), proposal.reference, "No time.", NOW)
    with pytest.raises(WrongState):
        accept_terms(session, acting(session, tom), proposal.reference, NOW)
    invite_member_again(session, acting(session, cast.lead), proposal.reference, member.id, LATER)
    accept_terms(session, acting(session, tom), proposal.reference, LATER)
    assert has_accepted(session, tom.id, proposal)


def test_somebody_without_an_account_begins_one_by_the_link_which_gives_no_right_by_itself(
    session: Session, cast: Cast
) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    member = add_team_member(session, lead, proposal.reference, "Ida Fern", "ida@example.org", "Elsewhere", NOW)
    token = _token(session)
    with pytest.raises(WrongState):
        join_with_new_account(session, token, "Ida Fern", "hash", NOW + LINK_VALID)
    ida, _proposal = join_with_new_account(session, token, "Ida Fern", "hash", NOW)
    assert member.person_id == ida.id
    with pytest.raises(NotFound):
        join_with_new_account(session, token, "Ida Fern", "hash", NOW)
    actor = acting(session, ida)
    accept_terms(session, actor, proposal.reference, NOW)
    assert has_accepted(session, ida.id, proposal)
    with pytest.raises(NotFound):  # of no organization of the consortium yet
        draft(session, actor, proposal.reference, NOW)


def test_another_text_of_the_agreement_is_accepted_anew(session: Session, cast: Cast, tom: Person) -> None:
    proposal = make_proposal(session, ProposalState.CHANGES_REQUESTED, cast=cast)
    _named(session, cast, proposal, tom)
    accept_terms(session, acting(session, tom), proposal.reference, NOW)
    for accession in session.scalars(select(Accession).where(Accession.organization_id == cast.member.id)):
        accession.agreement_hash = "b" * 64
    session.flush()
    send_as_shown(session, acting(session, cast.lead), proposal, LATER)
    assert not has_accepted(session, tom.id, proposal)
    assert has_accepted(session, cast.lead.id, proposal)


@pytest.mark.parametrize("state", sorted(set(ProposalState) - {ProposalState.ISSUED}))
def test_a_copy_names_the_same_people_and_takes_nobodys_acceptance_along(
    session: Session, cast: Cast, tom: Person, state: ProposalState
) -> None:
    original = make_proposal(session, ProposalState.DRAFT, cast=cast)
    _named(session, cast, original, tom)
    accept_terms(session, acting(session, tom), original.reference, NOW)
    proposal = make_proposal(session, state, cast=cast)
    session.add(
        TeamMember(
            proposal_id=proposal.id,
            person_id=tom.id,
            name=tom.name,
            email=tom.email,
            state=MemberState.ACCEPTED,
            added_at=NOW,
        )
    )
    session.flush()
    copy = copy_as_new(session, acting(session, cast.lead), proposal.reference, cast.member.id, LATER)
    states = {member.name: member.state for member in team_of(session, copy.id)}
    assert states == {cast.lead.name: MemberState.INVITED, tom.name: MemberState.INVITED}
    assert copy.answers["problem"] == proposal.answers["problem"]
    assert copy.prefilled["problem"] == "copy"
    assert copy.prefilled["starts_on"] == "calendar"


def test_a_lead_without_a_card_writes_and_cannot_send(session: Session, cast: Cast) -> None:
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, vouched=False)
    mine = Cast(cast.member, nia, cast.datasets, cast.stewards, cast.officer, cast.director)
    proposal = make_proposal(session, ProposalState.DRAFT, cast=mine)
    with pytest.raises(NotReady) as refused:
        send_as_shown(session, acting(session, nia), proposal)
    assert [gap.key for gap in refused.value.gaps] == ["card"]


def test_what_has_ended_asks_nothing(session: Session, cast: Cast, tom: Person) -> None:
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    _named(session, cast, proposal, tom)
    proposal.state = ProposalState.WITHDRAWN
    session.flush()
    with pytest.raises(Invalid):
        accept_terms(session, acting(session, tom), proposal.reference, NOW)
