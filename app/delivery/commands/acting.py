"""What every command on a delivery begins and ends with: the grant and the delivery under lock, and its new state."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery.models import Delivery
from app.delivery.queries import NOT_THERE
from app.foundation.errors import NotFound
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.grants.sides import sides
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.visibility import sees
from app.rules.workflow import DeliveryState, Machine


def locked(session: Session, number: str) -> tuple[Grant, Delivery]:
    """The grant and its delivery, both locked until the transaction ends; raises NotFound where there is none."""
    grant = locked_grant(session, number)
    row = session.scalar(
        select(Delivery)
        .where(Delivery.grant_id == grant.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return grant, row


def permitted(session: Session, action: Action, actor: Actor, grant: Grant, row: Delivery) -> StrEnum | None:
    """Let a person's act pass and return the state after it; raises as `permit` does, and NotFound for whoever may not know of
    the grant.
    """
    roles = sides(session, actor, grant)
    if not sees(roles, Machine.GRANT, grant.state):
        raise NotFound(NOT_THERE)
    return permit(action, roles, Machine.DELIVERY, row.state)


def moved(row: Delivery, after: object, now: datetime) -> None:
    """Put it into the state that `permit` answered with: the wait for whoever is next begins."""
    row.state, row.state_since, row.reminded = DeliveryState(str(after)), now, None
