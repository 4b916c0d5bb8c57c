"""Whose turn it is: for every state and review step who must act, under which clock, and what comes of it.

Nothing is left without an answer: either a role must act, or the case has ended. Names and dates are the queries' part.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.foundation.words import N_
from app.rules.calendar import Progress, Wait, progress
from app.rules.pipelines import ReviewStep, Step, pipeline_of
from app.rules.roles import Role
from app.rules.workflow import OPEN_FOR_DECISION, ProposalState


class Turn(StrEnum):
    """What a proposal waits for, or how it ended."""

    DRAFTING = "drafting"
    CHECKING = "checking"
    VOTING = "voting"
    ETHICS_READING = "ethics_reading"
    LEGAL_READING = "legal_reading"
    DECIDING = "deciding"
    CHANGING = "changing"
    ISSUING = "issuing"
    PARKED = "parked"
    LOOKING_AGAIN = "looking_again"
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
            N_("The secretariat passes it on to those who decide, asks for changes, or says why it is not taken up."),
        ),
        Expected(
            Turn.VOTING,
            Role.REVIEWER,
            Wait.VOTE,
            N_("With the data access committee"),
            N_("Read and vote"),
            N_(
                "Each member votes; with enough votes the chair closes, and it goes to the data partners or ends with a reason."
            ),
        ),
        Expected(
            Turn.ETHICS_READING,
            Role.ETHICS_REVIEWER,
            Wait.ETHICS,
            N_("In ethics review"),
            N_("Read and give the ethics review"),
            N_("The reviewer passes it on to the legal review, asks for changes, or says why it is not taken up."),
        ),
        Expected(
            Turn.LEGAL_READING,
            Role.LEGAL_REVIEWER,
            Wait.LEGAL,
            N_("In legal review"),
            N_("Read and give the legal review"),
            N_("The reviewer passes it on to the data partners, asks for changes, or says why it is not taken up."),
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
            Turn.LOOKING_AGAIN,
            Role.CHAIR,
            Wait.AFTERWARDS,
            N_("Granted in a crisis, to be looked at again"),
            N_("Look at it again"),
            N_(
                "The grants run. The committee's chair writes down whether the quick way was right, and what follows from it."
            ),
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
        (N_("Changes needed:"), N_("the clock stops until the team answers.")),
        (N_("Not taken up:"), N_("the team reads why, and what would change it.")),
    ),
    Turn.VOTING: (
        (N_("Not carried:"), N_("it ends here; the team reads why, and what would change it.")),
        (N_("Changes needed:"), N_("the clock stops until the team answers; a new version is voted on anew.")),
    ),
    Turn.ETHICS_READING: (
        (N_("Changes needed:"), N_("the clock stops until the team answers.")),
        (N_("Not taken up:"), N_("the team reads why, and what would change it.")),
    ),
    Turn.LEGAL_READING: (
        (N_("Changes needed:"), N_("the clock stops until the team answers.")),
        (N_("Not taken up:"), N_("the team reads why, and what would change it.")),
    ),
    Turn.DECIDING: (
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
    Turn.LOOKING_AGAIN: (
        (N_("Written down:"), N_("the findings stand in the history; the grants carry on or are suspended.")),
    ),
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


def acting_role(state: ProposalState, step: str | None, pipeline: str | None) -> Role | None:
    """The role that ends the step which a proposal is in: of a vote the one that closes it; None outside the steps."""
    at = current_step(state, step)
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


def step_of(turn: Turn) -> Step | None:
    """The review step in which a proposal waits for this, if it is one."""
    return next((step for step, of in _OF_STEP.items() if of is turn), None)
