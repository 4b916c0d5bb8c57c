"""The roles of a person towards an incident: those towards its grant, and that of the one who reported it."""

from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.sides import sides
from app.incidents.models import Incident, IncidentNotice
from app.rules.actors import Actor
from app.rules.incidents import TOLD, Recipient
from app.rules.roles import Role


def roles_at_grant(session: Session, actor: Actor, grant: Grant) -> frozenset[Role]:
    """The roles of somebody who is about to report one."""
    return sides(session, actor, grant)


def incident_roles(session: Session, actor: Actor, grant: Grant, row: Incident) -> frozenset[Role]:
    """The roles towards an incident that was reported."""
    roles = sides(session, actor, grant)
    is_still_concerned = bool(roles - {Role.PUBLIC, Role.CONFLICTED})  # a conflict outlasts every place (safety.md T9)
    reported = actor.person_id is not None and actor.person_id == row.reported_by_id
    return roles | {Role.REPORTER} if reported and is_still_concerned else roles


def takes_note(actor: Actor, notice: IncidentNotice) -> bool:
    """Whether the actor stands for whom this notice is: an officer does not for the board."""
    return not actor.roles_at(notice.organization_id).isdisjoint(TOLD[Recipient(notice.recipient)].roles)
