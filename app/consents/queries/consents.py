"""The standing consents that a person may know of, and those that act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.consents.models import ConsentUse, StandingConsent
from app.consents.standing import standing
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Membership, Organization, Person
from app.proposals.models import Decision, Proposal, ProposalItem
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.visibility import sees, visible_states
from app.rules.workflow import ConsentState, Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_STEWARDS = (Role.STEWARD, Role.DEPUTY)


@dataclass(frozen=True)
class SeenConsent:
    """One rule as one viewer sees it, with what they may do to it."""

    consent: StandingConsent
    may: frozenset[Action]
    is_answered_for: bool


@dataclass(frozen=True)
class Used:
    """One decision that a rule made, and whether people took it back or changed it."""

    proposal: str
    title: str
    member: str
    dataset_id: int
    decided_at: datetime
    undone_at: datetime | None


def seen_consent(session: Session, viewer: Actor, reference: str) -> SeenConsent:
    """One rule.

    Raises:
        NotFound: there is none of this reference that the viewer may know of.
    """
    found = session.scalar(_whole().where(StandingConsent.reference == reference))
    roles = standing(viewer, found.organization_id) if found else frozenset()
    if found is None or not sees(roles, Machine.CONSENT, found.state):
        raise NotFound(NOT_THERE)
    return SeenConsent(found, allowed(roles, Machine.CONSENT, found.state), is_answered_for(session, found))


def consents_for(session: Session, viewer: Actor) -> list[StandingConsent]:
    """The rules that the viewer may know of: on first, then by reference."""
    ways: list[ColumnElement[bool]] = [
        StandingConsent.state.in_(visible_states(Machine.CONSENT, role)) for role in viewer.consortium_roles
    ]
    if viewer.organization_ids:
        own = StandingConsent.organization_id.in_(viewer.organization_ids)
        ways.append(and_(own, StandingConsent.state.in_(visible_states(Machine.CONSENT, Role.COLLEAGUE))))
    if not ways:
        return []
    order = {state: place for place, state in enumerate((ConsentState.ON, ConsentState.DRAFT, ConsentState.OFF))}
    rows = session.scalars(_whole().where(or_(*ways)).order_by(StandingConsent.id))
    return sorted(rows, key=lambda row: order.get(row.state, len(order)))


def use_counts(session: Session, consents: Sequence[StandingConsent]) -> dict[int, int]:
    """How many decisions each rule has made."""
    counted = (
        select(ConsentUse.consent_id, func.count())
        .where(ConsentUse.consent_id.in_([consent.id for consent in consents]))
        .group_by(ConsentUse.consent_id)
    )
    return dict(session.execute(counted).all())


def uses_of(session: Session, consent: StandingConsent, limit: int = 50) -> list[Used]:
    """The decisions that a rule made, newest first."""
    statement = (
        select(Proposal, Organization.name, ProposalItem.dataset_id, Decision)
        .join(ProposalItem, ProposalItem.proposal_id == Proposal.id)
        .join(Decision, Decision.item_id == ProposalItem.id)
        .join(ConsentUse, ConsentUse.decision_id == Decision.id)
        .join(Organization, Organization.id == Proposal.organization_id)
        .where(ConsentUse.consent_id == consent.id)
        .order_by(ConsentUse.id.desc())
        .limit(limit)
    )
    return [
        Used(proposal.reference, proposal.title, member, dataset_id, decision.decided_at, decision.undone_at)
        for proposal, member, dataset_id, decision in session.execute(statement)
    ]


def acting_for(session: Session, organization_id: int) -> list[StandingConsent]:
    """The rules of a data partner that act now, oldest first: on, and answered for."""
    rows = session.scalars(
        _whole()
        .where(StandingConsent.organization_id == organization_id, StandingConsent.state == ConsentState.ON)
        .order_by(StandingConsent.switched_on_at, StandingConsent.id)
    )
    return [row for row in rows if is_answered_for(session, row)]


def answered_for_by(session: Session, organization_id: int, person_id: int) -> list[StandingConsent]:
    """The rules of a data partner that are on and that this person answers for, oldest first."""
    rules = (
        _whole()
        .where(
            StandingConsent.organization_id == organization_id,
            StandingConsent.state == ConsentState.ON,
            StandingConsent.switched_on_by_id == person_id,
        )
        .order_by(StandingConsent.switched_on_at, StandingConsent.id)
    )
    return list(session.scalars(rules))


def is_answered_for(session: Session, consent: StandingConsent) -> bool:
    """Whether who switched it on still decides for the data partner; otherwise it rests until somebody else does."""
    held = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id == consent.switched_on_by_id,
            Membership.organization_id == consent.organization_id,
            Membership.role.in_(_STEWARDS),
            Membership.ended_at.is_(None),
            Person.active,
        )
    )
    return session.scalar(held.limit(1)) is not None


def _whole() -> Select[StandingConsent]:
    return select(StandingConsent).options(
        joinedload(StandingConsent.organization), joinedload(StandingConsent.switched_on_by)
    )
