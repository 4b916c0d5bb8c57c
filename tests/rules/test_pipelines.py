"""Pipelines as tables: each is whole, each step has somebody who acts in it, and a verdict holds for one version alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.actions import Action
from app.rules.calendar import length_of
from app.rules.checklists import OF_STEP
from app.rules.permissions import PERMISSIONS
from app.rules.pipelines import (
    ACTS_OF_STEP,
    PIPELINES,
    STAND_INS,
    STEP_ROLES,
    VERDICT_STEPS,
    Pipeline,
    Step,
    Vote,
    acts_in_step,
    pipeline_of,
    resume_at,
)
from app.rules.roles import HELD_ROLES, Role
from app.rules.turns import Turn, acting_role, what_follows
from app.rules.verdicts import VoteChoice, carried, count
from app.rules.workflow import ProposalState

ALL = pytest.mark.parametrize("pipeline", PIPELINES.values(), ids=lambda each: each.id)
VOTE = Vote(frozenset({Role.REVIEWER, Role.CHAIR}), Role.CHAIR, quorum_percent=50, least=3)
FOR, AGAINST, ABSTAIN = VoteChoice


@ALL
def test_a_pipeline_begins_with_the_intake_check_and_the_data_partners_decide_before_anything_is_issued(
    pipeline: Pipeline,
) -> None:
    names = pipeline.names
    assert names[0] is Step.INTAKE
    assert len(set(names)) == len(names)
    assert names.index(Step.DATA_PARTNERS) + 1 == names.index(Step.ISSUE)
    assert VERDICT_STEPS.isdisjoint(names[names.index(Step.DATA_PARTNERS) :])
    assert set(names[names.index(Step.ISSUE) + 1 :]) <= {Step.AFTERWARDS}


@ALL
def test_the_id_of_a_pipeline_carries_its_version(pipeline: Pipeline) -> None:
    name, version = pipeline.id.split("@")
    assert name
    assert int(version) >= 1
    assert PIPELINES[pipeline.id] is pipeline


@ALL
def test_every_step_has_an_act_that_ends_it_a_clock_and_people_who_can_hold_its_role(pipeline: Pipeline) -> None:
    held = frozenset[Role]().union(*HELD_ROLES.values())
    for step in pipeline.steps:
        assert length_of(step.wait).amount >= 1
        role = acting_role(_STATES[step.step], step.step, None, pipeline.id)
        assert role in held | {Role.DATASET_STEWARD}
        assert any(role in PERMISSIONS[action].allow for action in _ENDS[step.step])
        assert step.step is Step.ISSUE or OF_STEP[step.step]


_STATES = {
    Step.INTAKE: ProposalState.IN_INTAKE,
    Step.COMMITTEE: ProposalState.IN_REVIEW,
    Step.ETHICS: ProposalState.IN_REVIEW,
    Step.LEGAL: ProposalState.IN_REVIEW,
    Step.DATA_PARTNERS: ProposalState.IN_REVIEW,
    Step.ISSUE: ProposalState.DECIDED,
    Step.AFTERWARDS: ProposalState.ISSUED,
}
_TURNS = {
    Step.INTAKE: Turn.CHECKING,
    Step.COMMITTEE: Turn.VOTING,
    Step.ETHICS: Turn.ETHICS_READING,
    Step.LEGAL: Turn.LEGAL_READING,
    Step.DATA_PARTNERS: Turn.DECIDING,
    Step.ISSUE: Turn.ISSUING,
    Step.AFTERWARDS: Turn.LOOKING_AGAIN,
}
_ENDS = {
    Step.INTAKE: (Action.PASS_INTAKE,),
    Step.COMMITTEE: (Action.CLOSE_VOTE,),
    Step.ETHICS: (Action.PASS_STEP, Action.DECLINE_IN_STEP),
    Step.LEGAL: (Action.PASS_STEP, Action.DECLINE_IN_STEP),
    Step.DATA_PARTNERS: (Action.APPROVE_ITEM, Action.NOT_APPROVE_ITEM),
    Step.ISSUE: (Action.ISSUE_GRANTS,),
    Step.AFTERWARDS: (Action.LOOK_AGAIN,),
}


def test_what_a_step_lets_somebody_do_is_also_theirs_by_the_table_of_permissions() -> None:
    for acts in ACTS_OF_STEP.values():
        for action, roles in acts.items():
            assert roles <= PERMISSIONS[action].allow, action


def test_a_role_of_one_step_acts_in_no_other() -> None:
    acts = frozenset({Action.PASS_STEP, Action.DECLINE_IN_STEP, Action.CAST_VOTE, Action.LOOK_AGAIN})
    for step in Step:
        for role, own in ((Role.ETHICS_REVIEWER, Step.ETHICS), (Role.LEGAL_REVIEWER, Step.LEGAL)):
            found = acts_in_step(acts, frozenset({role}), step)
            assert found == (frozenset({Action.PASS_STEP, Action.DECLINE_IN_STEP}) if step is own else frozenset())
    assert acts_in_step(acts, frozenset({Role.REVIEWER}), Step.COMMITTEE) == {Action.CAST_VOTE}
    assert acts_in_step(acts, frozenset(Role), None) == frozenset()


def test_acts_that_belong_to_no_step_are_possible_in_each() -> None:
    for step in (None, *Step):
        assert acts_in_step({Action.COMMENT_ON_PROPOSAL}, frozenset(), step) == {Action.COMMENT_ON_PROPOSAL}


def test_every_role_of_a_step_has_somebody_who_stands_in_and_the_line_ends_in_the_secretariat() -> None:
    for role in {Role.OFFICER, Role.DIRECTOR, *STEP_ROLES} - {Role.REVIEWER}:
        line = STAND_INS[role]
        assert role not in line
        assert {Role.OFFICER, Role.DIRECTOR} & set(line)


def test_a_proposal_that_was_not_sent_yet_has_the_usual_way() -> None:
    assert pipeline_of(None).id == "default@1"
    assert pipeline_of(None).names == (Step.INTAKE, Step.DATA_PARTNERS, Step.ISSUE)


@ALL
@given(data=st.data())
def test_an_answer_goes_back_to_who_asked_or_to_an_earlier_verdict_that_is_void(
    pipeline: Pipeline, data: st.DataObject
) -> None:
    before_issue = [step for step in pipeline.names if step not in (Step.ISSUE, Step.AFTERWARDS)]
    asked = data.draw(st.sampled_from(before_issue))
    settled = data.draw(st.frozensets(st.sampled_from(sorted(VERDICT_STEPS))))
    found = resume_at(pipeline, asked, settled)
    if asked is Step.INTAKE:
        assert found is None
        return
    assert found is not None
    void = [step for step in pipeline.names if step in VERDICT_STEPS and step not in settled]
    assert found == min([asked, *void], key=pipeline.names.index)


def test_nothing_goes_on_where_nobody_asked() -> None:
    assert resume_at(PIPELINES["ethics@1"], None, ()) is None


@pytest.mark.parametrize(("members", "quorum"), [(0, 3), (3, 3), (5, 3), (6, 3), (7, 4), (12, 6)])
def test_half_of_those_without_a_conflict_are_a_quorum_and_never_fewer_than_three(members: int, quorum: int) -> None:
    assert VOTE.quorum(members) == quorum
    assert VOTE.can_be_reached(members) == (members >= quorum)


@pytest.mark.parametrize(
    ("choices", "casting", "outcome"),
    [
        ([FOR, FOR, AGAINST], AGAINST, True),
        ([FOR, AGAINST, AGAINST], FOR, False),
        ([FOR, AGAINST, ABSTAIN], FOR, True),
        ([FOR, AGAINST, ABSTAIN], AGAINST, False),
        ([FOR, AGAINST, ABSTAIN], ABSTAIN, None),
        ([FOR, AGAINST], None, None),
        ([ABSTAIN, ABSTAIN, ABSTAIN], ABSTAIN, None),
    ],
)
def test_the_majority_carries_it_and_the_chair_decides_where_votes_are_equal(
    choices: list[VoteChoice], casting: VoteChoice | None, outcome: bool | None
) -> None:
    assert carried(count(VOTE, choices, 5), casting) is outcome


@given(choices=st.lists(st.sampled_from(list(VoteChoice)), max_size=12), members=st.integers(0, 12))
def test_a_count_adds_up(choices: list[VoteChoice], members: int) -> None:
    found = count(VOTE, choices, members)
    assert found.cast == len(choices)
    assert found.has_quorum == (len(choices) >= VOTE.quorum(members))


@ALL
def test_what_comes_next_is_the_next_step_with_its_own_clock(pipeline: Pipeline) -> None:
    for here, following in pairwise(pipeline.steps):
        waits = [wait for _head, _words, wait in what_follows(_TURNS[here.step], pipeline.id) if wait]
        assert waits == [following.wait]
