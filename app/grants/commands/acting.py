"""What every command on a grant begins and ends with: the row under lock, the actor's right, the line in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.standing import standing
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.proposals.models import ProposalVersion
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import GrantState, Machine, transition

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


def locked(session: Session, number: str) -> Grant:
    """The grant, with its row locked until the transaction ends.

    Raises:
        NotFound: there is none of this number.
    """
    row = session.scalar(
        select(Grant).where(Grant.number == number).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def moved(
    session: Session, action: Action, actor: Actor, grant: Grant, now: datetime, reason: str = "", **facts: object
) -> Grant:
    """Let the act pass, move the grant to the state that the table names, and record it; raises as `permit` does."""
    after = permit(action, standing(session, actor, grant), Machine.GRANT, grant.state)
    grant.state = GrantState(after or grant.state)
    grant.state_since, grant.state_reason = now, reason
    event = transition(action).event
    if event is not None:
        told: JSONObject = {"title": grant.title, **({"reason": reason} if reason else {}), **facts}
        record_event(session, event, actor, grant, now, told)
    session.flush()
    return grant


def record_event(session: Session, event: Event, actor: Actor, grant: Grant, now: datetime, facts: JSONObject) -> None:
    """Record one event about the grant, bound to the proposal version and the agreement that it was issued under."""
    version = session.get_one(ProposalVersion, grant.proposal_version_id)
    subject = Subject(
        "grant",
        grant.number,
        acting_for=speaks_for(session, actor, grant),
        version_hash=version.content_hash,
        agreement_version=grant.agreement_version,
        agreement_hash=grant.agreement_hash,
    )
    record(session, event, actor, subject, now, facts)


def speaks_for(session: Session, actor: Actor, grant: Grant) -> str | None:
    """The party for which the actor acts, or else the organization that they are of."""
    concerned = [o for o in (grant.data_partner_id, grant.member_id) if o in actor.organization_ids]
    ids = [*concerned, *sorted(actor.organization_ids)]
    return session.scalar(select(Organization.slug).where(Organization.id == ids[0])) if ids else None
