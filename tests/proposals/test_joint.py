"""Joint proposals: further members stand behind one, with agreements in force, and can withdraw themselves. On both databases."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.organizations.models import Organization, Person
from app.proposals.commands.accepting import accept_terms
from app.proposals.commands.drafting import copy_as_new
from app.proposals.commands.gathering import add_team_member
from app.proposals.commands.intake import Request, pass_intake, request_changes
from app.proposals.commands.joint import (
    confirm_co_applicant,
    name_co_applicant,
    name_co_applicant_again,
    remove_co_applicant,
    withdraw_co_applicant,
)
from app.proposals.commands.sending import NotReady
from app.proposals.models import ProposalVersion
from app.proposals.queries.joint import co_applicants_of
from app.proposals.queries.versions import content_of, hash_of, team_of
from app.proposals.standing import is_conflicted
from app.rules.checklists import INTAKE, Mark
from app.rules.roles import Kind, Role
from app.rules.workflow import CoApplicantState, ProposalState
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, accede, make_cast, make_proposal, send_as_shown

YES = {check.key: Mark.YES.value for check in INTAKE}


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def other(session: Session) -> Organization:
    row = make_organization(session, name="Harbor Fund")
    accede(session, row)
    return row


@pytest.fixture
def point(session: Session, other: Organization) -> Person:
    return make_person(session, other, Role.FOCAL_POINT, name="Ines Moor")


def test_what_is_sent_names_the_organizations_behind_it(session: Session, cast: Cast, other: Organization) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    alone = hash_of(content_of(session, draft))
    assert "co_applicants" not in content_of(session, draft)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    send_as_shown(session, acting(session, cast.lead), draft)
    version = session.get_one(ProposalVersion, draft.current_version_id)
    assert version.content["co_applicants"] == [{"slug": other.slug, "name": "Harbor Fund"}]
    assert version.content_hash != alone


def test_a_co_applicant_needs_the_agreement_in_force_when_it_is_sent(session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    unsigned = make_organization(session)
    lead = acting(session, cast.lead)
    name_co_applicant(session, lead, draft.reference, unsigned.slug, NOW)
    with pytest.raises(NotReady) as refused:
        send_as_shown(session, lead, draft)
    assert [gap.key for gap in refused.value.gaps] == ["co_applicants"]
    remove_co_applicant(session, lead, draft.reference, unsigned.slug, NOW)
    send_as_shown(session, lead, draft)


def test_only_further_members_are_named_and_by_the_lead_alone(
    session: Session, cast: Cast, other: Organization
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    partner = make_organization(session, Kind.PARTNER)
    for slug in (partner.slug, cast.member.slug):
        with pytest.raises(Invalid):
            name_co_applicant(session, lead, draft.reference, slug, NOW)
    name_co_applicant(session, lead, draft.reference, other.slug, NOW)
    with pytest.raises(Invalid):
        name_co_applicant(session, lead, draft.reference, other.slug, NOW)
    sent = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    with pytest.raises(WrongState):
        name_co_applicant(session, lead, sent.reference, other.slug, NOW)
    with pytest.raises(NotAllowed):
        name_co_applicant(session, acting(session, cast.officer), sent.reference, other.slug, NOW)


def test_withdrawing_takes_the_organizations_people_along_and_their_rights(
    session: Session, cast: Cast, other: Organization, point: Person
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    tom = make_person(session, other, Role.PROJECT_STAFF)
    add_team_member(session, lead, draft.reference, tom.name, tom.email, "", NOW)
    accept_terms(session, acting(session, tom), draft.reference, NOW)
    name_co_applicant(session, lead, draft.reference, other.slug, NOW)
    with pytest.raises(Invalid):
        withdraw_co_applicant(session, acting(session, point), draft.reference, other.slug, " ", NOW)
    withdraw_co_applicant(session, acting(session, point), draft.reference, other.slug, "No budget.", NOW)
    assert [member.person_id for member in team_of(session, draft.id)] == [cast.lead.id]
    assert co_applicants_of(session, draft.id) == []
    assert "co_applicants" not in content_of(session, draft)


def test_nobody_else_answers_for_the_organization(
    session: Session, cast: Cast, other: Organization, point: Person
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    colleague = make_person(session, other, Role.PROJECT_STAFF)
    outsider = make_person(session, make_organization(session), Role.FOCAL_POINT)
    for person in (colleague, outsider):
        with pytest.raises(NotFound):
            confirm_co_applicant(session, acting(session, person), draft.reference, other.slug, NOW)
    with pytest.raises(NotAllowed):
        confirm_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    row = confirm_co_applicant(session, acting(session, point), draft.reference, other.slug, NOW)
    assert row.state is CoApplicantState.CONFIRMED
    with pytest.raises(WrongState):
        confirm_co_applicant(session, acting(session, point), draft.reference, other.slug, NOW)


def test_what_names_an_organization_that_withdrew_does_not_pass_the_intake_check(
    session: Session, cast: Cast, other: Organization, point: Person
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead, officer = acting(session, cast.lead), acting(session, cast.officer)
    name_co_applicant(session, lead, draft.reference, other.slug, NOW)
    send_as_shown(session, lead, draft)
    withdraw_co_applicant(session, acting(session, point), draft.reference, other.slug, "No budget.", NOW)
    with pytest.raises(Invalid, match="Harbor Fund"):
        pass_intake(session, officer, draft.reference, YES, NOW)
    request_changes(session, officer, draft.reference, [Request("Send it without Harbor Fund.")], NOW)
    send_as_shown(session, lead, draft)
    pass_intake(session, officer, draft.reference, YES, NOW)
    assert draft.state is ProposalState.IN_REVIEW


def test_the_people_of_a_co_applicant_do_not_decide_on_it(session: Session, cast: Cast) -> None:
    both = make_organization(session, Kind.BOTH)
    accede(session, both)
    steward = make_person(session, both, Role.STEWARD)
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    assert not is_conflicted(session, acting(session, steward), draft)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, both.slug, NOW)
    assert is_conflicted(session, acting(session, steward), draft)


def test_who_withdrew_can_be_asked_again_and_a_copy_asks_anew(
    session: Session, cast: Cast, other: Organization, point: Person
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    name_co_applicant(session, lead, draft.reference, other.slug, NOW)
    withdraw_co_applicant(session, acting(session, point), draft.reference, other.slug, "No budget.", NOW)
    name_co_applicant_again(session, lead, draft.reference, other.slug, NOW)
    confirm_co_applicant(session, acting(session, point), draft.reference, other.slug, NOW)
    copy = copy_as_new(session, lead, draft.reference, cast.member.id, NOW)
    assert [row.state for row in co_applicants_of(session, copy.id)] == [CoApplicantState.NAMED]
