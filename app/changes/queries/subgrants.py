"""Hand-overs for those who have to do with them, and whether one gives a right at a moment."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Grant, SubGrant


def subgrants_under(session: Session, grant: Grant) -> list[SubGrant]:
    """The hand-overs that stand under a grant now."""
    return list(session.scalars(select(SubGrant).where(SubGrant.grant_id == grant.id).order_by(SubGrant.id)))
