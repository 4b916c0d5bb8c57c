"""The team of a proposal as its page shows it: who accepted, which organizations stand behind it, who leads on what word."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.organizations.cards import valid_card
from app.organizations.models import Card, Organization, Person
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.joint import co_applicant_standing, co_applicants_of, could_join
from app.proposals.queries.leading import lead_is_there, lead_standing, open_handover
from app.proposals.queries.team import member_standing
from app.proposals.queries.versions import team_of
from app.proposals.standing import standing
from app.proposals.team_models import CoApplicant, Handover
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed, may
from app.rules.workflow import Machine, is_possible


@dataclass(frozen=True)
class Member:
    """One person of the team, and what the viewer may do about their place."""

    row: TeamMember
    acts: frozenset[Action]


@dataclass(frozen=True)
class Behind:
    """One co-applicant, and what the viewer may do about it."""

    row: CoApplicant
    acts: frozenset[Action]


@dataclass(frozen=True)
class TeamView:
    """Everything about the people who propose. `card` is the word by which the lead may send; None where there is none."""

    lead: Person
    lead_is_there: bool
    members: tuple[Member, ...]
    behind: tuple[Behind, ...]
    could_join: tuple[Organization, ...]
    asked: Handover | None
    card: Card | None
    may_change_team: bool
    may_change_lead: bool


def team_view(session: Session, viewer: Actor, proposal: Proposal, now: datetime) -> TeamView:
    """The team, for a viewer who may know of the proposal; their buttons are the acts."""
    roles = standing(session, viewer, proposal)
    changes = Action.CHANGE_TEAM in allowed(roles, Machine.PROPOSAL, proposal.state)
    leads = lead_standing(session, viewer, proposal)
    is_there = lead_is_there(session, proposal)
    act = Action.OFFER_LEAD if is_there else Action.APPOINT_LEAD
    is_led = is_possible(act, proposal.state)
    return TeamView(
        session.get_one(Person, proposal.lead_id),
        is_there,
        tuple(Member(row, _of_member(viewer, proposal, row) if is_led else frozenset()) for row in team_of(session, proposal.id)),
        tuple(
            Behind(row, _of_behind(session, viewer, proposal, row) if is_led else frozenset())
            for row in co_applicants_of(session, proposal.id, withdrawn=True)
        ),
        tuple(could_join(session, proposal)) if changes else (),
        open_handover(session, proposal.id),
        valid_card(session, proposal.organization_id, proposal.lead_id, now),
        changes,
        may(leads, act) and is_led,
    )  # fmt: skip


def _of_member(viewer: Actor, proposal: Proposal, row: TeamMember) -> frozenset[Action]:
    return allowed(member_standing(viewer, proposal, row), Machine.TEAM_MEMBER, row.state)


def _of_behind(session: Session, viewer: Actor, proposal: Proposal, row: CoApplicant) -> frozenset[Action]:
    return allowed(co_applicant_standing(session, viewer, row, proposal), Machine.CO_APPLICANT, row.state)
