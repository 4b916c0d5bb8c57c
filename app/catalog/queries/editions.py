"""Which state of the catalog a viewer would get, so that a copy of it knows whether it is old."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset, ListingChange
from app.catalog.standing import admitted_to
from app.rules.actors import Actor
from app.rules.listings import OFFERED


@dataclass(frozen=True)
class Edition:
    """The catalog as it stands for one viewer: another one as soon as anything that this viewer would find is another.

    `modified`: when one of the listings changed last, None where there is none. One that left is missing in `count`, one
    that changed or came has the newest `change`. What the viewer may not know of is in none of the three.
    """

    modified: datetime | None
    count: int
    change: int


def edition(session: Session, viewer: Actor) -> Edition:
    """The edition of the catalog that the viewer would get now."""
    newest = select(ListingChange.seq).join(Dataset, Dataset.id == ListingChange.dataset_id).where(found_by(viewer))
    counted = select(func.max(Dataset.updated_at), func.count()).where(found_by(viewer))
    modified, count = session.execute(counted).one()
    return Edition(modified, count, session.scalar(newest.order_by(ListingChange.seq.desc()).limit(1)) or 0)


def found_by(viewer: Actor) -> ColumnElement[bool]:
    """Whether the viewer would find a listing."""
    return and_(Dataset.state.in_(OFFERED), admitted_to(viewer))
