"""The listings that go out, page by page, so that a catalog of any length takes the memory of one page."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, defer

from app.catalog.models import Dataset, ListingChange
from app.catalog.queries.listings import whole
from app.catalog.standing import admitted_to
from app.rules.actors import Actor
from app.rules.listings import OFFERED

PAGE = 200


def exported(session: Session, viewer: Actor, organization_id: int | None = None) -> Iterator[Dataset]:
    """Every listing that the viewer would find, or those of one data partner, in the order in which they came.

    The keys are looked up once: with the condition in each page's statement a database sorts all that is listed for each page.
    Whether the viewer finds a listing is asked again with its page. Each page is let go before the next is read.
    """
    keys = select(Dataset.id).where(_found_by(viewer)).order_by(Dataset.id)
    if organization_id is not None:
        keys = keys.where(Dataset.organization_id == organization_id)
    found = array("q", session.scalars(keys))
    wanted = whole().options(defer(Dataset.typed)).where(_found_by(viewer)).order_by(Dataset.id)
    for start in range(0, len(found), PAGE):
        rows = session.scalars(wanted.where(Dataset.id.in_(found[start : start + PAGE].tolist()))).all()
        yield from rows
        for row in rows:
            session.expunge(row)


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
    newest = select(ListingChange.seq).join(Dataset, Dataset.id == ListingChange.dataset_id).where(_found_by(viewer))
    counted = select(func.max(Dataset.updated_at), func.count()).where(_found_by(viewer))
    modified, count = session.execute(counted).one()
    return Edition(modified, count, session.scalar(newest.order_by(ListingChange.seq.desc()).limit(1)) or 0)


def _found_by(viewer: Actor) -> ColumnElement[bool]:
    return and_(Dataset.state.in_(OFFERED), admitted_to(viewer))


def example(session: Session, viewer: Actor) -> str | None:
    """The reference of the listing that came last, for showing how an address looks; None where there is none."""
    wanted = select(Dataset.reference).where(_found_by(viewer))
    return session.scalar(wanted.order_by(Dataset.listed_at.desc(), Dataset.id.desc()).limit(1))
