"""What became of listings before the grants on them are issued: their terms were edited, or they are no longer offered."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.catalog.models import Dataset
from app.catalog.terms import listed_terms
from app.foundation.hashing import content_hash
from app.organizations.models import Organization
from app.proposals.models import Decision, Proposal, ProposalItem
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
