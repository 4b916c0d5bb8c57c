"""The first rows of a catalog as they would be listed, for those who look before anything is taken."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.commands.writing import blank_values
from app.catalog.completeness import missing
from app.catalog.models import Dataset
from app.exchange.commands.results import Preview
from app.exchange.commands.rows import Plan, as_filled, fill
from app.foundation.errors import DomainError
from app.organizations.models import Organization

_SHORTENED = 200


def previews(
    session: Session, organization: Organization, plans: Iterable[Plan], there: Mapping[str, Dataset], now: datetime
) -> tuple[Preview, ...]:
    """What would be listed of some plans. `there` has, whole, the listings that they are about."""
    shown = list[Preview]()
    for plan in plans:
        listing = there.get(plan.reference)
        with session.no_autoflush:
            try:
                filled = _new(organization, plan, now) if listing is None else as_filled(listing, plan.row, now)
            except DomainError:
                continue  # refused when it comes in, with its reason
        shown.append(_preview(plan.row.row, filled))
    return tuple(shown)


def _new(organization: Organization, plan: Plan, now: datetime) -> Dataset:
    dataset = Dataset(**blank_values(organization, now))
    fill(dataset, plan.row, now)
    return dataset


def _preview(row: int, dataset: Dataset) -> Preview:
    start, end = dataset.coverage_start, dataset.coverage_end
    return Preview(
        row,
        dataset.title,
        dataset.publisher[:_SHORTENED],
        tuple(dataset.country_codes),
        (start.isoformat() if start else "", end.isoformat() if end else ""),
        dataset.license_text[:_SHORTENED],
        dataset.access_mode.value if dataset.access_mode else "",
        tuple(one.name for one in missing(dataset)),
    )
