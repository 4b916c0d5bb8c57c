"""Listings in brief, as lists and files show them: the columns of one statement, no entities."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.catalog.models import Dataset, DatasetCountry, DatasetTheme
from app.catalog.standing import admitted_to
from app.organizations.models import Organization
from app.rules.actors import NOBODY, Actor
from app.rules.listings import OFFERED
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity


class Brief(NamedTuple):
    """What a row of a list says of a listing; `partner` is the name of the organization that lists it.

    A tuple, because a page and a file make many of them.
    """

    id: int
    reference: str
    partner: str
    identifier: str | None
    title: str
    summary: str
    publisher: str
    keywords: list[str]
    unit: str
    spatial_resolution: str
    coverage_start: date | None
    coverage_end: date | None
    frequency: Frequency
    collaborative_type: CollaborativeType | None
    access_mode: AccessMode | None
    sensitivity: Sensitivity | None
    license_text: str
    listed_at: datetime | None
    updated_at: datetime
    country_codes: tuple[str, ...]
    theme_codes: tuple[str, ...]


def joined(
    code: ColumnElement[str] | InstrumentedAttribute[str], dataset_id: InstrumentedAttribute[int]
) -> ScalarSelect[str]:
    """The codes that belong to a dataset, as one column; `codes` takes them apart."""
    return select(func.aggregate_strings(code, " ")).where(dataset_id == Dataset.id).scalar_subquery()


# In the order of `Brief`.
_BRIEF = select(
    Dataset.id, Dataset.reference, Organization.name, Dataset.identifier, Dataset.title, Dataset.summary, Dataset.publisher,
    Dataset.keywords, Dataset.unit, Dataset.spatial_resolution, Dataset.coverage_start, Dataset.coverage_end,
    Dataset.frequency, Dataset.collaborative_type, Dataset.access_mode, Dataset.sensitivity, Dataset.license_text,
    Dataset.listed_at, Dataset.updated_at, joined(DatasetCountry.country, DatasetCountry.dataset_id),
    joined(DatasetTheme.theme, DatasetTheme.dataset_id),
).join(Organization, Organization.id == Dataset.organization_id)  # fmt: skip
_BY_KEY = _BRIEF.where(Dataset.id.in_(bindparam("ids", expanding=True)))


def briefs(session: Session, viewer: Actor, ids: Sequence[int]) -> dict[int, Brief]:
    """Those of these listings that the viewer may find at this moment, by key.

    Whether they may is read as a column: as a condition it made SQLite walk through every listing of that state
    instead of looking these up by their keys.
    """
    if not ids:
        return {}
    may_find = and_(Dataset.state.in_(OFFERED), admitted_to(viewer))
    found = session.execute(_BY_KEY.add_columns(may_find), {"ids": list(ids)})
    return {row[0]: _brief(row[:-1]) for row in found if row[-1]}


def changed_lately(session: Session, limit: int) -> list[Brief]:
    """The public listings that came or changed last."""
    wanted = _BRIEF.where(Dataset.state.in_(OFFERED), admitted_to(NOBODY))
    newest = wanted.order_by(Dataset.updated_at.desc(), Dataset.id.desc()).limit(limit)
    return [_brief(row) for row in session.execute(newest)]


def _brief(columns: Sequence[Any]) -> Brief:
    return Brief(*columns[:-2], *map(codes, columns[-2:]))


def codes(text: str | None) -> tuple[str, ...]:
    """The codes of a column that was `joined`, in their order."""
    return tuple(sorted(text.split())) if text else ()
