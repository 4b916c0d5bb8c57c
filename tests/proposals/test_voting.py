"""The committee's vote: who votes, when it counts, who decides where votes are equal, and that it closes once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.queries import happenings
from app.organizations.models import Membership
from app.proposals.commands.recusing import declare_conflict
from app.proposals.queries.cases import case
from app.proposals.queries.talk import history
from app.proposals.queries.votes import tally_of, verdicts_of
from app.proposals.queries.whose_turn import whose_turn
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.verdicts import StepOutcome
from app.rules.workflow import ProposalState
from tests.factories.organizations import make_person
from tests.factories.pipelines import ABSTAIN, AGAINST, FOR, LATER, Board, make_board
from tests.factories.proposals import NOW

P = ProposalState


@pytest.fixture
def board(session: Session) -> Board:
    return make_board(session, "committee@1")


def _at(board: Board) -> tuple[ProposalState, str | None]:
    return board.proposal.state, board.proposal.step


def _named(board: Board) -> list[str]:
    answer = whose_turn(board.session, board.proposal, NOW)
    return [holder.next.name for holder in answer.holders if holder.next]


def _ends(board: Board, who: str) -> None:
    for row in board.session.scalars(select(Membership).where(Membership.person_id == board.people[who].id)):
        row.ended_at = NOW
    board.session.flush()


def test_a_carried_vote_passes_it_on_to_the_data_partners(board: Board) -> None:
    assert _at(board) == (P.IN_REVIEW, Step.COMMITTEE)
    board.carry()
    assert _at(board) == (P.IN_REVIEW, Step.DATA_PARTNERS)
    [verdict] = verdicts_of(board.session, board.proposal)
    assert (verdict.outcome, verdict.counts["for"], verdict.counts["quorum"]) == (StepOutcome.PASSED, 3, 3)


def test_one_person_has_one_vote_which_can_be_changed_until_it_closes(board: Board) -> None:
    board.vote("rafi", FOR)
    board.vote("rafi", AGAINST)
    found = tally_of(board.session, board.proposal).count
    assert (found.in_favor, found.against, found.cast) == (0, 1, 1)
    for who in ("cora", "rhea", "oskar"):
        board.vote(who, FOR)
    board.close()
    with pytest.raises(WrongState):
        board.vote("rafi", FOR)


def test_too_few_votes_close_nothing(board: Board) -> None:
    board.vote("cora", FOR)
    board.vote("rafi", FOR)
    with pytest.raises(WrongState, match="Too few"):
        board.close()
    assert _at(board) == (P.IN_REVIEW, Step.COMMITTEE)


def test_a_vote_that_is_not_carried_ends_it_with_a_reason_of_the_chair(board: Board) -> None:
    for who, choice in (("cora", AGAINST), ("rafi", AGAINST), ("rhea", FOR)):
        board.vote(who, choice)
    with pytest.raises(Invalid, match="not carried"):
        board.close()
    board.close(words="Ask for weekly totals.")
    assert (board.proposal.state, board.proposal.end_reason) == (P.NOT_TAKEN_UP, "Ask for weekly totals.")


def test_where_votes_are_equal_the_chairs_own_decides(board: Board) -> None:
    for who, choice in (("cora", ABSTAIN), ("rafi", AGAINST), ("rhea", FOR)):
        board.vote(who, choice)
    with pytest.raises(WrongState, match="Vote for or against it yourself"):
        board.close()
    board.vote("oskar", AGAINST)
    board.vote("cora", FOR)
    board.close()
    assert _at(board) == (P.IN_REVIEW, Step.DATA_PARTNERS)


def test_who_abstains_counts_for_the_quorum_alone(board: Board) -> None:
    for who, choice in (("cora", ABSTAIN), ("rafi", ABSTAIN), ("rhea", FOR)):
        board.vote(who, choice)
    board.close()
    assert _at(board) == (P.IN_REVIEW, Step.DATA_PARTNERS)


def test_only_the_chair_closes_and_only_members_vote(board: Board) -> None:
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, FOR)
    with pytest.raises(NotAllowed):
        board.close("rafi")
    with pytest.raises(NotAllowed):
        board.vote("officer", FOR)
    with pytest.raises(NotFound):
        board.vote("steward", FOR)


def test_the_quorum_and_the_count_leave_out_those_in_conflict(board: Board) -> None:
    session, member = board.session, board.organizations["member"]
    session.add(
        Membership(person_id=board.people["rafi"].id, organization_id=member.id, role=Role.SIGNATORY, since=NOW)
    )
    session.flush()
    with pytest.raises(NotAllowed):
        board.vote("rafi", FOR)
    found = tally_of(session, board.proposal)
    assert [each.name for each in found.members if each.is_in_conflict] == ["Rafi Alvarez"]
    assert (found.count.members, found.count.quorum) == (3, 3)


def test_a_vote_of_somebody_who_declared_a_conflict_afterwards_no_longer_counts(board: Board) -> None:
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, FOR)
    declare_conflict(board.session, board.actor("rafi"), board.ref, "I advise the city.", NOW)
    assert tally_of(board.session, board.proposal).count.cast == 2
    with pytest.raises(WrongState, match="Too few"):
        board.close()


def test_another_version_is_voted_on_anew(board: Board) -> None:
    board.vote("rafi", FOR)
    board.vote("rhea", FOR)
    board.asks("cora")
    board.answers()
    assert _at(board) == (P.IN_REVIEW, Step.COMMITTEE)
    assert tally_of(board.session, board.proposal).count.cast == 0
    with pytest.raises(WrongState, match="Too few"):
        board.close(now=LATER)


def test_an_answer_in_the_same_words_keeps_the_votes(board: Board) -> None:
    board.vote("rafi", FOR)
    board.asks("cora")
    board.answers(changed=False)
    assert tally_of(board.session, board.proposal).count.cast == 1


def test_a_vote_against_says_why(board: Board) -> None:
    with pytest.raises(Invalid):
        board.vote("rafi", AGAINST, " ")


def test_the_next_who_has_not_voted_is_named_and_then_the_chair(board: Board) -> None:
    assert len(_named(board)) == 1
    for who in ("cora", "rafi", "rhea", "oskar"):
        board.vote(who, FOR)
    assert _named(board) == ["Cora Mbeki"]


def test_with_a_quorum_the_chair_is_named_though_others_may_still_vote(board: Board) -> None:
    for who in ("rafi", "rhea"):
        board.vote(who, FOR)
    assert "Cora Mbeki" not in _named(board) or not whose_turn(board.session, board.proposal, NOW).is_closing
    board.vote("oskar", FOR)
    for late in (timedelta(0), timedelta(days=12), timedelta(days=60)):
        turn = whose_turn(board.session, board.proposal, NOW + late)
        [holder] = turn.holders
        assert turn.is_closing
        assert board.people["cora"].id in holder.asked
        assert holder.acts is not None
        assert holder.acts.name == "Cora Mbeki", "whoever follows it up is told whom to ask"
    assert Action.CAST_VOTE in case(board.session, board.actor("cora"), board.ref, NOW).acts


def test_a_member_of_the_committee_stands_in_for_a_chair_in_conflict(board: Board) -> None:
    declare_conflict(board.session, board.actor("cora"), board.ref, "My sister leads it.", NOW)
    for who in ("rafi", "rhea", "oskar"):
        board.vote(who, FOR)
    with pytest.raises(NotAllowed):
        board.close("cora")
    board.close("rafi")
    assert _at(board) == (P.IN_REVIEW, Step.DATA_PARTNERS)


def test_where_too_few_are_left_to_vote_a_director_is_named_to_appoint_somebody(board: Board) -> None:
    for who in ("rhea", "oskar"):
        _ends(board, who)
    assert not tally_of(board.session, board.proposal).can_be_reached
    assert _named(board) == [board.people["director"].name]
    make_person(board.session, board.organizations["north"], Role.REVIEWER, name="Nele Haas")
    assert tally_of(board.session, board.proposal).can_be_reached


def test_votes_are_for_the_committee_and_the_secretariat_alone(board: Board) -> None:
    board.vote("rafi", AGAINST, "Names a village.")
    board.vote("cora", FOR)
    board.vote("rhea", FOR)
    board.close()
    shown = [each.type for each in happenings(board.session, [("proposal", board.ref)])]
    assert Event.VOTE_CAST in shown
    assert Event.VOTE_CLOSED in shown
    for who, reads in (("lead", False), ("steward", False), ("officer", True)):
        actor = board.actor(who)
        seen = {each.type for each in history(board.session, actor, case(board.session, actor, board.ref, NOW))}
        assert ({Event.VOTE_CAST, Event.VOTE_CLOSED} <= seen) is reads
        assert Event.STEP_PASSED in seen


def test_the_members_buttons_are_the_commands_they_may_use(board: Board) -> None:
    assert Action.CAST_VOTE in case(board.session, board.actor("rafi"), board.ref, NOW).acts
    assert Action.CLOSE_VOTE not in case(board.session, board.actor("rafi"), board.ref, NOW).acts
    assert {Action.CAST_VOTE, Action.CLOSE_VOTE} <= case(board.session, board.actor("cora"), board.ref, NOW).acts
    board.carry(NOW + timedelta(days=1))
    assert Action.CAST_VOTE not in case(board.session, board.actor("rafi"), board.ref, NOW).acts
