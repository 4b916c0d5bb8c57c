"""Writing a standing consent. Saving never fails for what is missing; switching on does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.standing import partner_standing
from app.consents.commands.acting import asked, moved, record_event
from app.consents.models import StandingConsent
from app.foundation.errors import Invalid
from app.foundation.hashing import content_hash
from app.foundation.numbers import plain_reference
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.consents import Criteria, to_json
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import ConsentState, Machine

PREFIX = "SC"
LONGEST_NAME = 120


@dataclass(frozen=True)
class Written:
    """A rule as it was typed."""

    name: str
    criteria: Criteria


def start(
    session: Session, actor: Actor, organization: Organization, written: Written, now: datetime
) -> StandingConsent:
    """Write a new rule for a data partner. It does nothing until it was tried on the past and switched on.

    Raises:
        NotAllowed: the actor does not decide for this data partner.
        Invalid: it has no name, or names a dataset that is not the data partner's.
    """
    permit(Action.START_CONSENT, partner_standing(actor, organization.id), Machine.ORGANIZATION)
    name, criteria = _checked(session, organization.id, written)
    consent = StandingConsent(
        reference=plain_reference(session, PREFIX),
        organization_id=organization.id,
        name=name,
        criteria=to_json(criteria),
        criteria_hash=content_hash(to_json(criteria)),
        state=ConsentState.DRAFT,
        created_at=now,
        updated_at=now,
    )
    session.add(consent)
    session.flush()
    record_event(session, Event.CONSENT_STARTED, actor, consent, now, {"criteria": consent.criteria})
    return consent


def save(session: Session, actor: Actor, reference: str, written: Written, now: datetime) -> StandingConsent:
    """Change a rule that is not on. A change of its criteria makes a new trial on the past necessary.

    Raises:
        WrongState: it is on; switch it off first.
        Invalid: it has no name, or names a dataset that is not the data partner's.
    """
    consent = asked(session, Action.EDIT_CONSENT, actor, reference)
    name, criteria = _checked(session, consent.organization_id, written)
    consent.name, consent.criteria = name, to_json(criteria)
    consent.criteria_hash = content_hash(consent.criteria)
    return moved(session, Action.EDIT_CONSENT, actor, consent, now, {"criteria": consent.criteria})


def _checked(session: Session, organization_id: int, written: Written) -> tuple[str, Criteria]:
    name = clean_line(written.name)
    if not name:
        raise Invalid(N_("Give the rule a name, so that those it concerns can tell it from others."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(N_("Shorten the name to 120 characters."), field="name")
    own = select(Dataset.reference).where(Dataset.organization_id == organization_id)
    known = frozenset(session.scalars(own.where(Dataset.reference.in_(written.criteria.datasets))))
    if written.criteria.datasets - known:
        raise Invalid(N_("Choose datasets of your own organization only."), field="datasets")
    return name, written.criteria
