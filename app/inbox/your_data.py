"""What became of a data partner's data this month, for those who answer for it: asked for, in use, brought out."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.grants.models import Grant
from app.organizations.models import Organization
from app.outputs.models import Output
from app.proposals.models import Proposal
from app.proposals.step_models import VersionDataset
from app.rules.actors import Actor
from app.rules.roles import Role
from app.rules.workflow import GrantState


@dataclass(frozen=True)
class YourData:
    """One data partner's month: proposals that reached it, its grants in force and with how many members, outputs published."""

    name: str
    slug: str
    asked: int
    in_force: int
    members: int
    outputs: int


def your_data(session: Session, viewer: Actor, now: datetime) -> list[YourData]:
    """One line for each data partner whose stewards or deputies the viewer belongs to. One statement; none for others."""
    mine = viewer.organizations_with(Role.STEWARD, Role.DEPUTY)
    if not mine:
        return []
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    active = (Grant.data_partner_id == Organization.id, Grant.state == GrantState.ACTIVE)
    asked = (
        select(func.count(Proposal.id.distinct()))
        .join(VersionDataset, VersionDataset.proposal_version_id == Proposal.current_version_id)
        .join(Dataset, Dataset.id == VersionDataset.dataset_id)
        .where(Dataset.organization_id == Organization.id, Proposal.offered_at >= month)
    )
    outputs = (
        select(func.count(Output.id))
        .join(Grant, Grant.id == Output.grant_id)
        .where(Grant.data_partner_id == Organization.id, Output.published_on >= month.date())
    )
    statement = (
        select(
            Organization.name,
            Organization.slug,
            asked.correlate(Organization).scalar_subquery(),
            select(func.count(Grant.id)).where(*active).correlate(Organization).scalar_subquery(),
            select(func.count(Grant.member_id.distinct())).where(*active).correlate(Organization).scalar_subquery(),
            outputs.correlate(Organization).scalar_subquery(),
        )
        .where(Organization.id.in_(mine))
        .order_by(Organization.name)
    )
    return [YourData(*row) for row in session.execute(statement)]
