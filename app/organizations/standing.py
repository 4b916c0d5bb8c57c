"""What an actor is to one organization, derived each time from memberships as they are now."""

from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.roles import CAPACITIES, Capacity, Kind, Role

# What is held in an organization, and what it makes of the holder towards it.
_TOWARDS_OWN = {Role.FOCAL_POINT: Role.OWN_FOCAL_POINT, Role.SIGNATORY: Role.OWN_SIGNATORY}
# Towards the secretariat itself its officers are colleagues like any other: a director gives out its roles, so that
# nobody who prepares a case can also make those who issue on it.
_OF_THE_SECRETARIAT = {Kind.SECRETARIAT: frozenset({Role.OFFICER})}


def may_propose(actor: Actor) -> bool:
    """Whether there is an organization in whose name the actor starts proposals, whatever else it still lacks."""
    return any(
        Capacity.MEMBER in CAPACITIES[held.kind]
        and may(frozenset({held.role, _TOWARDS_OWN.get(held.role, held.role)}), Action.START_PROPOSAL)
        for held in actor.held
    )


def standing(actor: Actor, organization: Organization) -> frozenset[Role]:
    """Every role of the actor towards the organization."""
    own = actor.roles_at(organization.id)
    roles = set(actor.consortium_roles - _OF_THE_SECRETARIAT.get(organization.kind, frozenset()))
    if own:
        roles.add(Role.COLLEAGUE)
    roles.update(towards for held, towards in _TOWARDS_OWN.items() if held in own)
    return frozenset(roles)
