"""What is looked at before a proposal goes on: by the secretariat at intake, by a data partner before it decides."""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_


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


def open_questions(checks: tuple[Check, ...], marks: dict[str, str]) -> tuple[Check, ...]:
    """The questions that are not answered with yes, in their order."""
    return tuple(check for check in checks if marks.get(check.key) != Mark.YES)
