"""What the catalog tells to machines that follow it: feeds and the map of its addresses. Public listings, whoever asks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.standing import admitted_to
from app.rules.actors import NOBODY
from app.rules.listings import OFFERED


@dataclass(frozen=True)
class Listed:
    """As much of a listing as its address needs."""

    reference: str
    title: str
    updated_at: datetime


def public_part(session: Session, number: int, size: int) -> list[Listed]:
    """One part of all public listings, the oldest first, so that parts that are full stay as they are."""
    wanted = (
        select(Dataset.reference, Dataset.title, Dataset.updated_at)
        .where(_is_public())
        .order_by(Dataset.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    return [Listed(*row) for row in session.execute(wanted)]


def public_count(session: Session) -> int:
    """How many public listings there are."""
    return session.scalar(select(func.count()).select_from(Dataset).where(_is_public())) or 0


def _is_public() -> ColumnElement[bool]:
    return and_(Dataset.state.in_(OFFERED), admitted_to(NOBODY))
