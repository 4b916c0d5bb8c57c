"""What a sent version asks for, without the datasets that are no longer offered because their data partner has left."""

from sqlalchemy import ColumnElement, exists

from app.proposals.models import ProposalItem, ProposalVersion
from app.proposals.step_models import VersionDataset
from app.rules.workflow import ItemState


def still_offered() -> ColumnElement[bool]:
    """In a statement on `VersionDataset`: the dataset stands in the version, and the review has not gone on without it."""
    closed = exists().where(
        ProposalVersion.id == VersionDataset.proposal_version_id,
        ProposalItem.proposal_id == ProposalVersion.proposal_id,
        ProposalItem.dataset_id == VersionDataset.dataset_id,
        ProposalItem.state == ItemState.NOT_OFFERED,
    )
    return ~closed.correlate(VersionDataset)
