"""When: every action has its row, every state can be left or is an end, and nothing moves outside the table."""

from enum import StrEnum

import pytest

from app.foundation.errors import WrongState
from app.rules.actions import Action
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.undoing import UNDO_ACTS
from app.rules.workflow import (
    APPROVALS,
    OPEN_FOR_DECISION,
    OPEN_FOR_REVISION,
    OPEN_FOR_UNDO,
    STATES,
    TABLES,
    ItemState,
    Machine,
    ProposalState,
    is_possible,
    next_state,
    transition,
)

# Acts that belong to a thing without states of its own: possible at any time, for those who may.
WITHOUT_A_LIFE = {Machine.ORGANIZATION, Machine.CONSORTIUM}
# Acts that begin the life of a thing, which has no state before.
BEGINNINGS = {
    Action.OPEN_ACCESSION,
    Action.BEGIN_DUTY,
    Action.BEGIN_DELIVERY,
    Action.SUBMIT_OUTPUT,
    Action.REPORT_INCIDENT,
    Action.POST_NEED,
}
ROWS = [(machine, row) for machine, table in TABLES.items() for row in table]
# Nothing happens to a thing in these states any more, once it is too late to take back what led there.
ENDS: dict[Machine, set[StrEnum]] = {
    Machine.PROPOSAL: {ProposalState.NOT_TAKEN_UP, ProposalState.WITHDRAWN, ProposalState.ENDED}
}


def _machine_of(action: Action) -> Machine:
    prefix = action.value.partition(".")[0]
    return next((machine for machine in Machine if machine == prefix), Machine.CONSORTIUM)


@pytest.mark.parametrize("action", Action)
def test_every_action_on_a_thing_with_a_life_has_one_row(action: Action) -> None:
    machine = _machine_of(action)
    rows = [row for _machine, row in ROWS if row.action is action]
    assert len(rows) == (0 if machine in WITHOUT_A_LIFE or action in BEGINNINGS else 1)
    if rows:
        assert rows[0] in TABLES[machine]


@pytest.mark.parametrize(("machine", "action"), [(machine, row.action) for machine, row in ROWS])
def test_a_row_names_states_of_its_own_thing(machine: Machine, action: Action) -> None:
    known = set(STATES[machine])
    found = transition(action)
    assert found.sources
    assert found.sources <= known
    assert found.target is None or found.target in known


@pytest.mark.parametrize("action", [row.action for _machine, row in ROWS])
def test_what_changes_something_records_an_event_that_has_a_name(action: Action) -> None:
    found = transition(action)
    if found.event is None:
        assert found.target is None, "a move that nobody records"
    else:
        assert EVENT_NAMES[found.event]


@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_name(event: Event) -> None:
    assert EVENT_NAMES[event]


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, row.action) for machine, table in TABLES.items() for state in STATES[machine] for row in table],
)
def test_a_thing_moves_along_the_table_and_nowhere_else(state: StrEnum, action: Action) -> None:
    row = transition(action)
    if state in row.sources:
        assert is_possible(action, state)
        assert next_state(action, state) == (row.target or state)
    else:
        assert not is_possible(action, state)
        with pytest.raises(WrongState):
            next_state(action, state)


@pytest.mark.parametrize("machine", TABLES)
def test_every_state_can_be_reached_from_the_first(machine: Machine) -> None:
    states = list(STATES[machine])
    reached = {states[0]}
    for _round in states:
        reached |= {row.target for row in TABLES[machine] if row.target and row.sources & reached}
    assert reached == set(states)


@pytest.mark.parametrize("state", ProposalState)
def test_every_state_of_a_proposal_has_a_way_on_or_is_an_end(state: ProposalState) -> None:
    moves = [row for row in TABLES[Machine.PROPOSAL] if row.action not in UNDO_ACTS]
    ways = [row for row in moves if state in row.sources and row.target]
    assert bool(ways) != (state in ENDS[Machine.PROPOSAL] | {ProposalState.ISSUED})


def test_an_item_is_decided_while_its_proposal_is_in_review_and_taken_back_until_grants_are_issued() -> None:
    assert frozenset({ProposalState.IN_REVIEW}) == OPEN_FOR_DECISION
    assert frozenset({ProposalState.IN_REVIEW, ProposalState.DECIDED}) == OPEN_FOR_REVISION
    assert OPEN_FOR_REVISION | {ProposalState.CHANGES_REQUESTED, ProposalState.IN_INTAKE} == OPEN_FOR_UNDO
    assert transition(Action.COMPLETE_DECISIONS).sources == OPEN_FOR_DECISION
    assert transition(Action.REOPEN_DECISIONS).sources <= OPEN_FOR_UNDO


def test_approvals_are_the_outcomes_that_a_grant_can_rest_on() -> None:
    assert set(ItemState) - {ItemState.PENDING, ItemState.NOT_APPROVED, ItemState.NOT_OFFERED} == APPROVALS
