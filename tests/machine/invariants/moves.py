"""W1, W12, A7: a thing moves along its table, as the history says, and nowhere else."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from app.rules.events import Event
from app.rules.workflow import TABLES, Machine, ProposalState
from tests.machine.rows import AnyRow, Rows, rows_of
from tests.machine.things import KINDS, refs

# Read once, before any fault is planted: event, then (states before, state after or None for the same).
_Moves = dict[str, list[tuple[frozenset[StrEnum], StrEnum | None]]]
DECLARED: dict[Machine, _Moves] = {}
for _machine, _table in TABLES.items():
    for _row in _table:
        if _row.event is not None:
            DECLARED.setdefault(_machine, {}).setdefault(_row.event.value, []).append((_row.sources, _row.target))
_BEGINS = {machine: {event.value: state for event, state in kind.begins.items()} for machine, kind in KINDS.items()}
_OF_THING: dict[str, list[Machine]] = {}
for _machine, _kind in KINDS.items():
    if _kind.is_replayed:
        _OF_THING.setdefault(_kind.thing, []).append(_machine)

_DECIDES = {Event.ITEM_APPROVED.value, Event.ITEM_APPROVED_WITH_CONDITIONS.value, Event.ITEM_NOT_APPROVED.value}
_UNDOES = {Event.DECISION_UNDONE.value}
_DECIDED_IN: dict[str, frozenset[StrEnum]] = {
    **dict.fromkeys(_DECIDES, frozenset({ProposalState.IN_REVIEW})),
    **dict.fromkeys(_UNDOES, frozenset({ProposalState.IN_REVIEW, ProposalState.DECIDED})),
}

States = dict[tuple[Machine, str], frozenset[StrEnum]]


def replayed(session: Session) -> list[str]:
    """W1, W12, A7: the history, replayed along the declared tables, ends in the states that the rows have."""
    rows = rows_of(session)
    found: list[str] = []
    payloads = {row.seq: row.payload for row in rows.all("history_detail")}
    states: States = {}
    for event in rows.all("history_event"):
        for machine in _OF_THING.get(event.thing, ()):
            ref = _ref(machine, event, payloads.get(event.seq, {}))
            if ref is not None:
                found += _step(states, machine, ref, event)
    return [*found, *_differences(rows, states)]


def _ref(machine: Machine, event: AnyRow, payload: Mapping[str, object]) -> str | None:
    if event.type not in DECLARED.get(machine, {}) and event.type not in _BEGINS[machine]:
        return None
    return KINDS[machine].told(event.thing_ref, payload)


def _step(states: States, machine: Machine, ref: str, event: AnyRow) -> Iterator[str]:
    begun = _BEGINS[machine].get(event.type)
    if begun is not None:
        states[machine, ref] = frozenset({begun})
        return
    moves = DECLARED.get(machine, {}).get(event.type)
    if moves is None or (event.actor_pid is None and all(target is None for _, target in moves)):
        return  # what happens by date and moves nothing, such as a reminder, needs no row
    first = KINDS[machine].first
    before = states.get((machine, ref), first)
    after = frozenset(target or state for state in before for sources, target in moves if state in sources)
    if not after:
        yield f"W1: {event.type} happened to {ref} in {_names(before)}"
    if event.type in _DECIDED_IN:
        proposal = states.get((Machine.PROPOSAL, event.thing_ref), frozenset())
        if not proposal & _DECIDED_IN[event.type]:
            yield f"W12: {event.type} on {ref} while the proposal was {_names(proposal)}"
    states[machine, ref] = after or before


def _differences(rows: Rows, states: States) -> Iterator[str]:
    for machine in (each for each, kind in KINDS.items() if kind.is_replayed):
        first = KINDS[machine].first
        for ref, row in refs(rows, machine):
            told = states.get((machine, ref), first)
            if row.state not in told:
                yield f"W1: {machine} {ref} is {row.state.value}, and the history says {_names(told)}"


def _names(states: frozenset[StrEnum]) -> str:
    return " or ".join(sorted(state.value for state in states)) or "no state"


INVARIANTS = (replayed,)
