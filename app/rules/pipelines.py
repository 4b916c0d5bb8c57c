"""Named versions of the review steps. A new version never moves a case in flight; what its team changes may (`rules/routing`).

A pipeline is never changed once a proposal was sent under it: what should be otherwise gets the next number. Why one and not
another is `rules/routing`'s part; docs/decisions/0012-pipelines-and-routing.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.calendar import Wait
from app.rules.roles import Role


class Step(StrEnum):
    """A review step. Steps are not states: a proposal in review is in one of them."""

    INTAKE = "intake"
    COMMITTEE = "committee"
    ETHICS = "ethics"
    LEGAL = "legal"
    DATA_PARTNERS = "data_partners"
    ISSUE = "issue"
    AFTERWARDS = "afterwards"


@dataclass(frozen=True)
class Vote:
    """How a committee decides: who votes, whose vote decides where votes are equal, and how many make it count.

    The quorum is a share of the members who have no conflict of interest, and never fewer than `least`. More votes for than
    against carry it; whoever abstains counts for the quorum alone.
    """

    voters: frozenset[Role]
    casting: Role
    quorum_percent: int
    least: int

    def quorum(self, members: int) -> int:
        """How many of so many members without a conflict have to vote."""
        return max(-(-members * self.quorum_percent // 100), self.least)

    def can_be_reached(self, members: int) -> bool:
        """Whether so many members are enough at all; otherwise somebody has to be appointed first."""
        return members >= self.quorum(members)


@dataclass(frozen=True)
class ReviewStep:
    """Who acts in a step, and how long they have."""

    step: Step
    name: str
    actor: Role
    wait: Wait
    vote: Vote | None = None


@dataclass(frozen=True)
class Pipeline:
    """Ordered steps under an id that never changes once a proposal was sent under it."""

    id: str
    name: str
    when: str
    steps: tuple[ReviewStep, ...]

    @property
    def names(self) -> tuple[Step, ...]:
        """The steps in their order."""
        return tuple(each.step for each in self.steps)

    def at(self, step: str | None) -> ReviewStep | None:
        """One of its steps; None for a step that it does not have."""
        return next((each for each in self.steps if each.step == step), None)

    def after(self, step: str) -> ReviewStep | None:
        """The step that follows; None after the last one."""
        following = self.names.index(Step(step)) + 1
        return self.steps[following] if following < len(self.steps) else None

    @property
    def readers(self) -> frozenset[Role]:
        """The held roles that read a proposal for a step of their own: those of its committee and its reviews."""
        return self.readers_until(self.names[-1])

    def readers_until(self, step: Step) -> frozenset[Role]:
        """Those of them whose step comes no later than this one."""
        until = self.steps[: self.names.index(step) + 1]
        voting = frozenset[Role]().union(*(each.vote.voters for each in until if each.vote))
        return (voting | {each.actor for each in until}) & STEP_ROLES


# Held in an organization, and acting on the proposals whose pipeline has a step for them.
STEP_ROLES = frozenset({Role.REVIEWER, Role.CHAIR, Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER})

# What ends with a verdict of its own on the version that was read: void, like a decision, when another version is sent.
VERDICT_STEPS = frozenset({Step.COMMITTEE, Step.ETHICS, Step.LEGAL})

# The acts that belong to one step, each with the roles that do it there; everything else is not bound to a step.
ACTS_OF_STEP: Mapping[Step, Mapping[Action, frozenset[Role]]] = {
    Step.COMMITTEE: {
        Action.CAST_VOTE: frozenset({Role.REVIEWER, Role.CHAIR}),
        Action.CLOSE_VOTE: frozenset({Role.CHAIR}),
        Action.REQUEST_CHANGES: frozenset({Role.CHAIR, Role.OFFICER}),
    },
    Step.ETHICS: {
        Action.PASS_STEP: frozenset({Role.ETHICS_REVIEWER}),
        Action.DECLINE_IN_STEP: frozenset({Role.ETHICS_REVIEWER}),
        Action.REQUEST_CHANGES: frozenset({Role.ETHICS_REVIEWER, Role.OFFICER}),
    },
    Step.LEGAL: {
        Action.PASS_STEP: frozenset({Role.LEGAL_REVIEWER}),
        Action.DECLINE_IN_STEP: frozenset({Role.LEGAL_REVIEWER}),
        Action.REQUEST_CHANGES: frozenset({Role.LEGAL_REVIEWER, Role.OFFICER}),
    },
    Step.INTAKE: {Action.REQUEST_CHANGES: frozenset({Role.OFFICER})},
    Step.DATA_PARTNERS: {Action.REQUEST_CHANGES: frozenset({Role.DATASET_STEWARD, Role.OFFICER})},
    Step.AFTERWARDS: {Action.LOOK_AGAIN: frozenset({Role.CHAIR})},
}
# What the reviewers of a step do at the answers, from their step on and not before.
ONCE_REACHED = frozenset({Action.SUGGEST_EDIT, Action.COMMENT_INTERNALLY})
_BOUND_TO_STEPS = frozenset(action for acts in ACTS_OF_STEP.values() for action in acts)

# Who acts in the place of a role that nobody without a conflict of interest holds, in this order. For a data partner nobody
# outside it decides: its deputy does, and where there is none without a conflict, a director sees to it that there is one.
STAND_INS: Mapping[Role, tuple[Role, ...]] = {
    Role.OFFICER: (Role.DIRECTOR,),
    Role.DIRECTOR: (Role.OFFICER,),
    Role.CHAIR: (Role.REVIEWER, Role.DIRECTOR, Role.OFFICER),
    Role.ETHICS_REVIEWER: (Role.DIRECTOR, Role.OFFICER),
    Role.LEGAL_REVIEWER: (Role.DIRECTOR, Role.OFFICER),
}

_INTAKE = ReviewStep(Step.INTAKE, N_("Intake check"), Role.OFFICER, Wait.INTAKE)
_DATA_PARTNERS = ReviewStep(Step.DATA_PARTNERS, N_("Data partners decide"), Role.DATASET_STEWARD, Wait.DECISION)
_ISSUE = ReviewStep(Step.ISSUE, N_("Director issues"), Role.DIRECTOR, Wait.ISSUE)

PIPELINES: dict[str, Pipeline] = {
    pipeline.id: pipeline
    for pipeline in (
        Pipeline(
            "default@1",
            N_("Intake, data partners in parallel, issue"),
            N_("Where nothing below asks for more."),
            (_INTAKE, _DATA_PARTNERS, _ISSUE),
        ),
        Pipeline(
            "committee@1",
            N_("Intake, data access committee, data partners in parallel, issue"),
            N_("Where small groups could be singled out, so that more than one data partner's view is needed."),
            (
                _INTAKE,
                ReviewStep(
                    Step.COMMITTEE,
                    N_("Data access committee votes"),
                    Role.REVIEWER,
                    Wait.VOTE,
                    Vote(frozenset({Role.REVIEWER, Role.CHAIR}), Role.CHAIR, quorum_percent=50, least=3),
                ),
                _DATA_PARTNERS,
                _ISSUE,
            ),
        ),
        Pipeline(
            "ethics@1",
            N_("Intake, ethics, law, data partners in parallel, issue"),
            N_("Where people could be told apart, or would be hurt if data leaked."),
            (
                _INTAKE,
                ReviewStep(Step.ETHICS, N_("Ethics review"), Role.ETHICS_REVIEWER, Wait.ETHICS),
                ReviewStep(Step.LEGAL, N_("Legal review"), Role.LEGAL_REVIEWER, Wait.LEGAL),
                _DATA_PARTNERS,
                _ISSUE,
            ),
        ),
        Pipeline(
            "crisis@1",
            N_("Intake, data partners and issue within hours; looked at again afterwards"),
            N_("In a declared crisis, for people who were pre-authorized."),
            (
                ReviewStep(Step.INTAKE, N_("Intake check"), Role.OFFICER, Wait.CRISIS_INTAKE),
                ReviewStep(Step.DATA_PARTNERS, N_("Data partners decide"), Role.DATASET_STEWARD, Wait.CRISIS_DECISION),
                ReviewStep(Step.ISSUE, N_("Director issues"), Role.DIRECTOR, Wait.CRISIS_ISSUE),
                ReviewStep(Step.AFTERWARDS, N_("Committee's chair looks again"), Role.CHAIR, Wait.AFTERWARDS),
            ),
        ),
    )
}

CURRENT_PIPELINE = "default@1"


def pipeline_of(name: str | None) -> Pipeline:
    """The pipeline that a proposal was sent under; the default one before it was sent."""
    return PIPELINES[name or CURRENT_PIPELINE]


def acts_in_step(acts: Collection[Action], roles: frozenset[Role], step: Step | None) -> frozenset[Action]:
    """Of these acts those that are possible in this step to somebody with these roles; `permissions` has said who may at all."""
    here = ACTS_OF_STEP.get(step, {}) if step else {}
    return frozenset(
        action for action in acts if action not in _BOUND_TO_STEPS or roles & here.get(action, frozenset[Role]())
    )


def resume_at(pipeline: Pipeline, asked: str | None, settled: Collection[str]) -> Step | None:
    """Where an answered proposal goes on: at the step that asked, or at an earlier one whose verdict the new version voided.

    Args:
        asked: the step that asked for changes; the pipeline may have changed since, and not have it.
        settled: the steps with a verdict on the version that is current now.

    Returns:
        None where the intake check asked, which looks at it anew anyway.
    """
    if asked in (None, Step.INTAKE):
        return None
    for step in pipeline.names:
        if step == asked or (step in VERDICT_STEPS and step not in settled):
            return step
    return Step.DATA_PARTNERS
