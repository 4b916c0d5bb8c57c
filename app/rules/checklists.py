"""What is looked at before a proposal goes on: by the secretariat at intake, by a data partner before it decides."""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.pipelines import Step


class Mark(StrEnum):
    """How one line of a checklist was answered."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Check:
    """One question, and the step of the proposal (1 to 5) that answers it."""

    key: str
    question: str
    step: int


# The intake check asks whether a proposal can be decided on; whether it should be is the data partners' to say.
INTAKE = (
    Check("complete", N_("Are the problem, the question and the decision it informs clear to an outsider?"), 1),
    Check("purpose", N_("Is the purpose one that the agreement permits?"), 1),
    Check("datasets", N_("Do the datasets named fit the question?"), 2),
    Check("people", N_("Is everyone on the team named, with their organization?"), 4),
    Check("declared", N_("Do the answers on personal data and risks fit the rest?"), 4),
)

REVIEW = (
    Check("purpose", N_("Is the purpose one that the agreement permits?"), 1),
    Check("least_data", N_("Is this the least data that answers it?"), 2),
    Check("benefit", N_("Is the public benefit clear?"), 3),
    Check("storage", N_("Is the place of storage acceptable?"), 4),
    Check("publication", N_("Can you live with the publication plan?"), 5),
)

COMMITTEE = (
    Check("purpose", N_("Is the purpose worth the risk to the people in the data?"), 1),
    Check("least_data", N_("Is this the least data that answers it?"), 2),
    Check("groups", N_("Is it clear how small groups are kept from being singled out?"), 4),
    Check("publication", N_("Does the publication plan keep groups from harm?"), 5),
)

ETHICS = (
    Check("need", N_("Is there no other way to answer it than with data about people?"), 2),
    Check("benefit", N_("Do the people in the data, or people like them, benefit?"), 3),
    Check("harm", N_("Are the risks to them named, and kept small?"), 4),
    Check("recognized", N_("Is it ruled out that the results let somebody be recognized?"), 5),
)

LEGAL = (
    Check("basis", N_("Is the legal basis named, and does it hold for each country?"), 4),
    Check("annex", N_("Is the annex on privacy (clause 15) enough for this data?"), 4),
    Check("storage", N_("Is the place of storage lawful for this data?"), 4),
    Check("team", N_("Is everyone on the team bound by the agreement?"), 4),
)

AFTERWARDS = (
    Check("was_crisis", N_("Was it the crisis that was declared?"), 1),
    Check("usual_answer", N_("Would the usual way have come to the same answer?"), 2),
    Check("kept", N_("Was the data used for this alone?"), 3),
)

# What is looked at in each step that has a list of its own.
OF_STEP: dict[Step, tuple[Check, ...]] = {
    Step.INTAKE: INTAKE,
    Step.COMMITTEE: COMMITTEE,
    Step.ETHICS: ETHICS,
    Step.LEGAL: LEGAL,
    Step.DATA_PARTNERS: REVIEW,
    Step.AFTERWARDS: AFTERWARDS,
}


def open_questions(checks: tuple[Check, ...], marks: dict[str, str]) -> tuple[Check, ...]:
    """The questions that are not answered with yes, in their order."""
    return tuple(check for check in checks if marks.get(check.key) != Mark.YES)
