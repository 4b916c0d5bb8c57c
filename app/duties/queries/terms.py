"""What the frozen terms of a grant say of its duties: the strictest over its datasets."""

from datetime import UTC, date, timedelta

from app.grants.models import Grant
from app.grants.record import GrantedDataset, Record, from_json
from app.rules.terms import Unit
from app.rules.terms.values import as_duties, as_number, as_text

DELETION_DAYS = 30  # clause 20.1, where the terms have no opinion
_COPIES = ("none", "legal", "integrity")
_DAYS = {Unit.CALENDAR_DAY: 1, Unit.MONTH: 30, Unit.YEAR: 365}


def interval_days(grant: Grant, kind: str) -> int:
    """After how many days a duty of this kind comes again; 0 where it does not."""
    found = []
    for dataset in from_json(grant.record).datasets:
        rule = dataset.terms.get("duties")
        scheduled = as_duties(rule.value) if rule else ()
        found += [duty.every * _DAYS.get(duty.unit, 1) for duty in scheduled if duty.kind == kind and duty.every]
    return min(found, default=0)


def deletion_days(grant: Grant) -> int:
    """Within how many days after the end the data is deleted."""
    return days_to_delete(from_json(grant.record))


def days_to_delete(record: Record) -> int:
    """The same for what a record says, also that of a hand-over: the strictest of its datasets."""
    values = [dataset.terms.value("deletion_days") for dataset in record.datasets]
    return min((as_number(value) for value in values if value is not None), default=DELETION_DAYS)


def delete_by(grant: Grant, ended_on: date) -> date:
    """The last day for deleting the data of a grant that ends, or has ended, on this day (clause 20.1)."""
    return ended_on + timedelta(days=deletion_days(grant))


def day_of_end(grant: Grant) -> date:
    """The day in UTC on which a grant that has ended did: by itself on its last day, or earlier where somebody ended it."""
    return min(grant.state_since.astimezone(UTC).date(), grant.ends_on)


def allowed_copies(grant: Grant) -> tuple[str, ...]:
    """Which copies may be kept (clause 20.3): none always, and up to what every dataset allows."""
    values = [dataset.terms.value("retained_copy") for dataset in from_json(grant.record).datasets]
    levels = [_COPIES.index(as_text(value)) for value in values if value is not None and value in _COPIES]
    return _COPIES[: min(levels, default=len(_COPIES) - 1) + 1]


def granted_datasets(grant: Grant) -> tuple[GrantedDataset, ...]:
    """The datasets of a grant as they were listed at issue."""
    return from_json(grant.record).datasets
