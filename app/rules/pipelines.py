"""Named versions of the review steps. A proposal keeps the one it was sent under: a new one never moves a case in flight."""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.calendar import Wait
from app.rules.roles import Role


class Step(StrEnum):
    """A review step. Steps are not states: a proposal in review is in one of them."""

    INTAKE = "intake"
    DATA_PARTNERS = "data_partners"
    ISSUE = "issue"


@dataclass(frozen=True)
class ReviewStep:
    """Who acts in a step, and how long they have."""

    step: Step
    name: str
    actor: Role
    wait: Wait


@dataclass(frozen=True)
class Pipeline:
    """Ordered steps under an id that never changes once a proposal was sent under it."""

    id: str
    name: str
    steps: tuple[ReviewStep, ...]


PIPELINES: dict[str, Pipeline] = {
    "default@1": Pipeline(
        "default@1",
        N_("Intake, data partners in parallel, issue"),
        (
            ReviewStep(Step.INTAKE, N_("Intake check"), Role.OFFICER, Wait.INTAKE),
            ReviewStep(Step.DATA_PARTNERS, N_("Data partners decide"), Role.DATASET_STEWARD, Wait.DECISION),
            ReviewStep(Step.ISSUE, N_("Director issues"), Role.DIRECTOR, Wait.ISSUE),
        ),
    ),
}

CURRENT_PIPELINE = "default@1"
