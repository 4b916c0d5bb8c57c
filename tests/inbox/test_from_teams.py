"""What waits around a team is a row with its button and its day, and the number beside the inbox agrees."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.inbox.from_teams import rows, some
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
from tests.proposals.test_drafting import count_statements

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


def _sentences(session: Session, person: Person, now: datetime = NOW) -> list[str]:
    actor = acting(session, person)
    found = rows(session, actor, now)
    assert session.scalar(select(some(actor, now))) or not found
    assert all(row.due and bool(row.button) == row.is_yours for row in found)
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


def test_of_several_focal_points_one_is_named_and_the_others_read_who(session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    first, second = (make_person(session, other, Role.FOCAL_POINT) for _each in range(2))
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    assert _sentences(session, first) == ["Say whether your organization takes part"]
    assert _sentences(session, second) == ["%(by)s says whether your organization takes part"]
    [row] = rows(session, acting(session, second), NOW)
    assert dict(row.facts)["by"] == first.name
    late = NOW + timedelta(days=8)  # the day by which it was asked for has passed
    assert _sentences(session, second, late) == ["Say whether your organization takes part"]


def test_the_secretariat_sees_to_what_no_focal_point_answers_once_half_the_time_more_has_passed(
    session: Session, cast: Cast
) -> None:
    make_person(session, cast.member, Role.FOCAL_POINT)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, vouched=False)
    ask_for_card(session, acting(session, nia), cast.member.id, NOW)
    assert _sentences(session, cast.officer, NOW + timedelta(days=4)) == []
    late = NOW + timedelta(days=7)
    seeing = ["See to it that %(name)s, who asks to be vouched for, is answered"]
    assert _sentences(session, cast.officer, late) == seeing


def test_the_day_is_one_of_the_organization_that_is_waited_for(session: Session, cast: Cast) -> None:
    """The Wednesday before Thanksgiving, which the United States alone keep."""
    wednesday = datetime(2026, 11, 25, 9, 0, tzinfo=NOW.tzinfo)
    cast.member.country, other = "US", make_organization(session)
    other.country = "KE"
    point, theirs = make_person(session, cast.member, Role.FOCAL_POINT), make_person(session, other, Role.FOCAL_POINT)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, vouched=False)
    ask_for_card(session, acting(session, nia), cast.member.id, wednesday)
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    name_co_applicant(session, lead, draft.reference, other.slug, wednesday)
    for person in (theirs, nia):
        add_team_member(session, lead, draft.reference, person.name, person.email, "", wednesday)

    def due(person: Person) -> dict[str, date | None]:
        return {row.sentence: row.due for row in rows(session, acting(session, person), wednesday)}

    assert due(point) == {"Vouch for %(name)s, or say why not": date(2026, 12, 1)}
    assert due(nia) == {"Accept the terms for yourself": date(2026, 12, 10)}
    assert due(theirs) == {
        "Say whether your organization takes part": date(2026, 12, 2),
        "Accept the terms for yourself": date(2026, 12, 9),
    }


def test_the_rows_take_as_many_statements_with_much_as_with_little(session: Session, cast: Cast) -> None:
    other = make_organization(session)
    viewer = make_person(session, other, Role.FOCAL_POINT)

    def one_more() -> None:
        draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
        name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
        add_team_member(session, acting(session, cast.lead), draft.reference, viewer.name, viewer.email, "", NOW)

    one_more()
    little = count_statements(session, lambda: rows(session, acting(session, viewer), NOW))
    for _more in range(3):
        one_more()
    assert count_statements(session, lambda: rows(session, acting(session, viewer), NOW)) == little
