"""What bears on grants before they are issued: edited terms, listings no longer offered, decisions just made, a last day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.catalog.models import Dataset
from app.catalog.terms import listed_terms
from app.foundation.hashing import content_hash
from app.organizations.models import Organization
from app.proposals.models import Decision, Proposal, ProposalItem
from app.rules.calendar import DAYS_TO_ISSUE_NEAR
from app.rules.undoing import UNDO_TIME
from app.rules.workflow import APPROVALS, ItemState


def edited_since_decided(session: Session, reference: str) -> list[str]:
    """The titles of approved datasets whose listing says other terms now than the decision kept."""
    statement = (
        select(Dataset, Decision.terms_hash)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .join(Proposal, Proposal.id == ProposalItem.proposal_id)
        .join(Decision, Decision.id == ProposalItem.decision_id)
        .where(Proposal.reference == reference, ProposalItem.state.in_(APPROVALS), Decision.terms_hash.is_not(None))
        .order_by(ProposalItem.id)
        .options(selectinload(Dataset.conditions), selectinload(Dataset.countries))
    )
    rows = session.execute(statement).all()
    return [dataset.title for dataset, kept in rows if content_hash(listed_terms(dataset)) != kept]


def no_longer_offered(session: Session, reference: str) -> list[tuple[str, str]]:
    """Dataset and data partner of what was asked for and is granted by nobody, because the data partner left the agreement."""
    statement = (
        select(Dataset.title, Organization.name)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .join(Proposal, Proposal.id == ProposalItem.proposal_id)
        .join(Organization, Organization.id == Dataset.organization_id)
        .where(Proposal.reference == reference, ProposalItem.state == ItemState.NOT_OFFERED)
        .order_by(ProposalItem.id)
    )
    return [(title, partner) for title, partner in session.execute(statement)]


def still_undoable(session: Session, reference: str, now: datetime) -> list[tuple[str, datetime]]:
    """Each data partner that can take a decision of the last minutes back, and until when: issuing ends that. What a rule decided
    has no such moment.
    """
    statement = (
        select(Organization.name, func.max(Decision.decided_at))
        .join(Dataset, Dataset.organization_id == Organization.id)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .join(Proposal, Proposal.id == ProposalItem.proposal_id)
        .join(Decision, Decision.id == ProposalItem.decision_id)
        .where(Proposal.reference == reference, Decision.by_rule.is_(None), Decision.decided_at > now - UNDO_TIME)
        .group_by(Organization.id, Organization.name)
        .order_by(Organization.name)
    )
    return [(partner, decided_at + UNDO_TIME) for partner, decided_at in session.execute(statement)]


def issue_before(last_days: Sequence[date], now: datetime) -> date | None:
    """The first of these last days if it is near: from it on nothing can be issued, and the team sets new days; else None."""
    first = min(last_days, default=None)
    is_near = first is not None and first - now.astimezone(UTC).date() <= timedelta(days=DAYS_TO_ISSUE_NEAR)
    return first if is_near else None
