"""What an actor is to one organization, derived each time from memberships as they are now."""

from app.organizations.models import Organization
from app.rules.actors import Actor
from app.rules.roles import TOWARDS_OWN, Kind, Role

# Towards the secretariat itself its officers are colleagues like any other: a director gives out its roles, so that
# nobody who prepares a case can also make those who issue on it.
_OF_THE_SECRETARIAT = {Kind.SECRETARIAT: frozenset({Role.OFFICER})}


def standing(actor: Actor, organization: Organization) -> frozenset[Role]:
    """Every role of the actor towards the organization."""
    own = actor.roles_at(organization.id)
    roles = set(actor.consortium_roles - _OF_THE_SECRETARIAT.get(organization.kind, frozenset()))
    if own:
        roles.add(Role.COLLEAGUE)
    roles.update(towards for held, towards in TOWARDS_OWN.items() if held in own)
    return frozenset(roles)
