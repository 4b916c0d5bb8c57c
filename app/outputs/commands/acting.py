"""What every command on an output begins and ends with: the row under lock, the right, the line in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.sides import sides
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.outputs.models import Output, OutputVersion
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import Machine, OutputState, transition

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


def locked(session: Session, reference: str) -> tuple[Grant, Output]:
    """The output with its row locked until the transaction ends, and its grant; raises NotFound."""
    row = session.scalar(
        select(Output).where(Output.reference == reference).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return session.get_one(Grant, row.grant_id), row


def require_permitted(session: Session, action: Action, actor: Actor, grant: Grant, row: Output) -> None:
    """Raise as `permit` does, before anything that the actor typed is looked at."""
    permit(action, sides(session, actor, grant), Machine.OUTPUT, row.state)


def moved(
    session: Session, action: Action, actor: Actor, grant: Grant, row: Output, now: datetime, **facts: object
) -> Output:
    """Let the act pass, move the output to the state that the table names, and record it; raises as `permit` does."""
    after = OutputState(str(permit(action, sides(session, actor, grant), Machine.OUTPUT, row.state)))
    if after is not row.state:
        row.state, row.state_since, row.reminded = after, now, None
    event = transition(action).event
    if event is not None:
        record_event(session, event, actor, grant, row, now, facts)
    session.flush()
    return row


def record_event(
    session: Session, event: Event, actor: Actor, grant: Grant, row: Output, now: datetime, facts: JSONObject
) -> None:
    """Record one event about the output. Its title is confidential until it is published: not in the grant's history."""
    ids = [key for key in (grant.data_partner_id, grant.member_id) if key in actor.organization_ids]
    ids += sorted(actor.organization_ids - set(ids))
    slug = session.scalar(select(Organization.slug).where(Organization.id == ids[0])) if ids else None
    subject = Subject("output", row.reference, acting_for=slug)
    record(session, event, actor, subject, now, {"title": row.title, "grant": grant.number, **facts})


def latest(session: Session, row: Output) -> OutputVersion:
    """The version that is read now."""
    found = select(OutputVersion).where(OutputVersion.output_id == row.id).order_by(OutputVersion.number.desc())
    return session.scalars(found.limit(1)).one()


def address_of(text: str, field: str) -> str:
    """A web address, or nothing; raises Invalid for anything else."""
    address = text.strip()
    if address and (not address.startswith(("https://", "http://")) or len(address) > 500 or " " in address):
        raise Invalid(N_("Enter a web address, like https://example.org/paper."), field=field)
    return address
