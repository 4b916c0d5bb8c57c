"""Many new listings at once, as an import brings them: plain values, written with one statement per table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from app.catalog.commands.writing import blank_values
from app.catalog.models import Dataset, DatasetCountry, DatasetTheme
from app.organizations.models import Organization

# Where a draft says nothing of these, they are the data partner's.
_PARTNERS_OWN = frozenset({"publisher", "contact"})
_COLUMNS = frozenset(column.key for column in Dataset.__table__.columns)


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
    _insert(session, Dataset, _rows({**blank_values(organization, now), "version": 1}, drafts))
    ids = _ids(session, [draft.reference for draft in drafts])
    countries = [{"dataset_id": ids[draft.reference], "country": one} for draft in drafts for one in draft.countries]
    themes = [{"dataset_id": ids[draft.reference], "theme": one} for draft in drafts for one in draft.themes]
    _insert(session, DatasetCountry, countries)
    _insert(session, DatasetTheme, themes)


def _rows(blank: Mapping[str, object], drafts: Sequence[Draft]) -> list[dict[str, object]]:
    """The drafts as rows with the same columns: those that a draft says or that begin with something; the others stay empty."""
    said = {name for draft in drafts for name in draft.values}
    begun = {
        **dict.fromkeys(said),
        **{name: value for name, value in blank.items() if name in _COLUMNS and value is not None},
    }
    return [{**begun, **_own(draft), "reference": draft.reference} for draft in drafts]


def _own(draft: Draft) -> dict[str, object]:
    return {name: value for name, value in draft.values.items() if value or name not in _PARTNERS_OWN}


def _insert(session: Session, kind: type[object], rows: Sequence[dict[str, object]]) -> None:
    """By table and not by entity, of which one would be made for each row."""
    if rows:
        session.execute(insert(cast(Table, kind.__table__)), rows)  # type: ignore[attr-defined]


def _ids(session: Session, references: Sequence[str]) -> dict[str, int]:
    found = session.execute(select(Dataset.reference, Dataset.id).where(Dataset.reference.in_(references)))
    return {row[0]: row[1] for row in found}
