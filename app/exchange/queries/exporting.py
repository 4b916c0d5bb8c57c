"""The listings that go out, part by part, so that a catalog of any length takes the memory of one part."""

from array import array
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.catalog.models import Dataset
from app.catalog.queries.editions import found_by
from app.catalog.queries.listings import whole
from app.rules.actors import Actor

PAGE = 200


def exported(session: Session, viewer: Actor, organization_id: int | None = None) -> Iterator[Dataset]:
    """Every listing that the viewer would find, or those of one data partner. Each part is let go before the next is read."""
    for keys in in_parts(all_keys(session, viewer, organization_id)):
        rows = part(session, viewer, keys)
        yield from rows
        for row in rows:
            session.expunge(row)


def all_keys(session: Session, viewer: Actor, organization_id: int | None = None) -> Sequence[int]:
    """The keys of these listings, in the order in which they came.

    They are looked up once: with the condition in each part's statement a database sorts all that is listed for each part.
    """
    keys = select(Dataset.id).where(found_by(viewer)).order_by(Dataset.id)
    if organization_id is not None:
        keys = keys.where(Dataset.organization_id == organization_id)
    return array("q", session.scalars(keys))


def in_parts(keys: Sequence[int]) -> Iterator[list[int]]:
    """The keys, as many at a time as are read at once."""
    for start in range(0, len(keys), PAGE):
        yield list(keys[start : start + PAGE])


def part(session: Session, viewer: Actor, keys: Sequence[int]) -> list[Dataset]:
    """Those of these listings that the viewer would find at this moment, whole, in the order of the keys."""
    wanted = whole().options(defer(Dataset.typed)).where(found_by(viewer), Dataset.id.in_(keys))
    rows = {row.id: row for row in session.scalars(wanted.order_by(Dataset.id))}
    return [rows[key] for key in keys if key in rows]


def example(session: Session, viewer: Actor) -> str | None:
    """The reference of the listing that came last, for showing how an address looks; None where there is none."""
    wanted = select(Dataset.reference).where(found_by(viewer))
    return session.scalar(wanted.order_by(Dataset.listed_at.desc(), Dataset.id.desc()).limit(1))
