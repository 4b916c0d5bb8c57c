"""What every command on an organization begins with: its row under lock, what the actor is to it, and whom it is done for."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.history.commands import Subject
from app.organizations.models import Organization
from app.organizations.queries import NOT_THERE
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may, permit
from app.rules.roles import APPOINTED, Role
from app.rules.workflow import Machine


def locked_organization(session: Session, actor: Actor, organization_id: int, action: Action) -> Organization:
    """The organization, locked until the transaction ends, so that its last focal points cannot remove one another at once.

    Raises:
        NotFound: the actor may not look inside it.
        NotAllowed: the actor may look, but not do this.
    """
    row = session.scalar(
        select(Organization)
        .where(Organization.id == organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or not may(standing(actor, row), Action.VIEW_ORGANIZATION):
        raise NotFound(NOT_THERE)
    permit(action, standing(actor, row), Machine.ORGANIZATION)
    return row


def permit_roles(actor: Actor, organization: Organization, changed: Collection[Role]) -> None:
    """Let roles be given or taken; those of the committee and the secretariat are a director's to give and to take.

    Raises:
        NotAllowed: one of them is, and the actor is no director.
    """
    if APPOINTED & set(changed):
        permit(Action.APPOINT, standing(actor, organization), Machine.ORGANIZATION)


def about(actor: Actor, organization: Organization) -> Subject:
    """The subject of an event on the organization. Whoever is not of it acts for the secretariat, or the operator."""
    own = actor.roles_at(organization.id)
    acting_for = organization.slug if own else "secretariat" if actor.is_secretariat else None
    return Subject("organization", organization.slug, acting_for)
