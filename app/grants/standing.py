"""The roles of a person towards one grant, derived each time from rows as they are now; and the same as a condition in SQL."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from app.grants.models import Grant, GrantPerson
from app.proposals.models import Proposal
from app.proposals.standing import is_conflicted
from app.rules.actors import Actor
from app.rules.roles import Role
from app.rules.visibility import visible_states
from app.rules.workflow import Machine

_STEWARDS = (Role.STEWARD, Role.DEPUTY)


def standing(session: Session, actor: Actor, grant: Grant) -> frozenset[Role]:
    """Every role of the actor towards the grant: its two parties, the proposal's team, the secretariat. Nobody else sees it."""
    roles = set(actor.consortium_roles)
    of_parties = actor.roles_at(grant.member_id) | actor.roles_at(grant.data_partner_id)
    if of_parties:
        roles.add(Role.COLLEAGUE)
    if Role.FOCAL_POINT in of_parties:
        roles.add(Role.OWN_FOCAL_POINT)
    if Role.SIGNATORY in of_parties:
        roles.add(Role.OWN_SIGNATORY)
    if grant.data_partner_id in actor.organizations_with(*_STEWARDS):
        roles.add(Role.DATASET_STEWARD)
    if actor.person_id is not None:
        proposal = session.get_one(Proposal, grant.proposal_id)
        if is_conflicted(session, actor, proposal):
            roles.add(Role.CONFLICTED)
        if actor.person_id == proposal.lead_id:
            if grant.member_id in actor.organization_ids:  # who left the member no longer acts for it
                roles.add(Role.PROJECT_LEAD)
        elif _is_named(session, actor, grant):
            roles.add(Role.TEAM_MEMBER)
    return frozenset(roles)


def _is_named(session: Session, actor: Actor, grant: Grant) -> bool:
    """Whether the grant names the actor now, and they still belong to some organization (safety.md T9)."""
    if not actor.organization_ids:
        return False
    named = select(GrantPerson.id).where(
        GrantPerson.grant_id == grant.id, _names(actor), GrantPerson.ended_at.is_(None)
    )
    return session.scalar(named.limit(1)) is not None


def _names(actor: Actor) -> ColumnElement[bool]:
    """By address too: somebody may have got an account after the grant named them."""
    by_address = and_(GrantPerson.person_id.is_(None), GrantPerson.email == actor.email)
    return or_(GrantPerson.person_id == actor.person_id, by_address)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The grants that `standing` and the table of visibility let the actor know of."""
    everywhere = any(visible_states(Machine.GRANT, role) for role in actor.consortium_roles)
    if everywhere:
        return true()
    if actor.person_id is None:
        return false()
    if not actor.organization_ids:
        return false()
    own = [Grant.member_id.in_(actor.organization_ids), Grant.data_partner_id.in_(actor.organization_ids)]
    return or_(*own, works_on(actor))


def works_on(actor: Actor) -> ColumnElement[bool]:
    """The grants that name the actor now, other than as the project lead."""
    if not actor.organization_ids:
        return false()
    leads = exists().where(Proposal.id == Grant.proposal_id, Proposal.lead_id == actor.person_id)
    works = exists().where(GrantPerson.grant_id == Grant.id, _names(actor), GrantPerson.ended_at.is_(None))
    return and_(works, ~leads)
