"""Every member of the committee has an open vote in their inbox until they have voted; the chair once it can be closed."""

import pytest
from sqlalchemy.orm import Session

from app.inbox.queries import inbox
from app.proposals.commands.recusing import declare_conflict
from tests.factories.pipelines import FOR, LATER, Board, make_board
from tests.factories.proposals import NOW

pytestmark = pytest.mark.both_databases


def _mine(board: Board, who: str) -> list[str]:
    """What somebody finds under their own, of this proposal."""
    found = inbox(board.session, board.actor(who), LATER)
    own = [row.sentence for row in found.yours if dict(row.values).get("reference") == board.ref]
    assert len(own) <= found.yours_count
    return own


def test_everybody_who_has_not_voted_finds_it_whoever_is_named(session: Session) -> None:
    board = make_board(session, "committee@1")
    for who in ("cora", "rafi", "rhea"):
        assert len(_mine(board, who)) == 1, who
    board.vote("rafi", FOR)
    assert _mine(board, "rafi") == []
    assert len(_mine(board, "rhea")) == 1


def test_the_chair_finds_that_it_can_be_closed_though_others_may_still_vote(session: Session) -> None:
    board = make_board(session, "committee@1")
    for who in ("cora", "rafi"):
        board.vote(who, FOR)
    assert _mine(board, "cora") == []
    board.vote("rhea", FOR)
    assert _mine(board, "cora") == ["Close the vote on a proposal"]
    assert _mine(board, "officer") == []


def test_who_has_a_conflict_of_interest_finds_no_vote(session: Session) -> None:
    board = make_board(session, "committee@1")
    declare_conflict(session, board.actor("rhea"), board.ref, "I know the lead.", NOW)
    assert _mine(board, "rhea") == []
