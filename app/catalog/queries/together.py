"""Listings that were sent to the check in one act: they wait since the same moment, and are checked together."""

from collections.abc import Collection, Iterable
from math import isqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.completeness import missing
from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.foundation.hashing import sha256_hex
from app.rules.workflow import ListingState

# So many are sent in one act, and so many of a few are read at least.
MOST_TOGETHER = 200
_FEWEST_READ = 5


def is_ready(dataset: Dataset) -> bool:
    """Whether a draft can be sent as it is: it lacks nothing, and whoever sends it has looked at what was filled in for them."""
    return dataset.state is ListingState.DRAFT and not missing(dataset) and not dataset.prefilled


def sent_together(session: Session, dataset: Dataset) -> list[Dataset]:
    """All that still wait of those that were sent with this listing, itself among them; none once it waits no more."""
    if dataset.state is not ListingState.IN_CHECK:
        return []
    same = (Dataset.organization_id == dataset.organization_id, Dataset.state_since == dataset.state_since)
    wanted = whole().where(Dataset.state == ListingState.IN_CHECK, *same)
    return list(session.scalars(wanted.order_by(Dataset.id)))


def in_groups(rows: Iterable[Dataset]) -> list[list[Dataset]]:
    """Listings in the check, those that were sent together as one; in the order in which the first of each came."""
    groups: dict[object, list[Dataset]] = {}
    for row in rows:
        groups.setdefault((row.organization_id, row.state_since), []).append(row)
    return list(groups.values())


def sample_of(rows: list[Dataset], always: Collection[str] = ()) -> frozenset[str]:
    """The references of those that are read before all are listed: the more there are, the smaller the share.

    Which ones is the same for everybody who looks, and nobody who sends them can tell it from their titles. `always` are read
    beside those that are drawn.
    """
    count = min(len(rows), max(_FEWEST_READ, isqrt(len(rows) - 1) + 1)) if rows else 0
    drawn = sorted(rows, key=lambda row: sha256_hex(f"{row.reference} {row.state_since.isoformat()}".encode()))
    return frozenset(row.reference for row in drawn[:count]).union(always)


def waiting_alone_or_first(session: Session) -> list[Dataset]:
    """Of the listings in the check, one for each act of sending."""
    wanted = select(Dataset).where(Dataset.state == ListingState.IN_CHECK).order_by(Dataset.id)
    return [group[0] for group in in_groups(session.scalars(wanted))]
