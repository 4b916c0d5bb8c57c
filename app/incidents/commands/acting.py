"""What every command on an incident begins and ends with: the row under lock, the right, the words, the line in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.models import Grant
from app.history.commands import Subject, record
from app.incidents.models import Incident
from app.incidents.queries.standing import incident_roles
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import IncidentState, Machine

LONGEST_WORDS = 6000
NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


def locked(session: Session, reference: str) -> tuple[Grant, Incident]:
    """The incident with its row locked until the transaction ends, and its grant; raises NotFound."""
    statement = select(Incident).where(Incident.reference == reference).with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(NOT_THERE)
    return session.get_one(Grant, row.grant_id), row


def permitted(session: Session, action: Action, actor: Actor, grant: Grant, row: Incident) -> IncidentState:
    after = permit(action, incident_roles(session, actor, grant, row), Machine.INCIDENT, row.state)
    return IncidentState(str(after))


def move(row: Incident, after: IncidentState, now: datetime) -> None:
    row.state, row.state_since, row.reminded = after, now, None


def record_on(
    session: Session, event: Event, actor: Actor, grant: Grant, row: Incident, now: datetime, facts: JSONObject
) -> None:
    """Into the incident's own history: no word of what happened, and nothing into the grant's, which colleagues read."""
    concerned = [key for key in (grant.data_partner_id, grant.member_id) if key in actor.organization_ids]
    ids = [*concerned, *sorted(actor.organization_ids)]
    slug = session.scalar(select(Organization.slug).where(Organization.id == ids[0])) if ids else None
    record(session, event, actor, Subject("incident", row.reference, acting_for=slug), now, facts)
    session.flush()


def words_of(text: str, missing: str, field: str) -> str:
    said = clean(text)
    if missing and not said:
        raise Invalid(missing, field=field)
    if len(said) > LONGEST_WORDS:
        raise Invalid(N_("Shorten this to 6,000 characters."), field=field)
    return said
