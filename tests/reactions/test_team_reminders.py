"""The mails that remind around a team: to whoever is named, with the day of their clock, and to who sees to it at last."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.inbox import from_teams
from app.organizations.commands.vouching import ask_for_card
from app.organizations.models import Membership, Person
from app.outbox.models import OutboxMessage
from app.proposals.commands.gathering import add_team_member
from app.proposals.commands.joint import name_co_applicant
from app.proposals.commands.leading import offer_lead
from app.reactions.readers import still_concerns
from app.rules.calendar import add_working_days
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from app.web.words import short_day
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


def _after(days: int) -> datetime:
    """So many working days later."""
    return NOW + (add_working_days(NOW.date(), days) - NOW.date())


def _reminders(app: Flask, session: Session, moment: datetime) -> dict[str, dict[str, Any]]:
    """What went out by then, by address; the worker runs first."""
    session.commit()
    worker.run_schedule(app, moment)
    worker.drain(app, lambda: moment)
    session.expire_all()
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    mails = [row.payload for row in found if row.payload.get("template") == "team_reminder"]
    return {str(mail["to_email"]): mail for mail in mails if mail["at"] == moment.isoformat()}


def _point(session: Session, organization: Any) -> Person:
    return make_person(session, organization, Role.FOCAL_POINT)


def test_who_was_asked_to_join_is_reminded_and_at_last_the_lead(app: Flask, session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    nia = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    add_team_member(session, acting(session, cast.lead), draft.reference, nia.name, nia.email, "", NOW)
    first = _reminders(app, session, _after(5))
    assert list(first) == [nia.email]
    [row] = from_teams.rows(session, acting(session, nia), _after(5))
    assert first[nia.email]["subject"].startswith(f"Due {short_day(row.due)}: ")
    assert first[nia.email]["link"].endswith(f"/proposals/{draft.reference}/join")
    assert still_concerns(session, first[nia.email], NOW)  # known to them by this alone
    assert list(_reminders(app, session, _after(15))) == [cast.lead.email]


def test_who_has_no_account_gets_the_link_with_the_reminder(app: Flask, session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    add_team_member(session, acting(session, cast.lead), draft.reference, "New", "new@elsewhere.example", "", NOW)
    sent = _reminders(app, session, _after(5))
    assert "/proposals/join/" in sent["new@elsewhere.example"]["link"]


def test_who_was_asked_to_lead_is_reminded_and_at_last_who_asked(app: Flask, session: Session, cast: Cast) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF)
    offer_lead(session, acting(session, cast.lead), proposal.reference, nia.id, "", NOW)
    assert list(_reminders(app, session, _after(3))) == [nia.email]
    last = _reminders(app, session, _after(8))
    assert list(last) == [cast.lead.email]
    assert last[cast.lead.email]["subject"].startswith("Follow up, overdue since ")


def test_a_co_applicants_focal_point_is_reminded_then_the_deputy_too_and_at_last_the_lead(
    app: Flask, session: Session, cast: Cast
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    first, second = _point(session, other), _point(session, other)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    sent = _reminders(app, session, _after(3))
    assert list(sent) == [first.email]
    assert still_concerns(session, sent[first.email], NOW)
    assert set(_reminders(app, session, _after(5))) == {first.email, second.email}
    assert list(_reminders(app, session, _after(8))) == [cast.lead.email]


def test_where_a_co_applicant_has_no_focal_point_the_lead_is_reminded(app: Flask, session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    assert list(_reminders(app, session, _after(3))) == [cast.lead.email]


@pytest.mark.parametrize(("state", "seen_to"), [(ProposalState.IN_REVIEW, True), (ProposalState.DRAFT, False)])
def test_a_missing_lead_is_named_by_the_focal_point_and_a_draft_is_told_to_nobody_else(
    app: Flask, session: Session, cast: Cast, state: ProposalState, seen_to: bool
) -> None:
    proposal = make_proposal(session, state, cast=cast)
    point = _point(session, cast.member)
    for held in session.scalars(select(Membership).where(Membership.person_id == cast.lead.id)):
        held.ended_at = NOW
    sent = _reminders(app, session, _after(1))
    assert list(sent) == [point.email]
    assert still_concerns(session, sent[point.email], NOW)
    assert (proposal.title in sent[point.email]["text"]) is seen_to
    last = _reminders(app, session, _after(3))
    assert set(last) == ({point.email, cast.officer.email} if seen_to else {point.email})


def test_who_can_vouch_is_reminded_and_at_last_the_secretariat(app: Flask, session: Session, cast: Cast) -> None:
    point = _point(session, cast.member)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, vouched=False)
    ask_for_card(session, acting(session, nia), cast.member.id, NOW)
    sent = _reminders(app, session, _after(2))
    assert list(sent) == [point.email]
    [row] = from_teams.rows(session, acting(session, point), _after(2))
    assert f"Due {short_day(row.due)}: " in sent[point.email]["subject"]
    assert set(_reminders(app, session, _after(5))) == {point.email, cast.officer.email}
    assert _reminders(app, session, _after(5) + timedelta(hours=1)) == {}
