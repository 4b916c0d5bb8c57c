"""What every command on an accession begins with: its row under lock, and what the actor is to it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements.models import Accession
from app.agreements.queries import NOT_THERE
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.history.commands import Subject, record
from app.organizations.models import Organization, Person
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.workflow import AccessionState, Machine, transition


def locked_accession(
    session: Session, actor: Actor, reference: str, action: Action
) -> tuple[Accession, AccessionState]:
    """The accession under lock, and the state after the action.

    Raises:
        NotFound: there is none that the actor may know of.
        NotAllowed, WrongState: it is not the actor's to do, or not possible now.
    """
    row = session.scalar(
        select(Accession)
        .options(joinedload(Accession.organization, innerjoin=True))
        .where(Accession.reference == reference)
        .with_for_update(of=Accession)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    after = permit(action, standing(actor, row.organization), Machine.ACCESSION, row.state)
    return row, AccessionState(after) if after is not None else row.state


def tell(
    session: Session, action: Action, actor: Actor, row: Accession, now: datetime, facts: JSONObject | None = None
) -> None:
    """Record the event of an action that moved an accession."""
    event = transition(action).event
    if event is not None:
        record(session, event, actor, about(actor, row), now, facts)


def about(actor: Actor, row: Accession) -> Subject:
    """The subject of an event on an accession, bound to the version's id and hash."""
    own = actor.roles_at(row.organization_id)
    acting_for = row.organization.slug if own else "secretariat" if actor.is_secretariat else None
    return Subject("accession", row.reference, acting_for, None, row.agreement_version, row.agreement_hash)


def person_acting(session: Session, actor: Actor) -> Person:
    """The person behind the actor; raises NotFound for the command line and the system, which cannot sign."""
    found = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def organization_of(session: Session, organization_id: int) -> Organization:
    """The organization by key; raises NotFound."""
    found = session.get(Organization, organization_id)
    if found is None:
        raise NotFound(NOT_THERE)
    return found
