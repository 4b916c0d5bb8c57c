"""Whose turn it is: for every state and review step who must act, under which clock, and what comes of it.

Nothing is left without an answer: either a role must act, or the case has ended. Names and dates are the queries' part.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.foundation.words import N_
from app.rules.calendar import Progress, Wait, progress
from app.rules.pipelines import ReviewStep, Step, pipeline_of
from app.rules.roles import Role
from app.rules.turn_rows import CLOSING, NEXT, TURNS, Expected, Turn
from app.rules.workflow import OPEN_FOR_DECISION, ProposalState

__all__ = [
    "CLOSING",
    "KEEPS_ITS_CLOCK",
    "NEXT",
    "OPEN_STATES",
    "OPEN_TURNS",
    "TURNS",
    "Expected",
    "Place",
    "Turn",
    "acting_role",
    "clock_of",
    "current_step",
    "expected",
    "is_open_for_decision",
    "places_of",
    "readers_reached",
    "step_at",
    "step_of",
    "steps_of",
    "what_follows",
]

_OF_STATE: dict[ProposalState, Turn] = {
    ProposalState.DRAFT: Turn.DRAFTING,
    ProposalState.CHANGES_REQUESTED: Turn.CHANGING,
    ProposalState.PARKED: Turn.PARKED,
    ProposalState.ISSUED: Turn.ISSUED,
    ProposalState.NOT_TAKEN_UP: Turn.NOT_TAKEN_UP,
    ProposalState.WITHDRAWN: Turn.WITHDRAWN,
    ProposalState.ENDED: Turn.ENDED,
}
# The state says which part of the pipeline it is in; within a review the stored step says which one exactly.
_STEP_OF_STATE: dict[ProposalState, Step] = {
    ProposalState.IN_INTAKE: Step.INTAKE,
    ProposalState.IN_REVIEW: Step.DATA_PARTNERS,
    ProposalState.DECIDED: Step.ISSUE,
}
_OF_STEP: dict[Step, Turn] = {
    Step.INTAKE: Turn.CHECKING,
    Step.COMMITTEE: Turn.VOTING,
    Step.ETHICS: Turn.ETHICS_READING,
    Step.LEGAL: Turn.LEGAL_READING,
    Step.DATA_PARTNERS: Turn.DECIDING,
    Step.ISSUE: Turn.ISSUING,
    Step.AFTERWARDS: Turn.LOOKING_AGAIN,
}
# What passing a step brings: whom it goes to next, in how many of their working days.
_PASSED: dict[Step, tuple[str, str]] = {
    Step.COMMITTEE: (N_("Passed on:"), N_("the data access committee votes; %(days)s.")),
    Step.ETHICS: (N_("Passed on:"), N_("the ethics review reads it; %(days)s.")),
    Step.LEGAL: (N_("Passed on:"), N_("the legal review reads it; %(days)s.")),
    Step.DATA_PARTNERS: (N_("Passed on:"), N_("the data partners decide; %(days)s.")),
    Step.ISSUE: (N_("Approved:"), N_("the director issues the grants; %(days)s.")),
    Step.AFTERWARDS: (N_("Then:"), N_("the committee's chair looks at it again; %(days)s.")),
}
# A clock that stops while the team answers, and goes on where it stopped.
KEEPS_ITS_CLOCK = frozenset({Step.COMMITTEE, Step.ETHICS, Step.LEGAL, Step.DATA_PARTNERS})

OPEN_TURNS = frozenset(turn for turn, row in TURNS.items() if row.role is not None)

# The states in which a proposal is still on its way. One that was decided without any approval has ended, and says when.
OPEN_STATES = frozenset({state for state, turn in _OF_STATE.items() if turn in OPEN_TURNS} | set(_STEP_OF_STATE))


def expected(state: ProposalState, step: str | None, has_ended: bool = False, pipeline: str | None = None) -> Expected:
    """What a proposal in this state and step waits for, under the clock of its pipeline.

    Args:
        has_ended: the proposal was decided and nothing is left to issue, because no dataset was approved.
        pipeline: the one that it was sent under; without it the usual clocks hold.
    """
    at = current_step(state, step)
    turn = _OF_STEP[at] if at else _OF_STATE[state]
    if turn is Turn.ISSUING and has_ended:
        turn = Turn.NOT_APPROVED
    row = TURNS[turn]
    own = pipeline_of(pipeline).at(at) if at and row.role is not None else None
    return row if own is None or own.wait is row.wait else replace(row, wait=own.wait)


def current_step(state: ProposalState, step: str | None) -> Step | None:
    """The review step that a proposal is in; None before, between and after them."""
    if state is ProposalState.ISSUED and step == Step.AFTERWARDS:
        return Step.AFTERWARDS
    known = _STEP_OF_STATE.get(state)
    return Step(step) if known is Step.DATA_PARTNERS and step else known


def step_at(state: ProposalState, step: str | None, returns_to: str | None) -> Step | None:
    """The review step that a proposal is in, or the one that it goes back to when the team has answered."""
    if state in (ProposalState.CHANGES_REQUESTED, ProposalState.PARKED) and returns_to:
        return Step(returns_to)
    return current_step(state, step)


def readers_reached(
    state: ProposalState, step: str | None, returns_to: str | None, pipeline: str | None
) -> frozenset[Role]:
    """The roles that read it for a step which it is in, or has been through; none once it ended without a grant.

    Args:
        returns_to: the step that asked for changes, where the team is answering them.
    """
    way = pipeline_of(pipeline)
    at = way.names[-1] if state is ProposalState.ISSUED else step_at(state, step, returns_to)
    return way.readers_until(at) if at in way.names else frozenset()


def acting_role(state: ProposalState, step: str | None, returns_to: str | None, pipeline: str | None) -> Role | None:
    """The role that ends the step which a proposal is in, or goes back to: of a vote the one that closes it; None outside
    the steps.
    """
    at = step_at(state, step, returns_to)
    own = pipeline_of(pipeline).at(at) if at else None
    if own is None:
        return None
    return own.vote.casting if own.vote else own.actor


def is_open_for_decision(state: ProposalState, step: str | None) -> bool:
    """Whether the data partners decide now: in review, and in no other step of it."""
    return state in OPEN_FOR_DECISION and current_step(state, step) is Step.DATA_PARTNERS


def steps_of(pipeline: str | None) -> tuple[ReviewStep, ...]:
    """The review steps that a proposal goes through; those of the usual way for one that was not sent yet."""
    return pipeline_of(pipeline).steps


def what_follows(turn: Turn, pipeline: str | None) -> tuple[tuple[str, str, Wait | None], ...]:
    """What can come next, each with a head, a sentence, and the wait whose working days fill the gap `days` of the sentence."""
    at = step_of(turn)
    following = pipeline_of(pipeline).after(at) if at and pipeline_of(pipeline).at(at) else None
    first = ((*_PASSED[following.step], following.wait),) if following and following.step in _PASSED else ()
    return (*first, *((head, sentence, None) for head, sentence in NEXT[turn]))


def clock_of(
    state: ProposalState,
    step: str | None,
    waiting_since: datetime,
    now: datetime,
    used_days: int,
    pipeline: str | None = None,
) -> Progress | None:
    """The clock of the wait that runs now. A review's clock goes on where it stopped; others begin anew."""
    row = expected(state, step, pipeline=pipeline)
    if row.wait is None:
        return None
    keeps = current_step(state, step) in KEEPS_ITS_CLOCK
    return progress(row.wait, waiting_since, now, used_days=used_days if keeps else 0)


