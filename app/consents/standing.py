"""The roles of a person towards one data partner's standing consents, derived each time from memberships as they are now."""

from app.catalog.standing import partner_standing
from app.rules.actors import Actor
from app.rules.roles import Role


def standing(actor: Actor, organization_id: int) -> frozenset[Role]:
    """Every role of the actor: who decides for the data partner, its other people, the secretariat."""
    roles = set(partner_standing(actor, organization_id))
    if organization_id in actor.organization_ids:
        roles.add(Role.COLLEAGUE)
    return frozenset(roles)
