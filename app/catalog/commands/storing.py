"""Many new listings at once, as an import brings them: plain values, written with one statement per table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import JSON, Table, insert, select
from sqlalchemy.orm import Session

from app.catalog.commands.writing import blank_values
from app.catalog.models import Dataset, DatasetCountry, DatasetTheme
from app.organizations.models import Organization

# The database fills the key; JSON that is not there is no JSON null.
_COLUMNS = tuple(
    column.key
    for column in Dataset.__table__.columns
    if column.key != "id" and not (isinstance(column.type, JSON) and column.nullable)
)


@dataclass(frozen=True)
class Draft:
    """A new listing before it is stored: its columns by name, its countries and its themes."""

    reference: str
    values: Mapping[str, object]
    countries: Sequence[str] = ()
    themes: Sequence[str] = ()


def store_drafts(session: Session, organization: Organization, drafts: Sequence[Draft], now: datetime) -> None:
    """Store new listings of one data partner with its defaults.

    What a draft leaves empty of its publisher and contact is the partner's own.
    """
    base = {**blank_values(organization, now), "version": 1}
    rows = [_row(base, draft) for draft in drafts]
    _insert(session, Dataset, rows)
    ids = _ids(session, [draft.reference for draft in drafts])
    countries = [{"dataset_id": ids[draft.reference], "country": one} for draft in drafts for one in draft.countries]
    themes = [{"dataset_id": ids[draft.reference], "theme": one} for draft in drafts for one in draft.themes]
    _insert(session, DatasetCountry, countries)
    _insert(session, DatasetTheme, themes)


def _row(base: Mapping[str, object], draft: Draft) -> dict[str, object]:
    own = {name: value for name, value in draft.values.items() if value or name not in ("publisher", "contact")}
    values = {**base, **own, "reference": draft.reference}
    return {name: values.get(name) for name in _COLUMNS}


def _insert(session: Session, kind: type[object], rows: Sequence[dict[str, object]]) -> None:
    """By table and not by entity, of which one would be made for each row."""
    if rows:
        session.execute(insert(cast(Table, kind.__table__)), rows)  # type: ignore[attr-defined]


def _ids(session: Session, references: Sequence[str]) -> dict[str, int]:
    found = session.execute(select(Dataset.reference, Dataset.id).where(Dataset.reference.in_(references)))
    return {row[0]: row[1] for row in found}
