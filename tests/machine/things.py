"""The things that have a life: where each is stored, what it is called, and how its life begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.rules.events import Event as E
from app.rules.workflow import (
    AccessionState,
    GrantState,
    ItemState,
    ListingState,
    Machine,
    ProposalState,
)
from tests.machine.rows import AnyRow, Rows


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    `thing` is what the history calls it, `begins` the events that it begins with and the state that they leave it in.
    `part` names the fact of an event that tells which part of the thing it is about (a dataset of a proposal).
    """

    table: str
    column: str
    thing: str
    begins: Mapping[E, StrEnum]
    part: str = ""


KINDS: dict[Machine, Kind] = {
    Machine.PROPOSAL: Kind("proposal", "reference", "proposal", {E.PROPOSAL_STARTED: ProposalState.DRAFT}),
    Machine.ITEM: Kind("proposal_item", "", "proposal", {}, part="dataset"),
    Machine.GRANT: Kind("grant", "number", "grant", {E.GRANT_ISSUED: GrantState.AWAITING_SIGNATURE}),
    Machine.LISTING: Kind(
        "dataset",
        "reference",
        "listing",
        {E.LISTING_CREATED: ListingState.DRAFT, E.LISTING_IMPORTED: ListingState.DRAFT},
    ),
    Machine.ACCESSION: Kind("accession", "reference", "accession", {E.ACCESSION_OPENED: AccessionState.OPEN}),
}

# An item begins with being named in a proposal, which is no event of its own.
FIRST_STATE: dict[Machine, StrEnum] = {Machine.ITEM: ItemState.PENDING}


def refs(rows: Rows, machine: Machine) -> Iterator[tuple[str, AnyRow]]:
    """Every thing of a kind with its public reference; an item's is its proposal's and its dataset's."""
    kind = KINDS[machine]
    for row in rows.all(kind.table):
        if machine is Machine.ITEM:
            yield (
                f"{rows.one('proposal', row.proposal_id).reference}/{rows.one('dataset', row.dataset_id).reference}",
                row,
            )
        else:
            yield str(getattr(row, kind.column)), row
