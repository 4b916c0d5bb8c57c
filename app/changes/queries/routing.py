"""Whether what a change would make of a grant asks for a further review than the grant's proposal went through."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.grants.models import Grant
from app.grants.record import Record
from app.proposals.models import Proposal, ProposalVersion
from app.proposals.queries.routing import Asked, facts_of
from app.proposals.queries.versions import answers_of
from app.rules.pipelines import pipeline_of
from app.rules.routing import further_reviews, route


def needs_further_review(session: Session, grant: Grant, after: Record, now: datetime) -> bool:
    """Whether the rules of routing would send a proposal for this through a vote or a review that its own went without."""
    proposal = session.get_one(Proposal, grant.proposal_id)
    answers = answers_of(session.get_one(ProposalVersion, grant.proposal_version_id).content)
    named = select(Dataset.id).where(Dataset.reference.in_([each.reference for each in after.datasets]))
    asked = Asked(
        {**answers, "purposes": list(after.purposes)},
        frozenset(session.scalars(named)),
        proposal.organization_id,
        proposal.lead_id,
    )
    found = route(facts_of(session, asked, now))
    return bool(further_reviews(found.pipeline, pipeline_of(proposal.pipeline).id))
