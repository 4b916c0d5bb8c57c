"""What a data partner wants to decide on, kind by kind."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.models import ChangeRule


def wishes_of(session: Session, organization_id: int) -> dict[str, bool]:
    """The data partner's own rules; a kind that is not in it follows the table."""
    rows = select(ChangeRule.kind, ChangeRule.decides).where(ChangeRule.organization_id == organization_id)
    return dict(session.execute(rows).all())
