"""Listings as the index needs them: the columns of one statement for each part of the catalog, no entities.

They are asked for by their key alone, and whether they are offered is read as a column: as a condition it makes SQLite sort
every listing of that state for each part, so that a catalog ten times as large took a hundred times as long (decision 0047).
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, String, bindparam, cast, select
from sqlalchemy.orm import Session

from app.catalog.models import AdmittedOrganization, Dataset, DatasetCountry, DatasetTheme
from app.catalog.queries.briefs import codes, joined
from app.foundation.base import JSONObject
from app.organizations.models import Organization
from app.rules.listings import OFFERED
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity, Visibility

AT_A_TIME = 500


class Listing(NamedTuple):
    """What the index takes of a listing. A tuple, because building an index makes one of every listing."""

    id: int
    organization_id: int
    reference: str
    visibility: Visibility
    title: str
    summary: str
    description: str
    publisher: str
    keywords: list[str]
    unit: str
    dictionary: list[JSONObject]
    coverage_start: date | None
    coverage_end: date | None
    spatial_resolution: str
    frequency: Frequency
    languages: list[str]
    collaborative_type: CollaborativeType | None
    access_mode: AccessMode | None
    sensitivity: Sensitivity | None
    listed_at: datetime | None
    updated_at: datetime
    identifier: str | None
    foreign_title: object
    foreign_themes: object
    countries: tuple[str, ...]
    themes: tuple[str, ...]
    admitted: tuple[int, ...]
    partner_slug: str
    partner_name: str


# In the order of `Listing`, without its last two.
_COLUMNS = select(
    Dataset.id, Dataset.organization_id, Dataset.reference, Dataset.visibility, Dataset.title, Dataset.summary,
    Dataset.description, Dataset.publisher, Dataset.keywords, Dataset.unit, Dataset.dictionary, Dataset.coverage_start,
    Dataset.coverage_end, Dataset.spatial_resolution, Dataset.frequency, Dataset.languages, Dataset.collaborative_type,
    Dataset.access_mode, Dataset.sensitivity, Dataset.listed_at, Dataset.updated_at, Dataset.identifier,
    Dataset.foreign[("fuller", "title", "value")], Dataset.foreign[("fuller", "themes")],
    joined(DatasetCountry.country, DatasetCountry.dataset_id), joined(DatasetTheme.theme, DatasetTheme.dataset_id),
    joined(cast(AdmittedOrganization.organization_id, String), AdmittedOrganization.dataset_id), Dataset.state,
)  # fmt: skip
_BY_KEY = _COLUMNS.where(Dataset.id.in_(bindparam("ids", expanding=True)))
_AFTER = _COLUMNS.where(Dataset.id > bindparam("last")).order_by(Dataset.id)
_PARTNERS = select(Organization.id, Organization.slug, Organization.name).where(
    Organization.id.in_(bindparam("ids", expanding=True))
)


def offered(session: Session, only: Sequence[int] | None = None) -> Iterator[list[Listing]]:
    """Every listing that can be found, or those of some; in parts, so that no catalog is held whole."""
    for rows in _some(session, only) if only is not None else _all(session):
        partners = _partners(session, {row.organization_id for row in rows})
        yield [_listing(row, partners[row.organization_id]) for row in rows if row.state in OFFERED]


def _all(session: Session) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    last = 0
    while rows := session.execute(_AFTER.limit(AT_A_TIME), {"last": last}).all():
        yield rows
        last = rows[-1].id


def _some(session: Session, only: Sequence[int]) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    for start in range(0, len(only), AT_A_TIME):
        yield session.execute(_BY_KEY, {"ids": only[start : start + AT_A_TIME]}).all()


def _partners(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    return {key: (slug, name) for key, slug, name in session.execute(_PARTNERS, {"ids": list(ids)})}


def _listing(row: Row[*tuple[Any, ...]], partner: tuple[str, str]) -> Listing:
    *columns, countries, themes, admitted, _state = row
    return Listing._make((*columns, codes(countries), codes(themes), tuple(map(int, codes(admitted))), *partner))
