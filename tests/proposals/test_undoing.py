"""What somebody did in a review is taken back within ten minutes by the one who did it, while nobody has gone on from it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, close_at_intake, request_changes
from app.proposals.commands.recusing import declare_conflict
from app.proposals.commands.stepping import decline_in_step
from app.proposals.commands.undoing import take_back
from app.proposals.models import Comment, Proposal
from app.proposals.queries.cases import case
from app.proposals.queries.requests import open_requests
from app.proposals.queries.talk import conversation, message_count
from app.proposals.queries.votes import verdicts_of
from app.proposals.queries.whose_turn import whose_turn
from app.proposals.step_models import StepVerdict
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.undoing import UNDO_ACTS, UNDOINGS, Undoing
from app.rules.verdicts import VoteChoice
from app.rules.workflow import ItemState, ProposalState, next_state
from tests.factories.pipelines import AGAINST, FOR, Board, make_board
from tests.factories.proposals import NOW
from tests.factories.review import MONDAY, Scene, scene_in_intake, scene_in_review

P = ProposalState
ASKED = [Request("Would block centers do?", "variables"), Request("Name the city.")]
DONE = MONDAY + timedelta(hours=3)
SOON, TOO_LATE = DONE + timedelta(minutes=10), DONE + timedelta(minutes=10, seconds=1)


def stands(proposal: Proposal) -> tuple[object, ...]:
    """Where a proposal is, and its clocks."""
    place = (proposal.state, proposal.step, proposal.returns_to, proposal.waiting_since, proposal.used_days)
    ends = (proposal.review_runs, proposal.passed_at, proposal.offered_at, proposal.ended_at, proposal.end_reason)
    return (*place, *ends)


def named(session: Session, proposal: Proposal, now: datetime = SOON) -> list[tuple[str, object]]:
    """Who is named, and by when."""
    holders = whose_turn(session, proposal, now).holders
    return [(holder.next.name, holder.progress) for holder in holders if holder.next]


def ask(scene: Scene, who: str = "lucia") -> None:
    request_changes(scene.session, scene.actor(who), scene.ref, ASKED, DONE)


@pytest.mark.both_databases
def test_a_request_for_changes_is_taken_back_and_the_clock_goes_on_as_if_it_had_never_stopped(session: Session) -> None:
    scene = scene_in_review(session)
    before, waited_for = stands(scene.proposal), named(session, scene.proposal)
    ask(scene)
    assert scene.proposal.state is P.CHANGES_REQUESTED
    take_back(session, scene.actor("lucia"), scene.ref, SOON)
    session.expire_all()
    assert stands(scene.proposal) == before
    assert named(session, scene.proposal) == waited_for


def test_at_intake_the_officer_takes_back_a_request(session: Session) -> None:
    scene = scene_in_intake(session)
    before = stands(scene.proposal)
    ask(scene, "jonas")
    take_back(session, scene.actor("jonas"), scene.ref, SOON)
    assert stands(scene.proposal) == before
    assert [name for name, _clock in named(session, scene.proposal)] == ["Jonas Oyelaran"]


def test_what_was_asked_for_is_asked_no_more_and_stays_in_the_history(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene)
    assert len(open_requests(session, scene.proposal)) == 2
    take_back(session, scene.actor("lucia"), scene.ref, SOON)
    assert open_requests(session, scene.proposal) == ()
    for who in ("rosa", "lucia", "jonas"):
        of = case(session, scene.actor(who), scene.ref, SOON)
        assert conversation(session, scene.actor(who), of) == []
        assert message_count(session, scene.actor(who), of) == 0
    assert [row.withdrawn_at for row in session.scalars(select(Comment))] == [SOON, SOON]
    kinds = session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)).all()
    assert kinds[-2:] == [Event.CHANGES_REQUESTED, Event.REQUEST_UNDONE]


def test_an_earlier_request_of_the_same_person_stays(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("The first.")], MONDAY + timedelta(hours=1))
    scene.proposal.state, scene.proposal.step = P.IN_REVIEW, Step.DATA_PARTNERS
    ask(scene)
    take_back(session, scene.actor("lucia"), scene.ref, SOON)
    standing = session.scalars(select(Comment.body).where(Comment.withdrawn_at.is_(None)))
    assert standing.all() == ["The first."]


def test_after_ten_minutes_it_stands(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene)
    assert case(session, scene.actor("lucia"), scene.ref, TOO_LATE).taking_back is None
    with pytest.raises(WrongState, match="ten minutes"):
        take_back(session, scene.actor("lucia"), scene.ref, TOO_LATE)


@pytest.mark.parametrize("who", ["tom", "pia", "jonas", "helena"])
def test_nobody_takes_back_what_another_did(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    ask(scene)
    assert case(session, scene.actor(who), scene.ref, SOON).taking_back is None
    with pytest.raises(WrongState):
        take_back(session, scene.actor(who), scene.ref, SOON)


@pytest.mark.parametrize(("who", "error"), [("rosa", NotAllowed), ("aude", NotAllowed), ("otto", NotFound)])
def test_who_does_not_review_it_takes_nothing_back(session: Session, who: str, error: type[Exception]) -> None:
    scene = scene_in_review(session)
    ask(scene)
    with pytest.raises(error):
        take_back(session, scene.actor(who), scene.ref, SOON)


def test_who_declared_a_conflict_since_takes_nothing_back(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene)
    declare_conflict(session, scene.actor("lucia"), scene.ref, "My sister works there.", SOON)
    with pytest.raises(NotAllowed):
        take_back(session, scene.actor("lucia"), scene.ref, SOON)


def test_once_the_team_has_begun_to_answer_it_stands(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene)
    save_answers(session, scene.actor("rosa"), scene.ref, {"variables": "By block center."}, DONE)
    assert case(session, scene.actor("lucia"), scene.ref, SOON).taking_back is None
    with pytest.raises(WrongState, match="gone on"):
        take_back(session, scene.actor("lucia"), scene.ref, SOON)


def test_it_is_taken_back_once_and_a_new_request_can_be_taken_back_too(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene)
    take_back(session, scene.actor("lucia"), scene.ref, DONE)
    with pytest.raises(WrongState):
        take_back(session, scene.actor("lucia"), scene.ref, DONE)
    ask(scene)
    take_back(session, scene.actor("lucia"), scene.ref, SOON)
    assert scene.proposal.state is P.IN_REVIEW


def test_the_one_who_did_it_is_told_what_it_was_and_until_when(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene)
    seen = case(session, scene.actor("lucia"), scene.ref, DONE)
    assert seen.taking_back is not None
    assert (seen.taking_back.said, seen.taking_back.until) == ("You asked for changes.", SOON)
    assert not seen.acts & UNDO_ACTS


def test_not_taking_it_up_at_intake_is_taken_back(session: Session) -> None:
    scene = scene_in_intake(session)
    before = stands(scene.proposal)
    close_at_intake(session, scene.actor("jonas"), scene.ref, "Outside the agreement.", DONE)
    take_back(session, scene.actor("jonas"), scene.ref, SOON)
    session.expire_all()
    assert stands(scene.proposal) == before


def _declined(board: Board) -> None:
    reader, said = board.actor("elif"), "The risk is larger than the use."
    decline_in_step(board.session, reader, board.ref, board.shown_hash, {}, said, NOW + timedelta(minutes=1))


@pytest.mark.both_databases
def test_the_no_of_a_step_is_taken_back_and_another_verdict_takes_its_place(session: Session) -> None:
    board = make_board(session, "ethics@1")
    before = stands(board.proposal)
    _declined(board)
    assert board.proposal.state is P.NOT_TAKEN_UP
    take_back(session, board.actor("elif"), board.ref, NOW + timedelta(minutes=2))
    session.expire_all()
    assert stands(board.proposal) == before
    assert verdicts_of(session, board.proposal) == []
    board.passes("elif", Step.ETHICS, NOW + timedelta(minutes=3))
    assert board.proposal.step == Step.LEGAL
    assert [row.undone_at is None for row in session.scalars(select(StepVerdict).order_by(StepVerdict.id))] == [
        False,
        True,
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize(("choice", "after"), [(FOR, P.IN_REVIEW), (AGAINST, P.NOT_TAKEN_UP)])
def test_a_closed_vote_is_opened_again_by_its_chair_whatever_came_of_it(
    session: Session, choice: VoteChoice, after: ProposalState
) -> None:
    board = make_board(session, "committee@1")
    before = stands(board.proposal)
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, choice)
    board.close(words="Narrow it.", now=NOW + timedelta(minutes=1))
    assert (board.proposal.state, board.proposal.step == Step.COMMITTEE) == (after, False)
    take_back(session, board.actor("cora"), board.ref, NOW + timedelta(minutes=2))
    session.expire_all()
    assert stands(board.proposal) == before
    board.vote("rafi", FOR)
    board.close(words="Narrow it.", now=NOW + timedelta(minutes=3))


def test_a_vote_stays_closed_once_a_data_partner_has_decided(session: Session) -> None:
    board = make_board(session, "committee@1")
    board.carry(NOW + timedelta(minutes=1))
    board.approve(NOW + timedelta(minutes=2))
    assert board.proposal.state is P.DECIDED
    with pytest.raises(WrongState):
        take_back(session, board.actor("cora"), board.ref, NOW + timedelta(minutes=3))


def test_a_request_is_taken_back_beside_the_decision_of_another_data_partner(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("pia", "shops", ItemState.APPROVED, DONE)
    ask(scene)
    take_back(session, scene.actor("lucia"), scene.ref, SOON)
    assert [name for name, _clock in named(session, scene.proposal)] == ["Lucía Prado"]


@pytest.mark.parametrize("row", UNDOINGS, ids=lambda row: row.undo)
def test_each_row_leads_back_to_the_state_in_which_it_was_done(row: Undoing) -> None:
    after = {next_state(row.done, row.was)} | ({P.NOT_TAKEN_UP} if row.done is Action.CLOSE_VOTE else set())
    assert {next_state(row.undo, state) for state in after} == {row.was}
