"""What a proposal can wait for: a row for each, with who must act, what it is called, and what each outcome brings."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.foundation.words import N_
from app.rules.calendar import Wait
from app.rules.roles import Role


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
    ENDED = "ended"


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
            N_(
                "Nothing is lost: ask, add colleagues and write on as before. Sending the answers takes it up where it stood."
            ),
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
            N_(
                "The reason says what was missing. Ask in the conversation what would change it, or copy it to ask again."
            ),
        ),
        Expected(
            Turn.WITHDRAWN,
            None,
            None,
            N_("Withdrawn"),
            "",
            N_("Nobody has to act. Copy the proposal to ask again."),
        ),
        Expected(
            Turn.ENDED,
            None,
            None,
            N_("Ended"),
            "",
            N_("A side of it has left the common agreement. Nobody has to act."),
        ),
    )
}

# The same turn once enough have voted: it waits for the chair alone, though others may still vote.
CLOSING = replace(
    TURNS[Turn.VOTING],
    role=Role.CHAIR,
    act=N_("Close the vote"),
    after=N_("Enough have voted: the chair closes, and it goes to the data partners or ends with a reason."),
)

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
    Turn.ENDED: (),
}
