"""Listings whose terms were edited after the decision that a grant will rest on: the grant keeps what was decided on."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.catalog.models import Dataset
from app.catalog.terms import listed_terms
from app.foundation.hashing import content_hash
from app.proposals.models import Decision, Proposal, ProposalItem
from app.rules.workflow import APPROVALS


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
