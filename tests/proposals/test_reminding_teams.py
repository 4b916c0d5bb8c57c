"""Who is waited for around a team is reminded by date, in the working days of their own organization, each share once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.models import Membership, Person
from app.outbox.models import OutboxMessage
from app.proposals.commands.accepting import accept_terms, invite_member_again
from app.proposals.commands.gathering import add_team_member
from app.proposals.commands.joint import confirm_co_applicant, name_co_applicant
from app.proposals.commands.leading import accept_lead, appoint_lead, offer_lead
from app.proposals.commands.reminding_teams import remind_around_teams
from app.proposals.models import TeamMember
from app.rules.calendar import WORKING_DAYS, Wait, add_working_days
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal
from tests.proposals.test_drafting import count_statements

pytestmark = pytest.mark.both_databases

Ends = Callable[[], object]


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


def _on_working_day(number: int) -> datetime:
    return NOW + (add_working_days(NOW.date(), number) - NOW.date())


def _percents(session: Session, event: Event) -> list[object]:
    found = select(HistoryDetail.payload).join(HistoryEvent, HistoryEvent.seq == HistoryDetail.seq)
    return [facts["percent"] for facts in session.scalars(found.where(HistoryEvent.type == event).order_by("seq"))]


def _terms(session: Session, cast: Cast) -> tuple[Event, Ends]:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    add_team_member(session, acting(session, cast.lead), draft.reference, other.name, other.email, "", NOW)
    return Event.TERMS_REMINDED, lambda: accept_terms(session, acting(session, other), draft.reference, NOW)


def _new_lead(session: Session, cast: Cast) -> tuple[Event, Ends]:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF)
    offer_lead(session, acting(session, cast.lead), proposal.reference, nia.id, "", NOW)
    return Event.LEAD_OFFER_REMINDED, lambda: accept_lead(session, acting(session, nia), proposal.reference, NOW)


def _co_applicant(session: Session, cast: Cast) -> tuple[Event, Ends]:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    point = acting(session, make_person(session, other, Role.FOCAL_POINT))
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    return (
        Event.CO_APPLICANT_REMINDED,
        lambda: confirm_co_applicant(session, point, draft.reference, other.slug, NOW),
    )


def _missing_lead(session: Session, cast: Cast) -> tuple[Event, Ends]:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    point = acting(session, make_person(session, cast.member, Role.FOCAL_POINT))
    nia = make_person(session, cast.member, Role.PROJECT_STAFF)
    _leave(session, cast.lead)
    return Event.MISSING_LEAD_REMINDED, lambda: appoint_lead(session, point, proposal.reference, nia.id, NOW)


def _leave(session: Session, person: Person) -> None:
    for held in session.scalars(select(Membership).where(Membership.person_id == person.id)):
        held.ended_at = NOW
    session.flush()


WAITS = {
    Wait.TEAM_TERMS: _terms,
    Wait.NEW_LEAD: _new_lead,
    Wait.CO_APPLICANT: _co_applicant,
    Wait.MISSING_LEAD: _missing_lead,
}


@pytest.mark.parametrize("wait", WAITS)
def test_each_share_of_the_time_is_reminded_of_once(session: Session, cast: Cast, wait: Wait) -> None:
    event, _ends = WAITS[wait](session, cast)
    total = WORKING_DAYS[wait]
    for day in range(2 * total + 3):
        for _again in range(2):
            remind_around_teams(session, _on_working_day(day))
    assert _percents(session, event) == [50, 80, 100, 150] if total >= 5 else [50, 100, 150]


@pytest.mark.parametrize("wait", WAITS)
def test_who_has_answered_is_reminded_of_nothing(session: Session, cast: Cast, wait: Wait) -> None:
    event, ends = WAITS[wait](session, cast)
    ends()
    remind_around_teams(session, _on_working_day(30))
    assert _percents(session, event) == []


@pytest.mark.parametrize("wait", WAITS)
def test_what_the_worker_missed_is_made_up_for_once(session: Session, cast: Cast, wait: Wait) -> None:
    event, _ends = WAITS[wait](session, cast)
    assert remind_around_teams(session, _on_working_day(40)) == 1
    assert _percents(session, event) == [150]


def test_the_days_are_those_of_the_organization_that_is_waited_for(session: Session, cast: Cast) -> None:
    """Five working days from the Wednesday before Thanksgiving, which the United States alone keep."""
    wednesday = NOW.replace(year=2026, month=11, day=25)
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    make_person(session, other, Role.FOCAL_POINT)
    other.country, cast.member.country = "US", "KE"
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, wednesday)
    remind_around_teams(session, wednesday + timedelta(days=7))
    found = select(HistoryDetail.payload).join(HistoryEvent, HistoryEvent.seq == HistoryDetail.seq)
    [facts] = session.scalars(found.where(HistoryEvent.type == Event.CO_APPLICANT_REMINDED))
    assert (facts["percent"], facts["due"]) == (80, date(2026, 12, 3).isoformat())


def test_who_is_of_no_organization_yet_counts_the_days_of_the_one_that_proposes(session: Session, cast: Cast) -> None:
    wednesday = NOW.replace(year=2026, month=11, day=25)
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    cast.member.country = "US"
    add_team_member(session, acting(session, cast.lead), draft.reference, "New", "new@elsewhere.example", "", wednesday)
    assert remind_around_teams(session, wednesday + timedelta(days=7)) == 0  # it would be half of the time without
    assert remind_around_teams(session, wednesday + timedelta(days=8)) == 1


def test_a_reminder_to_who_has_no_account_brings_a_link_of_its_own(session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    member = add_team_member(session, lead, draft.reference, "New", "new@elsewhere.example", "", NOW)
    before = member.token_hash
    remind_around_teams(session, _on_working_day(5))
    assert member.token_hash != before
    links = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team.invite")).all()
    assert len(links) == 2


def test_who_is_asked_again_has_the_whole_time_again(session: Session, cast: Cast) -> None:
    draft, lead = make_proposal(session, ProposalState.DRAFT, cast=cast), acting(session, cast.lead)
    member = add_team_member(session, lead, draft.reference, "New", "new@elsewhere.example", "", NOW)
    remind_around_teams(session, _on_working_day(8))
    invite_member_again(session, lead, draft.reference, member.id, _on_working_day(9))
    assert member.reminded is None
    assert remind_around_teams(session, _on_working_day(10)) == 0
    assert remind_around_teams(session, _on_working_day(14)) == 1


def test_looking_takes_as_many_statements_with_much_as_with_little(session: Session, cast: Cast) -> None:
    _co_applicant(session, cast)
    _terms(session, cast)
    little = count_statements(session, lambda: remind_around_teams(session, NOW))
    for _more in range(3):
        _co_applicant(session, cast)
        _terms(session, cast)
    assert count_statements(session, lambda: remind_around_teams(session, NOW)) == little


def test_a_lead_who_has_not_answered_in_their_own_draft_is_waited_for_by_nobody(session: Session, cast: Cast) -> None:
    make_proposal(session, ProposalState.DRAFT, cast=cast)
    assert session.scalars(select(TeamMember.state)).all()
    assert remind_around_teams(session, _on_working_day(30)) == 0
