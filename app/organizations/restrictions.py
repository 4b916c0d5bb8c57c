"""Reading what an organization may not do for now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Restriction
from app.rules.restrictions import RestrictionKind


def restrictions_of(session: Session, organization_id: int, kind: RestrictionKind | None = None) -> list[Restriction]:
    """The restrictions of an organization that are open now, of one kind or of all, the oldest first."""
    statement = select(Restriction).where(
        Restriction.organization_id == organization_id, Restriction.ended_at.is_(None)
    )
    if kind is not None:
        statement = statement.where(Restriction.kind == kind)
    return list(session.scalars(statement.order_by(Restriction.since, Restriction.id)))
