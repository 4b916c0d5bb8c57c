"""Roles towards what a grant owes and gives, where it matters for which of the two parties somebody stands."""

from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.standing import standing
from app.rules.actors import Actor
from app.rules.roles import Role

_WORKS_ON_IT = frozenset({Role.PROJECT_LEAD, Role.TEAM_MEMBER})


def sides(session: Session, actor: Actor, grant: Grant) -> frozenset[Role]:
    """The actor's standing towards the grant. A focal point counts for the member only, and whoever belongs to the member's side
    is in conflict where the data partner or the secretariat answers.
    """
    roles = set(standing(session, actor, grant))
    if Role.FOCAL_POINT not in actor.roles_at(grant.member_id):
        roles.discard(Role.OWN_FOCAL_POINT)
    if roles & _WORKS_ON_IT or grant.member_id in actor.organization_ids:
        roles.add(Role.CONFLICTED)
    return frozenset(roles)
