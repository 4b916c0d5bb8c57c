"""Everything that reads the catalog. What a person may not know of is in no row, count or order of these."""

from app.catalog.queries.briefs import Brief, briefs, changed_lately
from app.catalog.queries.changes import change_log, releases_of
from app.catalog.queries.desk import checking, desk_page, drafts_returned, listings_in_check, listings_of
from app.catalog.queries.editions import Edition, edition
from app.catalog.queries.listings import (
    countries_covered,
    dataset_by_reference,
    datasets_by_ids,
    datasets_by_references,
    newest,
    offered_count,
)
from app.catalog.queries.persons import suspected, why_no_persons
from app.catalog.queries.published import (
    Listed,
    PublicPartner,
    lists_for,
    public_part,
    public_partners,
    public_parts,
)
from app.catalog.queries.questions import (
    SeenQuestion,
    own_unanswered,
    question_by_reference,
    questions_on,
    unanswered,
)
from app.catalog.queries.together import MOST_TOGETHER, in_groups, is_ready, sample_of, sent_together

__all__ = [
    "MOST_TOGETHER",
    "Brief",
    "Edition",
    "Listed",
    "PublicPartner",
    "SeenQuestion",
    "briefs",
    "change_log",
    "changed_lately",
    "checking",
    "countries_covered",
    "dataset_by_reference",
    "datasets_by_ids",
    "datasets_by_references",
    "desk_page",
    "drafts_returned",
    "edition",
    "in_groups",
    "is_ready",
    "listings_in_check",
    "listings_of",
    "lists_for",
    "newest",
    "offered_count",
    "own_unanswered",
    "public_part",
    "public_partners",
    "public_parts",
    "question_by_reference",
    "questions_on",
    "releases_of",
    "sample_of",
    "sent_together",
    "suspected",
    "unanswered",
    "why_no_persons",
]
