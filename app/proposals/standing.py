"""The roles of a person towards one proposal or one of its items, derived each time from rows as they are now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.proposals.asked import still_offered
from app.proposals.conflicts import conflicts_of, has_declared, holders_of, proposing_organizations
from app.proposals.models import Decision, Proposal, ProposalItem, TeamMember
from app.proposals.places import works_as
from app.proposals.step_models import VersionDataset
from app.proposals.workspace_models import Suggestion
from app.rules.actors import Actor
from app.rules.pipelines import STAND_INS, STEP_ROLES, pipeline_of
from app.rules.roles import Role
from app.rules.turns import acting_role, readers_reached
from app.rules.visibility import sees
from app.rules.workflow import Machine

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
# Of a step's reviewers those that only the secretariat has.
_OF_THE_SECRETARIAT = frozenset({Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER})


def standing(session: Session, actor: Actor, proposal: Proposal) -> frozenset[Role]:
    """Every role of the actor towards the proposal as a whole.

    What was never sent is the team's alone. Who reviews it knows of it once it has passed the intake check, a data partner
    once it was offered to it.
    """
    roles = set(actor.consortium_roles - STEP_ROLES) if proposal.sent_at is not None else set(actor.extra)
    if proposal.passed_at is not None:
        roles |= {held.role for held in actor.held} & pipeline_of(proposal.pipeline).readers
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
    deciding_for = actor.organizations_with(*_STEWARDS) if proposal.offered_at is not None else frozenset()
    if deciding_for and deciding_for & data_partner_ids(session, proposal):
        roles.add(Role.DATASET_STEWARD)
    if is_conflicted(session, actor, proposal):
        roles.add(Role.CONFLICTED)
    else:
        roles |= _standing_in(session, actor, proposal, roles)
    if has_decided(session, actor, proposal.id):
        roles.add(Role.APPROVER)
    return frozenset(roles)


def item_standing(session: Session, actor: Actor, proposal: Proposal, dataset: Dataset) -> frozenset[Role]:
    """The same towards one item: only a steward of this dataset's own data partner counts as its steward."""
    roles = standing(session, actor, proposal)
    if dataset.organization_id in actor.organizations_with(*_STEWARDS):
        return roles
    return roles - {Role.DATASET_STEWARD}


def suggestion_standing(session: Session, actor: Actor, proposal: Proposal, row: Suggestion) -> frozenset[Role]:
    """The same towards a suggested edit, as `towards_suggestion` counts them."""
    return towards_suggestion(actor, in_reach(standing(session, actor, proposal), proposal), row)


def towards_suggestion(actor: Actor, roles: frozenset[Role], row: Suggestion) -> frozenset[Role]:
    """Of the roles towards a proposal those that count for settling a suggested edit: a steward's or an officer's for the
    organization that made it, a step's reviewer's for whoever made it.
    """
    if row.organization_id not in actor.organizations_with(*_STEWARDS):
        roles -= {Role.DATASET_STEWARD}
    if row.organization_id not in actor.organizations_with(Role.OFFICER):
        roles -= {Role.OFFICER}
    return roles if row.author_id == actor.person_id else roles - STEP_ROLES


def in_reach(roles: frozenset[Role], proposal: Proposal) -> frozenset[Role]:
    """The same roles without those of a step that is still ahead, or that the proposal ended before."""
    reached = readers_reached(proposal.state, proposal.step, proposal.returns_to, proposal.pipeline)
    return roles - (STEP_ROLES - reached)


def own_sides(actor: Actor, roles: frozenset[Role]) -> frozenset[int]:
    """The organizations whose internal words somebody with these roles in reach reads: the data partners that they decide for,
    and the secretariat for its own reviewers.
    """
    return actor.organizations_with(*_STEWARDS, *(roles & _OF_THE_SECRETARIAT))


def sees_suggestion(viewer: Actor, roles: frozenset[Role], row: Suggestion) -> bool:
    """Whether somebody with these roles towards the proposal knows of a suggested edit: a data partner of its own alone
    (safety.md T5), a step's reviewer of their own and, in the secretariat, of the secretariat's.

    Args:
        roles: those that are in reach.
    """
    if row.organization_id not in viewer.organizations_with(*_STEWARDS):
        roles -= {Role.DATASET_STEWARD}
    is_own = row.author_id == viewer.person_id
    if not is_own and row.organization_id not in viewer.organizations_with(*(roles & _OF_THE_SECRETARIAT)):
        roles -= STEP_ROLES
    return sees(roles, Machine.SUGGESTION, row.state)


def is_on_team(session: Session, actor: Actor, proposal_id: int) -> bool:
    """Whether the actor works on the proposal as one of its team, and still belongs to some organization (safety.md T9)."""
    if actor.person_id is None or not actor.organization_ids:
        return False
    found = (
        select(TeamMember.id)
        .join(Proposal, Proposal.id == TeamMember.proposal_id)
        .where(TeamMember.proposal_id == proposal_id, works_as(actor))
    )
    return session.scalar(found.limit(1)) is not None


def data_partner_ids(session: Session, proposal: Proposal) -> frozenset[int]:
    """The organizations whose datasets were asked for in what was sent last: a draft beside it tells nobody anything.

    One that has left, and whose every dataset the review went on without, has to do with it no more.
    """
    owners = select(Dataset.organization_id).join(VersionDataset, VersionDataset.dataset_id == Dataset.id)
    of_version = owners.where(VersionDataset.proposal_version_id == proposal.current_version_id, still_offered())
    return frozenset(session.scalars(of_version))


def is_conflicted(session: Session, actor: Actor, proposal: Proposal) -> bool:
    """Of the same organization as the proposer or anyone on the team, or by their own word; derived when acting, not when
    assigned (safety.md W7).
    """
    if actor.person_id is None:
        return False
    tied = actor.organization_ids & proposing_organizations(session, proposal)
    return bool(tied) or has_declared(session, actor.person_id, proposal.id)


def _standing_in(session: Session, actor: Actor, proposal: Proposal, roles: set[Role]) -> set[Role]:
    """The role that is waited for, where nobody without a conflict holds it and the actor is next in the line of stand-ins."""
    wanted = acting_role(proposal.state, proposal.step, proposal.returns_to, proposal.pipeline)
    line = STAND_INS.get(wanted, ()) if wanted else ()
    if wanted is None or wanted in roles or not {held.role for held in actor.held} & set(line):
        return set()
    holders = holders_of(session, (wanted, *line))
    known = conflicts_of(session, [proposal], {person for people in holders.values() for person in people})
    for role in (wanted, *line):
        free = [person for person in holders[role] if not known.bars(proposal.id, person, wanted)]
        if free:
            return {wanted} if actor.person_id in free else set()
    return set()


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
