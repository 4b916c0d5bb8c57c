"""What every command on a standing consent begins and ends with: the row under lock, the right, the line in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents.models import StandingConsent
from app.consents.queries.consents import NOT_THERE
from app.consents.standing import standing
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import ConsentState, Machine, transition


def locked(session: Session, reference: str) -> StandingConsent:
    """The rule, with its row locked until the transaction ends; raises NotFound."""
    row = session.scalar(
        select(StandingConsent)
        .where(StandingConsent.reference == reference)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def asked(session: Session, action: Action, actor: Actor, reference: str) -> StandingConsent:
    """The rule under lock, once it is sure that the actor may do this with it now; raises as `permit` does.

    Whoever may not is told so before anything that was typed is looked at.
    """
    consent = locked(session, reference)
    permit(action, standing(actor, consent.organization_id), Machine.CONSENT, consent.state)
    return consent


def moved(
    session: Session, action: Action, actor: Actor, consent: StandingConsent, now: datetime, facts: JSONObject
) -> StandingConsent:
    """Let the act pass, move the rule to the state that the table names, and record it; raises as `permit` does."""
    after = permit(action, standing(actor, consent.organization_id), Machine.CONSENT, consent.state)
    consent.state, consent.updated_at = ConsentState(after or consent.state), now
    session.flush()
    event = transition(action).event
    if event is not None:
        record_event(session, event, actor, consent, now, facts)
    return consent


def record_event(
    session: Session, event: Event, actor: Actor, consent: StandingConsent, now: datetime, facts: JSONObject
) -> None:
    """Record one event about the rule, with its name and the hash of its criteria."""
    organization = session.get_one(Organization, consent.organization_id)
    subject = Subject("consent", consent.reference, acting_for=organization.slug, version_hash=consent.criteria_hash)
    record(session, event, actor, subject, now, {"title": consent.name, **facts})
