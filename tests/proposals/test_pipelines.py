"""From step to step under each pipeline: who acts, what follows, what an answer brings back, and what nobody may jump."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.grants.commands.issuing import issue
from app.history.queries import happenings
from app.organizations.models import Organization
from app.proposals.commands.deciding import decide
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.stepping import decline_in_step, look_again, pass_step
from app.proposals.queries.cases import case
from app.proposals.queries.lists import proposals
from app.proposals.queries.whose_turn import whose_turn
from app.rules import pipelines
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.pipelines import PIPELINES, Pipeline, Step
from app.rules.turns import Turn
from app.rules.workflow import ItemState, ProposalState
from tests.factories.organizations import acting
from tests.factories.pipelines import LATER, Board, make_board, yes_to
from tests.factories.proposals import NOW, accede

P = ProposalState


def _at(board: Board) -> tuple[ProposalState, str | None]:
    return board.proposal.state, board.proposal.step


def _names(board: Board) -> list[str]:
    answer = whose_turn(board.session, board.proposal, NOW)
    return [holder.next.name for holder in answer.holders if holder.next]


def _decides(board: Board) -> None:
    dataset = board.cast.datasets[0]
    ruling = Ruling(board.shown_hash, ItemState.APPROVED)
    decide(board.session, board.actor("steward"), board.ref, [dataset.reference], ruling, NOW)


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_a_proposal_is_sent_under_the_pipeline_that_the_rules_choose_and_keeps_why(
    session: Session, pipeline: str
) -> None:
    board = make_board(session, pipeline, passed=False)
    assert board.proposal.pipeline == pipeline
    assert board.proposal.routed_because
    assert board.proposal.routed_because["because"]
    assert _at(board) == (P.IN_INTAKE, Step.INTAKE)


def test_ethics_and_law_read_it_before_the_data_partners(session: Session) -> None:
    board = make_board(session, "ethics@1")
    assert _at(board) == (P.IN_REVIEW, Step.ETHICS)
    assert _names(board) == ["Elif Aydin"]
    board.passes("elif", Step.ETHICS)
    assert _at(board) == (P.IN_REVIEW, Step.LEGAL)
    assert _names(board) == ["Lars Holm"]
    board.passes("lars", Step.LEGAL)
    assert _at(board) == (P.IN_REVIEW, Step.DATA_PARTNERS)
    board.approve()
    assert _at(board) == (P.DECIDED, Step.ISSUE)


def test_data_partners_know_nothing_of_it_until_it_reaches_them(session: Session) -> None:
    board = make_board(session, "ethics@1")
    steward = board.actor("steward")
    with pytest.raises(NotFound):
        case(session, steward, board.ref, NOW)
    assert proposals(session, steward, NOW).rows == ()
    with pytest.raises(NotFound):
        _decides(board)
    board.passes("elif", Step.ETHICS)
    board.passes("lars", Step.LEGAL)
    assert [row.proposal.reference for row in proposals(session, steward, NOW).rows] == [board.ref]
    _decides(board)


def test_reviewers_know_of_the_proposals_of_their_pipeline_alone(session: Session) -> None:
    board = make_board(session, "ethics@1")
    for who in ("cora", "rafi"):
        with pytest.raises(NotFound):
            case(session, board.actor(who), board.ref, NOW)
        assert proposals(session, board.actor(who), NOW).rows == ()
    for who in ("elif", "lars"):
        assert case(session, board.actor(who), board.ref, NOW).reads_answers
        assert len(proposals(session, board.actor(who), NOW).rows) == 1


def test_a_reviewer_does_not_know_of_it_before_the_intake_check(session: Session) -> None:
    board = make_board(session, "ethics@1", passed=False)
    with pytest.raises(NotFound):
        case(session, board.actor("elif"), board.ref, NOW)
    assert proposals(session, board.actor("elif"), NOW).rows == ()


def test_the_legal_reviewer_does_not_act_in_the_ethics_review(session: Session) -> None:
    board = make_board(session, "ethics@1")
    assert Action.PASS_STEP not in case(session, board.actor("lars"), board.ref, NOW).acts
    with pytest.raises(WrongState, match="another step"):
        board.passes("lars", Step.LEGAL)
    with pytest.raises(WrongState, match="another step"):
        request_changes(session, board.actor("lars"), board.ref, [Request("Why?")], NOW)
    with pytest.raises(NotAllowed):
        board.passes("officer", Step.ETHICS)


def test_a_step_is_passed_with_every_question_answered_with_yes(session: Session) -> None:
    board = make_board(session, "ethics@1")
    marks = {**yes_to(Step.ETHICS), "harm": "unsure"}
    with pytest.raises(Invalid) as refused:
        pass_step(session, board.actor("elif"), board.ref, board.shown_hash, marks, "", NOW)
    assert refused.value.field == "harm"
    assert _at(board) == (P.IN_REVIEW, Step.ETHICS)


def test_a_verdict_binds_to_the_version_that_was_read(session: Session) -> None:
    board = make_board(session, "ethics@1")
    with pytest.raises(WrongState, match="changed the proposal"):
        pass_step(session, board.actor("elif"), board.ref, "0" * 64, yes_to(Step.ETHICS), "", NOW)


def test_a_review_ends_a_proposal_with_a_reason_that_the_team_reads(session: Session) -> None:
    board = make_board(session, "ethics@1")
    elif_, marks = board.actor("elif"), {"harm": "no"}
    with pytest.raises(Invalid):
        decline_in_step(session, elif_, board.ref, board.shown_hash, marks, " ", NOW)
    decline_in_step(session, elif_, board.ref, board.shown_hash, marks, "Use the aggregates instead.", NOW)
    proposal = board.proposal
    assert (proposal.state, proposal.step, proposal.end_reason) == (P.NOT_TAKEN_UP, None, "Use the aggregates instead.")
    assert whose_turn(session, proposal, NOW).turn is Turn.NOT_TAKEN_UP
    assert case(session, elif_, board.ref, NOW).proposal is proposal
    with pytest.raises(NotFound):
        case(session, board.actor("steward"), board.ref, NOW)


def test_an_answer_to_the_law_with_another_version_is_read_by_ethics_first(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.passes("elif", Step.ETHICS)
    board.asks("lars")
    assert board.proposal.returns_to == Step.LEGAL
    board.answers()
    assert _at(board) == (P.IN_REVIEW, Step.ETHICS)


def test_an_answer_to_the_law_with_the_same_words_goes_straight_back_to_it(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.passes("elif", Step.ETHICS)
    board.asks("lars")
    board.answers(changed=False)
    assert _at(board) == (P.IN_REVIEW, Step.LEGAL)


def test_an_answer_to_a_data_partner_with_another_version_goes_through_the_reviews_again(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.passes("elif", Step.ETHICS)
    board.passes("lars", Step.LEGAL)
    _decides(board)
    board.asks("other_steward")
    board.answers()
    assert _at(board) == (P.IN_REVIEW, Step.ETHICS)
    with pytest.raises(WrongState, match="not open for decisions"):
        _decides(board)
    board.passes("elif", Step.ETHICS, LATER)
    board.passes("lars", Step.LEGAL, LATER)
    board.approve(LATER)
    assert _at(board) == (P.DECIDED, Step.ISSUE)


def test_the_clock_of_a_review_goes_on_where_it_stopped(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.asks("elif", NOW + timedelta(days=2))
    board.answers(NOW + timedelta(days=8), changed=False)
    clock = whose_turn(session, board.proposal, NOW + timedelta(days=9)).progress
    assert clock is not None
    assert (clock.day, clock.total) == (3, 10)


def test_a_step_that_follows_begins_a_clock_of_its_own(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.passes("elif", Step.ETHICS, NOW + timedelta(days=3))
    clock = whose_turn(session, board.proposal, NOW + timedelta(days=3)).progress
    assert clock is not None
    assert (clock.day, clock.total) == (0, 5)


def test_the_secretariat_may_ask_for_changes_in_any_step_and_the_answer_returns_there(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.passes("elif", Step.ETHICS)
    board.asks("officer")
    board.answers(changed=False)
    assert _at(board) == (P.IN_REVIEW, Step.LEGAL)


def test_a_new_version_of_a_pipeline_never_moves_a_case_in_flight(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = make_board(session)
    stricter = Pipeline("default@2", "With ethics for all", "", PIPELINES["ethics@1"].steps)
    monkeypatch.setitem(pipelines.PIPELINES, "default@2", stricter)
    monkeypatch.setattr(pipelines, "CURRENT_PIPELINE", "default@2")
    board.asks("steward")
    board.answers()
    assert board.proposal.pipeline == "default@1"
    assert _at(board) == (P.IN_REVIEW, Step.DATA_PARTNERS)
    board.approve(LATER)
    assert _at(board) == (P.DECIDED, Step.ISSUE)


def test_looking_again_needs_findings_and_ends_the_wait(session: Session) -> None:
    board = make_board(session, "crisis@1")
    board.approve()
    _issued(board)
    answer = whose_turn(session, board.proposal, NOW)
    assert (answer.turn, _names(board)) == (Turn.LOOKING_AGAIN, ["Cora Mbeki"])
    assert answer.progress is not None
    assert answer.progress.total == 20
    cora = board.actor("cora")
    assert [row.is_yours for row in proposals(session, cora, NOW).rows] == [True]
    with pytest.raises(Invalid):
        look_again(session, cora, board.ref, board.shown_hash, {}, "", NOW)
    look_again(session, cora, board.ref, board.shown_hash, yes_to(Step.AFTERWARDS), "It was right.", NOW)
    assert whose_turn(session, board.proposal, NOW).turn is Turn.ISSUED
    assert proposals(session, cora, NOW).rows == ()
    with pytest.raises(WrongState):
        look_again(session, cora, board.ref, board.shown_hash, {}, "Once more.", NOW)


def test_the_history_says_each_step_and_no_note_of_a_reviewer(session: Session) -> None:
    board = make_board(session, "ethics@1")
    pass_step(session, board.actor("elif"), board.ref, board.shown_hash, yes_to(Step.ETHICS), "Watch group sizes.", NOW)
    [passed] = [each for each in happenings(session, [("proposal", board.ref)]) if each.type == Event.STEP_PASSED]
    assert (passed.facts["step"], passed.facts["next"]) == ("ethics", "legal")
    assert passed.actor == "Elif Aydin"


def _issued(board: Board) -> None:
    """Issue as the director does, without the letters."""
    for dataset in board.cast.datasets:
        accede(board.session, board.session.get_one(Organization, dataset.organization_id))
    issue(board.session, acting(board.session, board.cast.director), board.ref, "Meridian", NOW)
