"""What every command on a change begins and ends with: the grant's row under lock, then its own, the right, the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.models import GrantChange
from app.changes.standing import change_standing
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.grants.commands.acting import NOT_THERE, speaks_for
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.history.commands import Subject, record
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.workflow import ChangeState, Machine, transition


def locked(session: Session, reference: str) -> tuple[Grant, GrantChange]:
    """The grant and the change, both locked until the transaction ends, in this order everywhere.

    Raises:
        NotFound: there is no such change.
    """
    number = session.scalar(
        select(Grant.number)
        .join(GrantChange, GrantChange.grant_id == Grant.id)
        .where(GrantChange.reference == reference)
    )
    if number is None:
        raise NotFound(NOT_THERE)
    grant = locked_grant(session, number)
    wanted = select(GrantChange).where(GrantChange.reference == reference).with_for_update()
    return grant, session.scalars(wanted.execution_options(populate_existing=True)).one()


def permitted(session: Session, action: Action, actor: Actor, grant: Grant, change: GrantChange) -> ChangeState:
    """Let the act pass and return the state after it; raises as `permit` does."""
    after = permit(action, change_standing(session, actor, grant, change), Machine.CHANGE, change.state)
    return ChangeState(after or change.state)


def moved(
    session: Session, action: Action, actor: Actor, grant: Grant, change: GrantChange, now: datetime, **facts: object
) -> GrantChange:
    """Let the act pass, move the change, and record it; raises as `permit` does."""
    change.state, change.state_since = permitted(session, action, actor, grant, change), now
    change.reminded = None
    session.flush()
    tell(session, action, actor, grant, change, now, **facts)
    return change


def by_system(
    session: Session, action: Action, grant: Grant, change: GrantChange, now: datetime, **facts: object
) -> GrantChange:
    """The same for an act that the system does by rule, whoever caused it."""
    return moved(session, action, SYSTEM, grant, change, now, **facts)


def tell(
    session: Session, action: Action, actor: Actor, grant: Grant, change: GrantChange, now: datetime, **facts: object
) -> None:
    """Record the event that belongs to an action, bound to what the change says."""
    event = transition(action).event
    if event is None:
        return
    subject = Subject(
        "change",
        change.reference,
        acting_for=speaks_for(session, actor, grant),
        version_hash=change.content_hash,
        agreement_version=grant.agreement_version,
        agreement_hash=grant.agreement_hash,
    )
    told: JSONObject = {"title": grant.title, "grant": grant.number, "kinds": change.kinds, **facts}
    record(session, event, actor, subject, now, told)
