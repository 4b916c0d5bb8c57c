"""What becomes of somebody's places on teams, and of requests to lead, when they leave an organization."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.organizations.models import Organization, Person
from app.organizations.queries import held_by
from app.proposals.commands.accepting import ask_member
from app.proposals.commands.acting import NOT_THERE, record_act
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.leading import LED
from app.proposals.team_models import Handover
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.workflow import HandoverState, Machine


def places_through(session: Session, organization_id: int, person_id: int) -> list[tuple[Proposal, TeamMember]]:
    """The teams that the person is on and would have no organization for after leaving this one; those they lead are apart."""
    if any(held.organization_id != organization_id for held in held_by(session, person_id)):
        return []
    statement = (
        select(Proposal, TeamMember)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .where(
            TeamMember.person_id == person_id,
            ~TeamMember.is_lead,
            Proposal.lead_id != person_id,
            Proposal.state.in_(LED),
        )
        .order_by(TeamMember.id)
    )
    return [(proposal, member) for proposal, member in session.execute(statement)]


def hand_on_place(session: Session, actor: Actor, member_id: int, taker_id: int | None, now: datetime) -> None:
    """Take the leaver off the team; where somebody takes the place, they are named and asked to accept the terms.

    Raises:
        NotFound: there is no such place.
        WrongState: the proposal has ended.
    """
    member = session.get(TeamMember, member_id)
    if member is None:
        raise NotFound(NOT_THERE)
    proposal = session.get_one(Proposal, member.proposal_id, with_for_update=True, populate_existing=True)
    permit(Action.LEAVE_TEAM, frozenset(SYSTEM.extra), Machine.PROPOSAL, proposal.state)
    facts: JSONObject = {"title": proposal.title, "left": member.name}
    session.delete(member)
    session.flush()
    if taker_id is not None:
        facts["took_the_place"] = _named(session, actor, proposal, session.get_one(Person, taker_id), now)
    proposal.updated_at = now
    session.flush()
    record_act(session, Action.LEAVE_TEAM, actor, proposal, now, facts)


def end_requests_to(session: Session, organization_id: int, person_id: int, now: datetime) -> None:
    """Whoever leaves is not asked any more to lead anything there."""
    statement = (
        select(Handover)
        .join(Proposal, Proposal.id == Handover.proposal_id)
        .where(
            Handover.to_id == person_id,
            Handover.state == HandoverState.OFFERED,
            Proposal.organization_id == organization_id,
        )
    )
    for row in session.scalars(statement).all():
        after = permit(Action.TAKE_BACK_LEAD, frozenset(SYSTEM.extra), Machine.HANDOVER, row.state)
        row.state, row.answered_at = HandoverState(str(after)), now
    session.flush()


def _named(session: Session, actor: Actor, proposal: Proposal, person: Person, now: datetime) -> str:
    team = session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id)).all()
    if any(each.person_id == person.id or each.email.lower() == person.email.lower() for each in team):
        return person.name
    own = sorted(held.organization_id for held in held_by(session, person.id))
    row = TeamMember(
        proposal_id=proposal.id,
        person_id=person.id,
        name=person.name,
        email=person.email,
        organization_name=session.get_one(Organization, own[0]).name if own else "",
        added_at=now,
    )
    session.add(row)
    session.flush()
    ask_member(session, actor, proposal, row, now)
    return person.name
