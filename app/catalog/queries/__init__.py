"""Everything that reads the catalog. What a person may not know of is in no row, count or order of these."""

from app.catalog.queries.desk import desk_page, drafts_returned, listings_in_check, listings_of
from app.catalog.queries.listings import (
    countries_covered,
    dataset_by_reference,
    datasets_by_ids,
    datasets_by_references,
    newest,
    offered_count,
)
from app.catalog.queries.published import Listed, changed_lately, public_count, public_part

__all__ = [
    "Listed",
    "changed_lately",
    "countries_covered",
    "dataset_by_reference",
    "datasets_by_ids",
    "datasets_by_references",
    "desk_page",
    "drafts_returned",
    "listings_in_check",
    "listings_of",
    "newest",
    "offered_count",
    "public_count",
    "public_part",
]
