"""The roles of a person towards a change or a hand-over, derived each time: those towards its grant, and whether they decided."""

from sqlalchemy.orm import Session

from app.changes.models import GrantChange
from app.grants.models import Grant
from app.grants.sides import sides
from app.rules.actors import Actor
from app.rules.roles import Role


def judged_by(change: GrantChange) -> int | None:
    """Whoever decided on a change; where the data partner's rules wanted no decision, whoever checked it."""
    return change.checked_by_id if change.decided_by_id is None else change.decided_by_id


def change_standing(session: Session, actor: Actor, grant: Grant, change: GrantChange) -> frozenset[Role]:
    """Every role towards a change. Who works on the member's side is in conflict where the others answer."""
    roles = set(sides(session, actor, grant))
    if actor.person_id is not None and actor.person_id == judged_by(change):
        roles.add(Role.APPROVER)
    return frozenset(roles)


def subgrant_standing(session: Session, actor: Actor, grant: Grant) -> frozenset[Role]:
    """Every role towards a hand-over. Only the member's own signatory signs for it."""
    roles = set(sides(session, actor, grant))
    if Role.SIGNATORY not in actor.roles_at(grant.member_id):
        roles.discard(Role.OWN_SIGNATORY)
    return frozenset(roles)
