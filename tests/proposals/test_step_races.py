"""Two acts of a step at once on PostgreSQL: one verdict, one step further, and a history without a fault."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.foundation.database import make_engine
from app.history.queries import faults
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.recusing import declare_conflict
from app.proposals.commands.stepping import decline_in_step, pass_step
from app.proposals.commands.voting import cast_vote, close_vote
from app.proposals.models import Proposal
from app.proposals.step_models import CommitteeVote, ConflictOfInterest, StepVerdict
from app.rules.actors import Actor
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import make_person
from tests.factories.pipelines import AGAINST, FOR, Board, make_board, yes_to
from tests.factories.proposals import NOW
from tests.support.databases import DatabaseMaker
from tests.support.racing import Act, race

AT_ONCE = 8


@pytest.fixture
def engine(make_database: DatabaseMaker) -> Iterator[Engine]:
    engine = make_engine(make_database("postgresql"))
    yield engine
    engine.dispose()


class _Seen:
    """What the racers need of a board, read in a transaction that is over before they start."""

    def __init__(self, board: Board) -> None:
        self.ref, self.hash = board.ref, board.shown_hash
        self.actors: dict[str, Actor] = {who: board.actor(who) for who in board.people}


def _committed(engine: Engine, pipeline: str, prepare: Callable[[Board], None]) -> _Seen:
    with Session(engine) as session:
        board = make_board(session, pipeline)
        prepare(board)
        session.commit()
        return _Seen(board)


def _after(engine: Engine, seen: _Seen) -> tuple[ProposalState, str | None]:
    with Session(engine) as session:
        found = session.scalars(select(Proposal).where(Proposal.reference == seen.ref)).one()
        assert faults(session) == []
        return found.state, found.step


def _number(engine: Engine, table: type[StepVerdict] | type[CommitteeVote] | type[ConflictOfInterest]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _three_votes(board: Board) -> None:
    board.people["second"] = make_person(board.session, board.organizations["delta"], Role.CHAIR, name="Second Chair")
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, FOR)


def test_two_chairs_who_close_a_vote_at_once_close_it_once(engine: Engine) -> None:
    seen = _committed(engine, "committee@1", _three_votes)

    def closing(who: str) -> Act:
        return lambda session: close_vote(session, seen.actors[who], seen.ref, seen.hash, "", NOW)

    result = race(engine, [closing(who) for who in ("cora", "second")] * (AT_ONCE // 2))
    assert result.count("done") == 1
    assert _after(engine, seen) == (ProposalState.IN_REVIEW, Step.DATA_PARTNERS)
    assert _number(engine, StepVerdict) == 1


def test_votes_of_one_person_at_once_are_one_vote(engine: Engine) -> None:
    seen = _committed(engine, "committee@1", lambda _board: None)

    def voting(number: int) -> Act:
        choice = FOR if number % 2 else AGAINST
        return lambda session: cast_vote(session, seen.actors["rafi"], seen.ref, seen.hash, choice, "So.", NOW)

    assert "done" in race(engine, [voting(number) for number in range(AT_ONCE)])
    assert _number(engine, CommitteeVote) == 1


def test_a_vote_beside_the_closing_is_counted_or_refused(engine: Engine) -> None:
    seen = _committed(engine, "committee@1", _three_votes)
    result = race(
        engine,
        [
            lambda session: close_vote(session, seen.actors["cora"], seen.ref, seen.hash, "", NOW),
            lambda session: cast_vote(session, seen.actors["oskar"], seen.ref, seen.hash, AGAINST, "No.", NOW),
        ],
    )
    assert result in (["WrongState", "done"], ["done", "done"])
    with Session(engine) as session:
        verdict = session.scalars(select(StepVerdict)).one()
        votes = session.scalar(select(func.count()).select_from(CommitteeVote))
        assert verdict.counts["against"] == (votes or 0) - 3


def test_passing_and_declining_a_step_at_once_ends_it_one_way(engine: Engine) -> None:
    seen = _committed(engine, "ethics@1", lambda _board: None)
    elif_, marks = seen.actors["elif"], yes_to(Step.ETHICS)
    result = race(
        engine,
        [
            lambda session: pass_step(session, elif_, seen.ref, seen.hash, marks, "", NOW),
            lambda session: decline_in_step(session, elif_, seen.ref, seen.hash, marks, "Too fine.", NOW),
            lambda session: request_changes(session, elif_, seen.ref, [Request("Why?")], NOW),
        ],
    )
    assert result.count("done") == 1
    state, step = _after(engine, seen)
    ways = {
        (ProposalState.IN_REVIEW, Step.LEGAL),
        (ProposalState.NOT_TAKEN_UP, None),
        (ProposalState.CHANGES_REQUESTED, Step.ETHICS),
    }
    assert (state, step) in ways


def test_a_conflict_declared_many_times_at_once_is_declared_once(engine: Engine) -> None:
    seen = _committed(engine, "default@1", lambda _board: None)

    def declaring(session: Session) -> object:
        return declare_conflict(session, seen.actors["steward"], seen.ref, "I know them.", NOW)

    assert race(engine, [declaring] * AT_ONCE).count("done") == 1
    assert _number(engine, ConflictOfInterest) == 1
