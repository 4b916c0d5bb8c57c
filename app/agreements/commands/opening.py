"""Opening an accession for signature, and the ways in which signing is not done now: handing over, declining, taking up again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements import evidence
from app.agreements.commands.acting import locked_accession, organization_of, tell
from app.agreements.evidence import Trace
from app.agreements.library import current_version
from app.agreements.models import Accession
from app.agreements.queries import NOT_THERE
from app.foundation.errors import Invalid, NotFound
from app.foundation.numbers import yearly_reference
from app.foundation.text import clean
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.organizations.queries import signatories_of
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.events import Event
from app.rules.permissions import may, permit
from app.rules.roles import CAPACITIES, Capacity
from app.rules.workflow import AccessionState, Machine

LONGEST_REASON = 2000
_ENDED = (AccessionState.ENDED,)


def open_accession(
    session: Session, actor: Actor, organization_id: int, capacity: Capacity, now: datetime
) -> Accession:
    """The accession of an organization in a capacity to the current version: the one begun already, or a new one.

    Raises:
        Invalid: the organization cannot accede in this capacity.
        NotFound, NotAllowed: this is for its signatories and focal points, and for the secretariat.
    """
    organization = organization_of(session, organization_id)
    # Its row orders those who open at once: the second finds what the first opened.
    session.scalar(select(Organization.id).where(Organization.id == organization_id).with_for_update())
    roles = standing(actor, organization)
    if actor is not SYSTEM and not may(roles, Action.VIEW_ORGANIZATION):
        raise NotFound(NOT_THERE)
    permit(Action.OPEN_ACCESSION, roles, Machine.ORGANIZATION)
    if capacity not in CAPACITIES[organization.kind]:
        raise Invalid(
            N_("This organization cannot accede in this capacity. The secretariat can change its kind."), "capacity"
        )
    return _begun(session, organization_id, capacity) or _opened(session, actor, organization, capacity, now)


def _begun(session: Session, organization_id: int, capacity: Capacity) -> Accession | None:
    return session.scalar(
        select(Accession)
        .options(joinedload(Accession.organization, innerjoin=True))
        .where(Accession.organization_id == organization_id, Accession.capacity == capacity)
        .where(Accession.agreement_version == current_version().id, Accession.state.not_in(_ENDED))
        .order_by(Accession.id.desc())
    )


def _opened(session: Session, actor: Actor, organization: Organization, capacity: Capacity, now: datetime) -> Accession:
    version = current_version()
    row = Accession(
        reference=yearly_reference(session, "AC", now.year),
        organization=organization,
        capacity=capacity,
        agreement_version=version.id,
        agreement_hash=version.text_hash,
        state=AccessionState.OPEN,
        opened_at=now,
        evidence={},
    )
    evidence.add_step(row, "opened", actor.name, Trace(), now)
    session.add(row)
    session.flush()
    subject = Subject("accession", row.reference, organization.slug, None, version.id, version.text_hash)
    record(session, Event.ACCESSION_OPENED, actor, subject, now, {"capacity": capacity.value})
    return row


def hand_over(
    session: Session, actor: Actor, reference: str, to_person_id: int, trace: Trace, now: datetime
) -> Accession:
    """Ask another authorized signatory of the same organization to sign.

    Raises:
        Invalid: that person is not an authorized signatory of the organization.
    """
    row, _ = locked_accession(session, actor, reference, Action.HAND_OVER_ACCESSION)
    others = {person.id: person for person in signatories_of(session, row.organization_id)}
    chosen = others.get(to_person_id)
    if chosen is None or chosen.id == actor.person_id:
        raise Invalid(
            N_("Choose another authorized signatory of your organization. Its focal point can invite one."), "to"
        )
    evidence.forget_signature(row)
    row.signatory_id = chosen.id
    evidence.add_step(row, f"handed over to {chosen.name}", actor.name, trace, now)
    tell(session, Action.HAND_OVER_ACCESSION, actor, row, now, {"to": chosen.name, "to_pid": str(chosen.pid)})
    return row


def decline(session: Session, actor: Actor, reference: str, reason: str, trace: Trace, now: datetime) -> Accession:
    """Decline to sign, with a reason that the secretariat reads.

    Raises:
        Invalid: there is no reason, or it is too long.
    """
    row, after = locked_accession(session, actor, reference, Action.DECLINE_ACCESSION)
    row.decline_reason = _reason(reason)
    row.signatory_id, row.state = actor.person_id, after
    evidence.forget_signature(row)
    evidence.add_step(row, "declined", actor.name, trace, now)
    tell(session, Action.DECLINE_ACCESSION, actor, row, now, {"reason": row.decline_reason})
    return row


def reopen(session: Session, actor: Actor, reference: str, trace: Trace, now: datetime) -> Accession:
    """Take a declined accession up again."""
    row, after = locked_accession(session, actor, reference, Action.REOPEN_ACCESSION)
    row.state, row.decline_reason, row.signatory_id = after, None, None
    row.opened_at = now
    evidence.add_step(row, "taken up again", actor.name, trace, now)
    tell(session, Action.REOPEN_ACCESSION, actor, row, now)
    return row


def _reason(text: str) -> str:
    words = clean(text)
    if not words:
        raise Invalid(N_("Say why, in a sentence or two, so that the secretariat can answer."), "reason")
    if len(words) > LONGEST_REASON:
        raise Invalid(N_("Shorten the reason to 2,000 characters."), "reason")
    return words