@dataclass(frozen=True)
class Place:
    """Where a proposal stands: its state, the stored steps (None: any), and whether it has ended (None: either)."""

    state: ProposalState
    steps: frozenset[str] | None = None
    has_ended: bool | None = None


def places_of(turn: Turn) -> tuple[Place, ...]:
    """Where proposals stand of which `expected` says this."""
    if turn is Turn.NOT_APPROVED:
        return (Place(ProposalState.DECIDED, has_ended=True),)
    if turn is Turn.ISSUING:
        return (Place(ProposalState.DECIDED, has_ended=False),)
    if turn is Turn.ISSUED:
        return (Place(ProposalState.ISSUED, frozenset({"", *Step}) - {Step.AFTERWARDS}),)
    step = step_of(turn)
    if step is None:
        return tuple(Place(state) for state, of in _OF_STATE.items() if of is turn)
    if step is Step.INTAKE:
        return (Place(ProposalState.IN_INTAKE),)
    if step is Step.AFTERWARDS:
        return (Place(ProposalState.ISSUED, frozenset({step})),)
    return (Place(ProposalState.IN_REVIEW, frozenset({step, ""} if step is Step.DATA_PARTNERS else {step})),)


def step_of(turn: Turn) -> Step | None:
    """The review step in which a proposal waits for this, if it is one."""
    return next((step for step, of in _OF_STEP.items() if of is turn), None)
