"""Listings one by one."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.catalog.models import Dataset, DatasetCountry
from app.catalog.standing import admitted_to, known_to
from app.foundation.errors import NotFound
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.rules.actors import Actor
from app.rules.listings import OFFERED
from app.rules.vocabulary import WORLD

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


def whole() -> Select[Dataset]:
    """Listings with everything that belongs to them, in a fixed number of statements."""
    return select(Dataset).options(
        selectinload(Dataset.organization),
        selectinload(Dataset.countries),
        selectinload(Dataset.themes),
        selectinload(Dataset.conditions),
        selectinload(Dataset.admitted),
    )


def dataset_by_reference(session: Session, viewer: Actor, reference: str) -> Dataset:
    """One listing with everything that belongs to it.

    Raises:
        NotFound: there is none, or none that the viewer may know of.
    """
    row = session.scalar(whole().where(Dataset.reference == clean_line(reference[:40]).upper(), known_to(viewer)))
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def datasets_by_ids(
    session: Session, viewer: Actor, ids: Iterable[int], *, offered_only: bool = False
) -> dict[int, Dataset]:
    """Those of these listings that the viewer may know of, whole, by key; with `offered_only` those open to proposals."""
    found = _known(session, viewer, Dataset.id.in_(set(ids)))
    return {row.id: row for row in found if not offered_only or row.state in OFFERED}


def datasets_by_references(
    session: Session, viewer: Actor, references: Iterable[str], *, offered_only: bool = False
) -> list[Dataset]:
    """Those of these listings that the viewer may know of, whole, in the order asked for."""
    order = {reference.upper(): place for place, reference in reversed(list(enumerate(references)))}
    found = _known(session, viewer, Dataset.reference.in_(order))
    return sorted(
        (row for row in found if not offered_only or row.state in OFFERED), key=lambda row: order[row.reference]
    )


def _known(session: Session, viewer: Actor, named: ColumnElement[bool]) -> list[Dataset]:
    """Those of the listings named by their keys that the viewer may know of, whole.

    Whether they may is read as a column: as a condition it made SQLite walk through every listing of a state.
    """
    found = session.execute(whole().add_columns(known_to(viewer)).where(named))
    return [row for row, is_known in found if is_known]


def offered_count(session: Session, viewer: Actor) -> int:
    """How many datasets the viewer would find with an empty search."""
    counted = select(func.count()).select_from(Dataset).where(Dataset.state.in_(OFFERED), admitted_to(viewer))
    return session.scalar(counted) or 0


def newest(session: Session, viewer: Actor, limit: int) -> list[Dataset]:
    """The listings that came last, whole."""
    wanted = whole().where(Dataset.state.in_(OFFERED), admitted_to(viewer))
    return list(session.scalars(wanted.order_by(Dataset.listed_at.desc(), Dataset.id.desc()).limit(limit)))


def countries_covered(session: Session, viewer: Actor) -> dict[str, int]:
    """How many datasets that the viewer would find cover each country; the whole world is no country."""
    counted = (
        select(DatasetCountry.country, func.count().label("number"))
        .join(Dataset, Dataset.id == DatasetCountry.dataset_id)
        .where(Dataset.state.in_(OFFERED), admitted_to(viewer), DatasetCountry.country != WORLD)
        .group_by(DatasetCountry.country)
        .order_by(func.count().desc(), DatasetCountry.country)
    )
    return {row.country: row.number for row in session.execute(counted)}
