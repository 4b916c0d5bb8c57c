"""Whose turn it is: for every state and review step who must act, under which clock, and what comes of it.

Nothing is left without an answer: either a role must act, or the case has ended. Names and dates are the queries' part.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.foundation.words import N_
from app.rules.calendar import Progress, Wait, progress
from app.rules.pipelines import CURRENT_PIPELINE, PIPELINES, ReviewStep, Step
from app.rules.roles import Role
from app.rules.workflow import ProposalState


class Turn(StrEnum):
    """What a proposal waits for, or how it ended."""

    DRAFTING = "drafting"
    CHECKING = "checking"
    DECIDING = "deciding"
    CHANGING = "changing"
    ISSUING = "issuing"
    PARKED = "parked"
    ISSUED = "issued"
    NOT_APPROVED = "not_approved"
    NOT_TAKEN_UP = "not_taken_up"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Expected:
    """Who must act and how long they have; `role` is None when nobody must, `wait` is None when there is no date."""

    turn: Turn
    role: Role | None
    wait: Wait | None
    name: str
    act: str
    after: str


TURNS: dict[Turn, Expected] = {
    row.turn: row
    for row in (
        Expected(
            Turn.DRAFTING,
            Role.PROJECT_LEAD,
            None,
            N_("Draft"),
            N_("Finish and send the proposal"),
            N_("Only your team can see this. Once sent, the secretariat checks it within two working days."),
        ),
        Expected(
            Turn.CHECKING,
            Role.OFFICER,
            Wait.INTAKE,
            N_("Being checked"),
            N_("Check that it is complete"),
            N_("The secretariat passes it on to the data partners, asks for changes, or says why it is not taken up."),
        ),
        Expected(
            Turn.DECIDING,
            Role.DATASET_STEWARD,
            Wait.DECISION,
            N_("With the data partners"),
            N_("Read and decide"),
            N_("Each data partner approves its own datasets, asks for changes, or says no with a reason."),
        ),
        Expected(
            Turn.CHANGING,
            Role.PROJECT_LEAD,
            Wait.CHANGES,
            N_("Changes needed"),
            N_("Answer the changes asked for"),
            N_("The clock of the others stands still until the answer is sent. Then it goes back to who asked."),
        ),
        Expected(
            Turn.ISSUING,
            Role.DIRECTOR,
            Wait.ISSUE,
            N_("Approved, to be issued"),
            N_("Issue the grants"),
            N_("Each approving data partner's grant is issued, and its letter is sealed and sent."),
        ),
        Expected(
            Turn.PARKED,
            Role.PROJECT_LEAD,
            None,
            N_("Parked"),
            N_("Take it up again, or withdraw it"),
            N_("Nothing is lost: the answers are kept, and sending them takes the proposal up where it stood."),
        ),
        Expected(
            Turn.ISSUED,
            None,
            None,
            N_("Granted"),
            "",
            N_("The grants carry on from here: their letters, their dates, and how to get the data."),
        ),
        Expected(
            Turn.NOT_APPROVED,
            None,
            None,
            N_("Not approved"),
            "",
            N_("Each data partner's reason says what would change it. Copy the proposal to ask again."),
        ),
        Expected(
            Turn.NOT_TAKEN_UP,
            None,
            None,
            N_("Not taken up"),
            "",
            N_("The secretariat's reason says what was missing. Copy the proposal to ask again."),
        ),
        Expected(
            Turn.WITHDRAWN,
            None,
            None,
            N_("Withdrawn"),
            "",
            N_("Nobody has to act. Copy the proposal to ask again."),
        ),
    )
}

# What each outcome of a wait brings: shown beside it, so that nobody has to ask what happens then.
NEXT: dict[Turn, tuple[tuple[str, str], ...]] = {
    Turn.DRAFTING: (),
    Turn.CHECKING: (
        (N_("Passed on:"), N_("the data partners decide within ten working days.")),
        (N_("Changes needed:"), N_("the clock stops until the team answers.")),
        (N_("Not taken up:"), N_("the team reads why, and what would change it.")),
    ),
    Turn.DECIDING: (
        (N_("Approved:"), N_("the director issues the grants within five working days.")),
        (N_("Changes needed:"), N_("the clock stops until the team answers.")),
        (N_("Not approved:"), N_("the team reads the reason, and what would change it.")),
    ),
    Turn.CHANGING: (
        (N_("Answered:"), N_("it goes back to who asked, and the clock goes on.")),
        (N_("Not answered in 15 working days:"), N_("it is parked, and every answer is kept.")),
    ),
    Turn.ISSUING: (
        (N_("Issued:"), N_("each grant gets its number, and its letter is sealed and sent.")),
        (N_("Then:"), N_("the data arrives within one working day.")),
    ),
    Turn.PARKED: (),
    Turn.ISSUED: (),
    Turn.NOT_APPROVED: (),
    Turn.NOT_TAKEN_UP: (),
    Turn.WITHDRAWN: (),
}

_OF_STATE: dict[ProposalState, Turn] = {
    ProposalState.DRAFT: Turn.DRAFTING,
    ProposalState.CHANGES_REQUESTED: Turn.CHANGING,
    ProposalState.PARKED: Turn.PARKED,
    ProposalState.ISSUED: Turn.ISSUED,
    ProposalState.NOT_TAKEN_UP: Turn.NOT_TAKEN_UP,
    ProposalState.WITHDRAWN: Turn.WITHDRAWN,
}
# The state says which part of the pipeline it is in; within a review the stored step says which one exactly.
_STEP_OF_STATE: dict[ProposalState, Step] = {
    ProposalState.IN_INTAKE: Step.INTAKE,
    ProposalState.IN_REVIEW: Step.DATA_PARTNERS,
    ProposalState.DECIDED: Step.ISSUE,
}
_OF_STEP: dict[Step, Turn] = {
    Step.INTAKE: Turn.CHECKING,
    Step.DATA_PARTNERS: Turn.DECIDING,
    Step.ISSUE: Turn.ISSUING,
}

OPEN_TURNS = frozenset(turn for turn, row in TURNS.items() if row.role is not None)

# The states in which a proposal is still on its way. One that was decided without any approval has ended, and says when.
OPEN_STATES = frozenset({state for state, turn in _OF_STATE.items() if turn in OPEN_TURNS} | set(_STEP_OF_STATE))


def expected(state: ProposalState, step: str | None, has_ended: bool = False) -> Expected:
    """What a proposal in this state and step waits for.

    Args:
        has_ended: the proposal was decided and nothing is left to issue, because no dataset was approved.
    """
    at = current_step(state, step)
    turn = _OF_STEP[at] if at else _OF_STATE[state]
    if turn is Turn.ISSUING and has_ended:
        turn = Turn.NOT_APPROVED
    return TURNS[turn]


def current_step(state: ProposalState, step: str | None) -> Step | None:
    """The review step that a proposal is in; None before, between and after them."""
    known = _STEP_OF_STATE.get(state)
    return Step(step) if known is Step.DATA_PARTNERS and step else known


def steps_of(pipeline: str | None) -> tuple[ReviewStep, ...]:
    """The review steps that a proposal goes through; those of today for one that was not sent yet."""
    return PIPELINES[pipeline or CURRENT_PIPELINE].steps


def clock_of(
    state: ProposalState, step: str | None, waiting_since: datetime, now: datetime, used_days: int
) -> Progress | None:
    """The clock of the wait that runs now. Only the data partners' clock goes on where it stopped; others begin anew."""
    row = expected(state, step)
    if row.wait is None:
        return None
    return progress(row.wait, waiting_since, now, used_days=used_days if row.turn is Turn.DECIDING else 0)


def step_of(turn: Turn) -> Step | None:
    """The review step in which a proposal waits for this, if it is one."""
    return next((step for step, of in _OF_STEP.items() if of is turn), None)
