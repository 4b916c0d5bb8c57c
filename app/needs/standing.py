"""The roles of a person towards one data need."""

from app.needs.models import DataNeed
from app.rules.actors import Actor
from app.rules.roles import Kind, Role
from app.rules.visibility import visible_states
from app.rules.workflow import Machine

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_MEMBERS = frozenset({Kind.MEMBER, Kind.BOTH})


def standing(actor: Actor, need: DataNeed) -> frozenset[Role]:
    """Every role of the actor towards the need."""
    return roles_at(actor, need.organization_id)


def roles_at(actor: Actor, organization_id: int) -> frozenset[Role]:
    """The roles of the actor towards needs of this organization."""
    own = {Role.COLLEAGUE} if organization_id in actor.organization_ids else set()
    return frozenset(_everywhere(actor) | own)


def sees_all(actor: Actor) -> bool:
    """Whether the actor knows of everybody's needs, not only of those of their own organizations."""
    return any(visible_states(Machine.NEED, role) for role in _everywhere(actor))


def member_organizations(actor: Actor) -> frozenset[int]:
    """The members of the consortium that the actor speaks for."""
    return frozenset(held.organization_id for held in actor.held if held.kind in _MEMBERS)


def partner_organizations(actor: Actor) -> frozenset[int]:
    """The data partners that the actor may pledge for."""
    return actor.organizations_with(*_STEWARDS)


def _everywhere(actor: Actor) -> set[Role]:
    roles = set(actor.consortium_roles) - {Role.PUBLIC}
    if member_organizations(actor):
        roles.add(Role.OTHER_MEMBER)
    if partner_organizations(actor):
        roles.add(Role.DATASET_STEWARD)
    return roles
