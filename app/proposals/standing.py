"""The roles of a person towards one proposal or one of its items, derived each time from rows as they are now."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.organizations.models import Membership, Person
from app.proposals.models import Decision, Proposal, ProposalItem, TeamMember
from app.rules.actors import Actor
from app.rules.roles import Role

_STEWARDS = (Role.STEWARD, Role.DEPUTY)


def standing(session: Session, actor: Actor, proposal: Proposal) -> frozenset[Role]:
    """Every role of the actor towards the proposal as a whole.

    What was never sent is the team's alone, and a data partner knows of a proposal once it has passed the intake check.
    """
    roles = set(actor.consortium_roles) if proposal.sent_at is not None else set(actor.extra)
    own = actor.roles_at(proposal.organization_id) if proposal.sent_at is not None else frozenset()
    if own:
        roles.add(Role.COLLEAGUE)
    if Role.FOCAL_POINT in own:
        roles.add(Role.OWN_FOCAL_POINT)
    if actor.person_id is not None and actor.person_id == proposal.lead_id:
        if proposal.organization_id in actor.organization_ids:  # who left the organization no longer acts for it
            roles.add(Role.PROJECT_LEAD)
    elif is_on_team(session, actor, proposal.id):
        roles.add(Role.TEAM_MEMBER)
    deciding_for = actor.organizations_with(*_STEWARDS) if proposal.passed_at is not None else frozenset()
    if deciding_for and deciding_for & data_partner_ids(session, proposal.id):
        roles.add(Role.DATASET_STEWARD)
    if is_conflicted(session, actor, proposal):
        roles.add(Role.CONFLICTED)
    if has_decided(session, actor, proposal.id):
        roles.add(Role.APPROVER)
    return frozenset(roles)


def item_standing(session: Session, actor: Actor, proposal: Proposal, dataset: Dataset) -> frozenset[Role]:
    """The same towards one item: only a steward of this dataset's own data partner counts as its steward."""
    roles = standing(session, actor, proposal)
    if dataset.organization_id in actor.organizations_with(*_STEWARDS):
        return roles
    return roles - {Role.DATASET_STEWARD}


def is_on_team(session: Session, actor: Actor, proposal_id: int) -> bool:
    """Whether the actor is one of the proposal's team, and still belongs to some organization (safety.md T9)."""
    if actor.person_id is None or not actor.organization_ids:
        return False
    found = select(TeamMember.id).where(TeamMember.proposal_id == proposal_id, TeamMember.person_id == actor.person_id)
    return session.scalar(found.limit(1)) is not None


def data_partner_ids(session: Session, proposal_id: int) -> frozenset[int]:
    """The organizations whose datasets the proposal names."""
    owners = select(Dataset.organization_id).join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
    return frozenset(session.scalars(owners.where(ProposalItem.proposal_id == proposal_id)))


def is_conflicted(session: Session, actor: Actor, proposal: Proposal) -> bool:
    """Of the same organization as the proposer or anyone on the team; derived when acting, not when assigned (safety.md W7)."""
    if actor.person_id is None:
        return False
    # By address too: somebody may have got an account after they were named on the team.
    is_named = or_(TeamMember.person_id == Person.id, TeamMember.email == Person.email)
    team = select(Person.id).join(TeamMember, is_named).where(TeamMember.proposal_id == proposal.id)
    current = Membership.ended_at.is_(None)
    proposing = {proposal.organization_id}
    proposing.update(
        session.scalars(select(Membership.organization_id).where(Membership.person_id.in_(team), current).distinct())
    )
    return bool(actor.organization_ids & proposing)


def has_decided(session: Session, actor: Actor, proposal_id: int) -> bool:
    """Whether the actor made a decision on this proposal that counts."""
    if actor.person_id is None:
        return False
    made = (
        select(Decision.id)
        .join(ProposalItem, ProposalItem.id == Decision.item_id)
        .where(
            ProposalItem.proposal_id == proposal_id,
            Decision.decided_by_id == actor.person_id,
            Decision.undone_at.is_(None),
            Decision.voided_at.is_(None),
            Decision.superseded_at.is_(None),
        )
    )
    return session.scalar(made.limit(1)) is not None
