"""Whether an organization is in the consortium, whether it has left, and with which accession."""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.agreements.models import Accession
from app.rules.roles import Capacity
from app.rules.workflow import BINDS, AccessionState


def is_bound(session: Session, organization_id: int, capacity: Capacity) -> bool:
    """Whether the organization is in the consortium at all: what it began under an older version runs on (clause 22)."""
    found = select(Accession.id).where(
        Accession.organization_id == organization_id,
        Accession.capacity == capacity,
        Accession.state.in_(BINDS),
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
    return ended & ~exists().where(own, Accession.state.in_(BINDS))


def left(organization_id: int | InstrumentedAttribute[int], capacity: Capacity) -> ColumnElement[bool]:
    """The same as a condition, also on a column."""
    own = (Accession.organization_id == organization_id, Accession.capacity == capacity)
    ended = exists().where(*own, Accession.state == AccessionState.ENDED)
    return ended & ~exists().where(*own, Accession.state.in_(BINDS))


def leaving_under(session: Session, organization_id: int, capacity: Capacity) -> Accession | None:
    """The accession whose notice says when an organization leaves; None where none was given, or another binds beyond it."""
    own = select(Accession).where(Accession.organization_id == organization_id, Accession.capacity == capacity)
    own = own.options(joinedload(Accession.organization))
    rows = session.scalars(
        own.where(Accession.state.in_(BINDS)).order_by(Accession.leaves_on.desc(), Accession.id)
    ).all()
    return rows[0] if rows and all(row.leaves_on is not None for row in rows) else None


def offers_nothing_new(organization_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a data partner has left, or leaves and everybody was told: no new grant is issued on its data (clause 19.7)."""
    own = (Accession.organization_id == organization_id, Accession.capacity == Capacity.DATA_PARTNER)
    is_leaving = and_(Accession.state == AccessionState.LEAVING, Accession.notice_followed_at.is_not(None))
    gone = or_(Accession.state == AccessionState.ENDED, is_leaving)
    stays = and_(Accession.state.in_(BINDS), ~is_leaving)
    return exists().where(*own, gone) & ~exists().where(*own, stays)
