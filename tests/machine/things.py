"""The things that have a life: where each is stored, what it is called, and how its life begins."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.rules.events import Event as E
from app.rules.workflow import (
    AccessionState,
    CardState,
    ChangeState,
    CoApplicantState,
    ConsentState,
    DeliveryState,
    DutyState,
    GrantState,
    HarvestState,
    IncidentState,
    ItemState,
    ListingState,
    Machine,
    NeedState,
    OutputState,
    ProposalState,
    QuestionState,
    SubGrantState,
    SuggestionState,
)
from tests.machine.rows import AnyRow, Rows


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    `ref` is what a row is called here. `thing` is what the history calls it, and `told` finds the same name in an event (its
    reference, its facts). `begins`: the events that it begins with and the state that they leave it in; `first`: the state
    of what begins with no event of its own. Where one event stands for several acts, the life is not replayed.
    """

    table: str
    ref: Callable[[Rows, AnyRow], str]
    thing: str
    begins: Mapping[E, StrEnum] = field(default_factory=dict)
    told: Callable[[str, Mapping[str, object]], str | None] = lambda ref, _facts: ref
    first: frozenset[StrEnum] = frozenset()
    is_replayed: bool = True


def _column(name: str) -> Callable[[Rows, AnyRow], str]:
    return lambda _rows, row: str(getattr(row, name))


def _fact(name: str) -> Callable[[str, Mapping[str, object]], str | None]:
    return lambda _ref, facts: str(facts[name]) if facts.get(name) is not None else None


def _part(name: str) -> Callable[[str, Mapping[str, object]], str | None]:
    return lambda ref, facts: f"{ref}/{facts[name]}" if facts.get(name) is not None else None


def _item(rows: Rows, row: AnyRow) -> str:
    return f"{rows.one('proposal', row.proposal_id).reference}/{rows.one('dataset', row.dataset_id).reference}"


def _co_applicant(rows: Rows, row: AnyRow) -> str:
    return f"{rows.one('proposal', row.proposal_id).reference}/{rows.one('organization', row.organization_id).slug}"


def _of_grant(rows: Rows, row: AnyRow) -> str:
    return str(rows.one("grant", row.grant_id).number)


# A successor's duties begin as far as those of the grant before it had come; others begin open (`invariants/successors.py`).
_CARRIED_ON = frozenset(DutyState)

KINDS: dict[Machine, Kind] = {
    Machine.PROPOSAL: Kind("proposal", _column("reference"), "proposal", {E.PROPOSAL_STARTED: ProposalState.DRAFT}),
    Machine.ITEM: Kind("proposal_item", _item, "proposal", told=_part("dataset"), first=frozenset({ItemState.PENDING})),
    Machine.SUGGESTION: Kind(
        "suggestion",
        _column("id"),
        "proposal",
        {E.SUGGESTION_MADE: SuggestionState.OPEN},
        _fact("suggestion"),
    ),
    # The event of sending stands for the sender's own acceptance, that of a new lead for theirs.
    Machine.TEAM_MEMBER: Kind("team_member", _column("id"), "proposal", is_replayed=False),
    Machine.HANDOVER: Kind("lead_handover", _column("id"), "proposal", is_replayed=False),
    Machine.CO_APPLICANT: Kind(
        "co_applicant",
        _co_applicant,
        "proposal",
        {E.CO_APPLICANT_NAMED: CoApplicantState.NAMED},
        _part("slug"),
    ),
    Machine.CARD: Kind(
        "card",
        _column("id"),
        "organization",
        {E.CARD_ASKED: CardState.ASKED},
        _fact("card"),
        frozenset({CardState.ASKED}),
    ),
    Machine.GRANT: Kind("grant", _column("number"), "grant", {E.GRANT_ISSUED: GrantState.AWAITING_SIGNATURE}),
    Machine.DUTY: Kind("duty", _column("id"), "grant", told=_fact("duty_id"), first=_CARRIED_ON),
    Machine.DELIVERY: Kind(
        "delivery",
        _of_grant,
        "grant",
        {E.DELIVERY_BEGUN: DeliveryState.PREPARING, E.DELIVERY_CARRIED_ON: DeliveryState.ARRIVED},
    ),
    Machine.OUTPUT: Kind("output", _column("reference"), "output", {E.OUTPUT_SUBMITTED: OutputState.IN_READING}),
    Machine.INCIDENT: Kind("incident", _column("reference"), "incident", {E.INCIDENT_OPENED: IncidentState.OPEN}),
    Machine.SUBGRANT: Kind("subgrant", _column("number"), "subgrant", {E.SUBGRANT_PREPARED: SubGrantState.TO_SIGN}),
    Machine.CHANGE: Kind("grant_change", _column("reference"), "change", {E.CHANGE_ASKED: ChangeState.ASKED}),
    Machine.CONSENT: Kind("standing_consent", _column("reference"), "consent", {E.CONSENT_STARTED: ConsentState.DRAFT}),
    Machine.LISTING: Kind(
        "dataset",
        _column("reference"),
        "listing",
        {E.LISTING_CREATED: ListingState.DRAFT, E.LISTING_IMPORTED: ListingState.DRAFT},
    ),
    Machine.LISTING_QUESTION: Kind(
        "dataset_question", _column("reference"), "listing_question", {E.QUESTION_ASKED: QuestionState.OPEN}
    ),
    Machine.HARVEST: Kind("harvest_source", _column("reference"), "harvest", {E.HARVEST_STARTED: HarvestState.ON}),
    Machine.NEED: Kind("data_need", _column("reference"), "need", {E.NEED_POSTED: NeedState.OPEN}),
    Machine.ACCESSION: Kind("accession", _column("reference"), "accession", {E.ACCESSION_OPENED: AccessionState.OPEN}),
}


def refs(rows: Rows, machine: Machine) -> Iterator[tuple[str, AnyRow]]:
    """Every thing of a kind with what it is called."""
    kind = KINDS[machine]
    for row in rows.all(kind.table):
        yield kind.ref(rows, row), row
