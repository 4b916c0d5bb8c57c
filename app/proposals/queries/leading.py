"""Who leads, who could, and who was asked to: also where the lead has left and nobody has taken over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, func, or_, select, union
from sqlalchemy.orm import Session, joinedload

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.cards import holders_of_cards
from app.organizations.models import Membership, Person
from app.organizations.queries import focal_points_of, held_by
from app.proposals.models import Proposal
from app.proposals.standing import standing
from app.proposals.team_models import Handover
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.roles import Role
from app.rules.workflow import HandoverState, transition

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
LED = transition(Action.APPOINT_LEAD).sources
# Requests to take the lead that nobody has answered.
ASKED_TO_LEAD = (Handover.state == HandoverState.OFFERED, Proposal.state.in_(LED))


def lead_is_there(session: Session, proposal: Proposal) -> bool:
    """Whether the lead still belongs to the proposing organization and can sign in."""
    lead = session.get_one(Person, proposal.lead_id)
    return lead.active and any(held.organization_id == proposal.organization_id for held in held_by(session, lead.id))


def lead_standing(session: Session, actor: Actor, proposal: Proposal) -> frozenset[Role]:
    """The actor's roles where the lead is changed: the secretariat acts for an organization that has no focal point.

    A draft whose lead left is known to the focal point for this alone: somebody must take it on.
    """
    roles = standing(session, actor, proposal)
    points = focal_points_of(session, proposal.organization_id)
    if points:
        roles -= {Role.OFFICER}
    if Role.FOCAL_POINT in actor.roles_at(proposal.organization_id) and not lead_is_there(session, proposal):
        roles |= {Role.OWN_FOCAL_POINT}
    return roles


def could_lead(session: Session, proposal: Proposal, now: datetime) -> list[Person]:
    """The people of the proposing organization who may start proposals there, those who are vouched for first."""
    statement = (
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organization_id == proposal.organization_id,
            Membership.ended_at.is_(None),
            Person.active,
            Person.id != proposal.lead_id,
        )
        .order_by(Person.name, Person.id)
    )
    held: dict[int, tuple[Person, set[Role]]] = {}
    for person, role in session.execute(statement):
        held.setdefault(person.id, (person, set()))[1].add(_TOWARDS.get(role, role))
    with_card = holders_of_cards(session, proposal.organization_id, now)
    able = [person for person, roles in held.values() if may(frozenset(roles), Action.START_PROPOSAL)]
    return sorted(able, key=lambda person: (person.id not in with_card, person.name))


_TOWARDS = {Role.FOCAL_POINT: Role.OWN_FOCAL_POINT}


def open_handover(session: Session, proposal_id: int) -> Handover | None:
    """The request to take the lead that nobody has answered yet; None where there is none."""
    statement = select(Handover).where(Handover.proposal_id == proposal_id, Handover.state == HandoverState.OFFERED)
    return session.scalar(statement.options(joinedload(Handover.to)))


def handover_standing(session: Session, actor: Actor, proposal: Proposal, row: Handover) -> frozenset[Role]:
    """The actor's roles towards one hand-over: TEAM_MEMBER is the person who was asked, and nobody else."""
    roles = lead_standing(session, actor, proposal) - {Role.TEAM_MEMBER}
    asked = actor.person_id is not None and actor.person_id == row.to_id
    if asked and proposal.organization_id in actor.organization_ids:
        return roles | {Role.TEAM_MEMBER}
    return roles


def asked_to_lead(session: Session, viewer: Actor) -> list[Handover]:
    """The proposals that the viewer was asked to lead, the longest waiting first."""
    statement = select(Handover).join(Proposal, Proposal.id == Handover.proposal_id).where(*waits_to_lead(viewer))
    whole = statement.options(joinedload(Handover.proposal).joinedload(Proposal.organization))
    return list(session.scalars(whole.order_by(Handover.asked_at, Handover.id)))


def waits_to_lead(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `asked_to_lead`, for counting."""
    if viewer.person_id is None or not viewer.organization_ids:
        return (false(),)
    return (
        Handover.to_id == viewer.person_id,
        Proposal.organization_id.in_(viewer.organization_ids),
        *ASKED_TO_LEAD,
    )


def without_lead(session: Session, viewer: Actor) -> list[Proposal]:
    """The proposals whose lead is not there any more, oldest first: of the viewer's organization as its focal point; of all,
    drafts left out, as an officer, who names one where there is no focal point and else sees to it when time is long over.
    """
    statement = select(Proposal).where(*waits_for_a_lead(viewer)).options(joinedload(Proposal.organization))
    return list(session.scalars(statement.order_by(Proposal.id)))


def lead_left_at(session: Session, proposals: Sequence[Proposal]) -> dict[int, datetime]:
    """When the lead of each of these left the proposing organization, by proposal; in one statement."""
    statement = (
        select(Proposal.id, func.max(Membership.ended_at))
        .join(Membership, Membership.person_id == Proposal.lead_id)
        .where(
            Proposal.id.in_([row.id for row in proposals]),
            Membership.organization_id == Proposal.organization_id,
            Membership.ended_at.is_not(None),
        )
        .group_by(Proposal.id)
    )
    return {key: moment for key, moment in session.execute(statement) if moment is not None}


def waits_for_a_lead(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `without_lead`, for counting."""
    ways: list[ColumnElement[bool]] = []
    own = viewer.organizations_with(Role.FOCAL_POINT)
    if own:
        ways.append(Proposal.organization_id.in_(own))
    if viewer.organizations_with(Role.OFFICER):
        ways.append(Proposal.sent_at.is_not(None))
    if not ways:
        return (false(),)
    return or_(*ways), *without_anybody()


def without_anybody() -> tuple[ColumnElement[bool], ...]:
    """The conditions of proposals that somebody should lead and whose lead is not there any more."""
    there = exists().where(
        Membership.organization_id == Proposal.organization_id,
        Membership.person_id == Proposal.lead_id,
        Membership.ended_at.is_(None),
        Person.id == Membership.person_id,
        Person.active,
    )
    # The few who went at all are found first, so that not every proposal is asked for its lead.
    went = union(
        select(Person.id).where(~Person.active), select(Membership.person_id).where(Membership.ended_at.is_not(None))
    )
    return Proposal.lead_id.in_(went), Proposal.state.in_(LED), ~there


def led_by(session: Session, organization_id: int, person_id: int) -> list[Proposal]:
    """The proposals that a person leads for an organization and that are not at their end, oldest first."""
    statement = select(Proposal).where(
        Proposal.organization_id == organization_id, Proposal.lead_id == person_id, Proposal.state.in_(LED)
    )
    return list(session.scalars(statement.order_by(Proposal.id)))


def proposal_of(session: Session, reference: str) -> Proposal:
    """A proposal by reference, for callers that ask who may know of it; raises NotFound."""
    row = session.scalar(select(Proposal).where(Proposal.reference == reference))
    if row is None:
        raise NotFound(NOT_THERE)
    return row
