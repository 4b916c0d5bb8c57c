"""Whose turn: every state and step has exactly one answer, and the clock of each is in the table of working days."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules.calendar import WORKING_DAYS, Progress, Wait, progress
from app.rules.pipelines import PIPELINES, Pipeline, Step
from app.rules.roles import Role
from app.rules.turns import (
    OPEN_TURNS,
    TURNS,
    Turn,
    clock_of,
    current_step,
    expected,
    readers_reached,
    step_of,
    steps_of,
)
from app.rules.workflow import TABLES, Machine, ProposalState

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
_STATE_OF = {
    Step.INTAKE: ProposalState.IN_INTAKE,
    Step.COMMITTEE: ProposalState.IN_REVIEW,
    Step.ETHICS: ProposalState.IN_REVIEW,
    Step.LEGAL: ProposalState.IN_REVIEW,
    Step.DATA_PARTNERS: ProposalState.IN_REVIEW,
    Step.ISSUE: ProposalState.DECIDED,
    Step.AFTERWARDS: ProposalState.ISSUED,
}
CELLS = [(state, step) for state in ProposalState for step in (None, *Step)]


@pytest.mark.parametrize(("state", "step"), CELLS)
def test_every_state_and_step_names_a_role_or_has_ended(state: ProposalState, step: Step | None) -> None:
    row = expected(state, step)
    assert row is TURNS[row.turn]
    assert row.name
    assert row.after
    assert bool(row.act) == (row.role is not None)


@pytest.mark.parametrize("turn", Turn)
def test_what_waits_for_nobody_has_no_clock(turn: Turn) -> None:
    row = TURNS[turn]
    assert row.role is not None or row.wait is None
    assert row.wait is None or row.wait in WORKING_DAYS
    assert (turn in OPEN_TURNS) == (row.role is not None)


@pytest.mark.parametrize("state", ProposalState)
def test_a_state_that_nothing_leads_out_of_has_ended(state: ProposalState) -> None:
    leads_on = any(state in row.sources and row.target for row in TABLES[Machine.PROPOSAL])
    assert leads_on or expected(state, None).role is None


@pytest.mark.parametrize("pipeline", PIPELINES.values(), ids=lambda pipeline: pipeline.id)
def test_every_step_of_a_pipeline_is_waited_for_by_its_own_role_and_clock(pipeline: Pipeline) -> None:
    for step in pipeline.steps:
        row = expected(_STATE_OF[step.step], step.step, pipeline=pipeline.id)
        assert step_of(row.turn) is step.step
        assert (row.role, row.wait) == (step.actor, step.wait)
    assert steps_of(pipeline.id) == pipeline.steps


def test_a_decided_proposal_without_approval_waits_for_nobody() -> None:
    assert expected(ProposalState.DECIDED, Step.ISSUE).turn is Turn.ISSUING
    assert expected(ProposalState.DECIDED, Step.ISSUE, has_ended=True).turn is Turn.NOT_APPROVED


def test_the_step_of_a_review_is_the_one_that_is_stored() -> None:
    assert current_step(ProposalState.IN_REVIEW, Step.DATA_PARTNERS) is Step.DATA_PARTNERS
    assert current_step(ProposalState.IN_REVIEW, None) is Step.DATA_PARTNERS
    assert current_step(ProposalState.CHANGES_REQUESTED, Step.DATA_PARTNERS) is None


def test_only_the_data_partners_clock_goes_on_where_it_stopped() -> None:
    now = MONDAY + timedelta(days=2)
    assert clock_of(ProposalState.IN_REVIEW, None, MONDAY, now, 3) == progress(Wait.DECISION, MONDAY, now, used_days=3)
    assert clock_of(ProposalState.IN_INTAKE, None, MONDAY, now, 3) == progress(Wait.INTAKE, MONDAY, now)
    assert clock_of(ProposalState.WITHDRAWN, None, MONDAY, now, 0) is None


@pytest.mark.parametrize(
    ("days", "day", "left", "percent", "over"),
    [(0, 0, 10, 0, 0), (8, 6, 4, 60, 0), (14, 10, 0, 100, 0), (17, 13, -3, 130, 3)],
)
def test_a_clock_counts_working_days(days: int, day: int, left: int, percent: int, over: int) -> None:
    clock = progress(Wait.DECISION, MONDAY, MONDAY + timedelta(days=days))
    assert (clock.day, clock.left, clock.percent, clock.over) == (day, left, percent, over)
    assert clock.due.isoformat() == "2026-11-30"


def test_days_used_before_a_pause_bring_the_end_nearer() -> None:
    clock = progress(Wait.DECISION, MONDAY, MONDAY, used_days=4)
    assert clock == Progress(4, 10, clock.due)
    assert clock.due.isoformat() == "2026-11-24"


@pytest.mark.parametrize(("percent", "day"), [(50, 5), (80, 8), (100, 10), (150, 15)])
def test_a_share_of_the_time_is_reached_on_a_day(percent: int, day: int) -> None:
    assert progress(Wait.DECISION, MONDAY, MONDAY).day_of(percent) == day
    assert progress(Wait.INTAKE, MONDAY, MONDAY).day_of(80) == 2


@pytest.mark.parametrize(
    ("state", "step", "returns_to", "readers"),
    [
        (ProposalState.IN_INTAKE, Step.INTAKE, None, set()),
        (ProposalState.IN_REVIEW, Step.ETHICS, None, {Role.ETHICS_REVIEWER}),
        (ProposalState.IN_REVIEW, Step.LEGAL, None, {Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER}),
        (ProposalState.CHANGES_REQUESTED, None, Step.ETHICS, {Role.ETHICS_REVIEWER}),
        (ProposalState.CHANGES_REQUESTED, Step.LEGAL, Step.INTAKE, set()),
        (ProposalState.DECIDED, Step.ISSUE, Step.ETHICS, {Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER}),
        (ProposalState.ISSUED, Step.ISSUE, None, {Role.ETHICS_REVIEWER, Role.LEGAL_REVIEWER}),
        (ProposalState.NOT_TAKEN_UP, None, Step.LEGAL, set()),
    ],
)
def test_a_step_is_reached_by_its_readers_once_the_proposal_is_in_it_and_stays_so(
    state: ProposalState, step: Step | None, returns_to: Step | None, readers: set[Role]
) -> None:
    assert readers_reached(state, step, returns_to, "ethics@1") == readers
