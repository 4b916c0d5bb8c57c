"""Everything that reads duties."""

from app.duties.queries.duties import (
    SeenDuty,
    certificate_by_hash,
    certificate_of_document,
    document_of,
    duties_of,
    duty_seen_by,
    fell_away,
    first_overdue,
    report_start,
)
from app.duties.queries.terms import (
    allowed_copies,
    day_of_end,
    days_to_delete,
    delete_by,
    deletion_days,
    granted_datasets,
    interval_days,
)
from app.duties.queries.waits import is_overdue, reading_clock, ref_of, wait_of

__all__ = [
    "SeenDuty",
    "allowed_copies",
    "certificate_by_hash",
    "certificate_of_document",
    "day_of_end",
    "days_to_delete",
    "delete_by",
    "deletion_days",
    "document_of",
    "duties_of",
    "duty_seen_by",
    "fell_away",
    "first_overdue",
    "granted_datasets",
    "interval_days",
    "is_overdue",
    "reading_clock",
    "ref_of",
    "report_start",
    "wait_of",
]
