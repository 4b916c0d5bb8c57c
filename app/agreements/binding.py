"""Whether an organization is in the consortium, whether it has left, and with which accession."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

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


def has_left(session: Session, organization_id: int, capacity: Capacity) -> bool:
    """Whether an organization was in the consortium in this capacity, and nothing binds it any more."""
    return bool(session.scalar(select(left(organization_id, capacity))))


def is_gone(organization_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """As a condition: whether an organization was in the consortium, and nothing binds it any more in any capacity."""
    own = Accession.organization_id == organization_id
    ended = exists().where(own, Accession.state == AccessionState.ENDED)
    return ended & ~exists().where(own, Accession.state == AccessionState.IN_FORCE)


def left(organization_id: int | InstrumentedAttribute[int], capacity: Capacity) -> ColumnElement[bool]:
    """The same as a condition, also on a column."""
    own = (Accession.organization_id == organization_id, Accession.capacity == capacity)
    ended = exists().where(*own, Accession.state == AccessionState.ENDED)
    return ended & ~exists().where(*own, Accession.state == AccessionState.IN_FORCE)
