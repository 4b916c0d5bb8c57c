"""What waits around a team is a row with its button and its day, and the number beside the inbox agrees."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.inbox.from_teams import count, rows, some
from app.organizations.commands.vouching import ask_for_card, vouch
from app.organizations.models import Membership, Person
from app.proposals.commands.accepting import accept_terms
from app.proposals.commands.gathering import add_team_member
from app.proposals.commands.joint import confirm_co_applicant, name_co_applicant
from app.proposals.commands.leading import accept_lead, appoint_lead, offer_lead
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


def _sentences(session: Session, person: Person) -> list[str]:
    actor = acting(session, person)
    found = rows(session, actor, NOW)
    number, has_some = session.execute(select(count(actor, NOW), some(actor, NOW))).one()
    assert number == sum(row.is_yours for row in found)
    assert has_some == bool(found)
    assert all(row.due and row.button for row in found)
    return [row.sentence for row in found]


def test_who_is_named_on_a_team_is_asked_until_they_answered(session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    add_team_member(session, acting(session, cast.lead), draft.reference, other.name, other.email, "", NOW)
    assert _sentences(session, other) == ["Accept the terms for yourself"]
    assert _sentences(session, cast.lead) == []
    accept_terms(session, acting(session, other), draft.reference, NOW)
    assert _sentences(session, other) == []


def test_who_is_asked_to_lead_is_asked_until_they_answered(session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF)
    offer_lead(session, acting(session, cast.lead), proposal.reference, nia.id, "", NOW)
    assert _sentences(session, nia) == ["Take the lead of a proposal, or decline"]
    accept_lead(session, acting(session, nia), proposal.reference, NOW)
    assert _sentences(session, nia) == []


def test_the_focal_point_of_a_co_applicant_is_asked(session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    point = make_person(session, other, Role.FOCAL_POINT)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    assert _sentences(session, point) == ["Say whether your organization takes part"]
    confirm_co_applicant(session, acting(session, point), draft.reference, other.slug, NOW)
    assert _sentences(session, point) == []


def test_whoever_can_vouch_is_asked_and_the_secretariat_only_where_nobody_else_can(
    session: Session, cast: Cast
) -> None:
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, vouched=False)
    ask_for_card(session, acting(session, nia), cast.member.id, NOW)
    assert _sentences(session, cast.officer) == ["Vouch for %(name)s, or say why not"]
    point = make_person(session, cast.member, Role.FOCAL_POINT)
    assert _sentences(session, cast.officer) == []
    assert _sentences(session, point) == ["Vouch for %(name)s, or say why not"]
    vouch(session, acting(session, point), cast.member.id, nia.id, None, NOW)
    assert _sentences(session, point) == []


def test_a_proposal_without_a_lead_waits_for_the_focal_point(session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    point = make_person(session, cast.member, Role.FOCAL_POINT)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF)
    for held in session.scalars(select(Membership).where(Membership.person_id == cast.lead.id)):
        held.ended_at = NOW
    session.flush()
    assert _sentences(session, point) == ["Name a new lead: the last one has left"]
    assert _sentences(session, cast.officer) == []
    [row] = rows(session, acting(session, point), NOW)
    assert draft.title not in " ".join(row.lines)
    appoint_lead(session, acting(session, point), draft.reference, nia.id, NOW)
    assert _sentences(session, point) == []
