"""Whether an organization is in the consortium, and with which accession it left."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.rules.roles import Capacity
from app.rules.workflow import AccessionState


def is_bound(session: Session, organization_id: int, capacity: Capacity) -> bool:
    """Whether the organization is in the consortium at all: what it began under an older version runs on (clause 22)."""
    found = select(Accession.id).where(
        Accession.organization_id == organization_id,
        Accession.capacity == capacity,
        Accession.state == AccessionState.IN_FORCE,
    )
    return session.scalar(found.limit(1)) is not None


def left_last(session: Session, organization_id: int, capacity: Capacity) -> Accession | None:
    """The accession with whose end the organization left; None where none has ended."""
    ended = select(Accession).where(
        Accession.organization_id == organization_id,
        Accession.capacity == capacity,
        Accession.state == AccessionState.ENDED,
    )
    return session.scalars(ended.order_by(Accession.ended_at.desc(), Accession.id.desc()).limit(1)).first()
