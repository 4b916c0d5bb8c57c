"""Makes listings for tests."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from app.catalog.commands.writing import unwritten
from app.catalog.models import (
    AdmittedOrganization,
    Dataset,
    DatasetCondition,
    DatasetCountry,
    DatasetTheme,
    ListingChange,
)
from app.organizations.models import Organization
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity
from app.rules.workflow import ListingState

_serial = count(1)
LISTED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def make_dataset(
    session: Session,
    organization: Organization,
    *,
    countries: Iterable[str] = ("CO",),
    themes: Iterable[str] = ("mobility",),
    conditions: Mapping[str, object] | None = None,
    admitted: Iterable[Organization] = (),
    **fields: object,
) -> Dataset:
    """A complete, public listing; name what the test is about, such as `state=ListingState.DRAFT` or `title="…"`."""
    serial = next(_serial)
    values: dict[str, object] = {
        **unwritten(),
        "reference": f"DS-T{serial:04d}",
        "state": ListingState.LISTED,
        "state_since": LISTED_AT,
        "title": f"Bus boardings {serial}",
        "summary": "Boardings by stop and hour in three metro areas since 2022.",
        "description": "Every paid boarding by stop and line, counted by the hour.",
        "publisher": organization.name,
        "keywords": ["buses", "public transport"],
        "unit": "stop and hour",
        "not_good_for": ["Rural areas: no validators there"],
        "coverage_start": date(2022, 1, 1),
        "frequency": Frequency.MONTHLY,
        "contact": "data@example.org",
        "collaborative_type": CollaborativeType.RESEARCH_PARTNERSHIP,
        "access_mode": AccessMode.SECURE_TRANSFER,
        "sensitivity": Sensitivity.CLASS_2,
        "created_at": LISTED_AT,
        "updated_at": LISTED_AT,
        "listed_at": LISTED_AT,
        **fields,
    }
    dataset = Dataset(organization_id=organization.id, organization=organization, **values)
    dataset.countries = [DatasetCountry(country=code) for code in countries]
    dataset.themes = [DatasetTheme(theme=theme) for theme in themes]
    given = {"permitted_purposes": ["dev.mobility"]} if conditions is None else conditions
    dataset.conditions = [DatasetCondition(parameter=name, value={"value": value}) for name, value in given.items()]
    dataset.admitted = [AdmittedOrganization(organization_id=one.id) for one in admitted]
    session.add(dataset)
    session.flush()
    session.add(ListingChange(dataset_id=dataset.id))
    session.flush()
    return dataset


def make_many(session: Session, like: Dataset, number: int, **fields: object) -> None:
    """So many copies of a listing that differ in reference, title and key, written at once; name what else they have."""
    own = {"id", "reference", "title", "version", *fields}
    values = {attribute.key: getattr(like, attribute.key) for attribute in inspect(Dataset).column_attrs}
    shared = {name: value for name, value in values.items() if name not in own}
    rows = [
        {**shared, "reference": f"DS-M{next(_serial):06d}", "title": f"Bus boardings {n % 7}", "version": 1, **fields}
        for n in range(number)
    ]
    session.execute(insert(Dataset), rows)
    session.execute(insert(ListingChange).from_select(["dataset_id"], select(Dataset.id)))
