"""Two acts at once on PostgreSQL: one happens, the other is told; and the control that shows that the lock does it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.foundation.database import make_engine
from app.history.queries import faults
from app.proposals.commands.deciding import decide, undo_decision
from app.proposals.commands.intake import Request, pass_intake, request_changes
from app.proposals.commands.sending import withdraw
from app.proposals.models import Decision, Proposal
from app.rules.actors import Actor
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import ALL_YES, MONDAY, Scene, scene_in_intake, scene_in_review
from tests.support.databases import DatabaseMaker
from tests.support.racing import Act, race

A, N = ItemState.APPROVED, ItemState.NOT_APPROVED
AT_ONCE = 8


@pytest.fixture
def engine(make_database: DatabaseMaker) -> Iterator[Engine]:
    """A database of its own, because these tests commit."""
    engine = make_engine(make_database("postgresql"))
    yield engine
    engine.dispose()


def _committed(engine: Engine, make: Callable[[Session], Scene]) -> Scene:
    with Session(engine, expire_on_commit=False) as session:
        scene = make(session)
        session.commit()
        return scene


def _actor(scene: Scene, who: str) -> Actor:
    """A person as they sign in, read in a transaction that is over before the race."""
    actor = scene.actor(who)
    scene.session.close()
    return actor


def _deciding(scene: Scene, who: str, dataset: str, outcome: ItemState) -> Act:
    ruling, reference = scene.ruling(outcome), scene.datasets[dataset].reference
    actor = _actor(scene, who)
    return lambda session: decide(session, actor, scene.ref, [reference], ruling, MONDAY)


def _state(engine: Engine, scene: Scene) -> ProposalState:
    with Session(engine) as session:
        return session.get_one(Proposal, scene.proposal.id).state


def _decisions(engine: Engine) -> int:
    with Session(engine) as session:
        assert faults(session) == []
        return session.scalar(select(func.count()).select_from(Decision)) or 0


def test_two_stewards_who_decide_at_once_make_one_decision(engine: Engine) -> None:
    scene = _committed(engine, scene_in_review)
    acts = [_deciding(scene, who, "streets", out) for who, out in (("lucia", A), ("tom", N)) for _each in range(4)]
    assert race(engine, acts) == ["WrongState"] * (AT_ONCE - 1) + ["done"]
    assert _decisions(engine) == 1


def test_without_the_lock_the_database_itself_refuses_the_second(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the row lock prevents, version columns and the unique index still refuse."""
    scene = _committed(engine, scene_in_review)
    monkeypatch.setattr("app.proposals.commands.deciding.locked", _unlocked)
    acts = [_deciding(scene, "lucia", "streets", A) for _each in range(AT_ONCE)]
    outcomes = race(engine, acts)
    assert outcomes.count("done") == 1
    assert {"IntegrityError", "StaleDataError"} & set(outcomes), outcomes
    assert _decisions(engine) == 1


def _unlocked(session: Session, reference: str) -> Proposal:
    return session.scalars(select(Proposal).where(Proposal.reference == reference)).one()


def test_the_last_two_data_partners_at_once_complete_it_once(engine: Engine) -> None:
    scene = _committed(engine, scene_in_review)
    acts = [_deciding(scene, "lucia", "streets", A), _deciding(scene, "pia", "shops", N)]
    assert race(engine, acts) == ["done", "done"]
    assert _state(engine, scene) is ProposalState.DECIDED
    assert _decisions(engine) == 2


@pytest.mark.parametrize("_round", range(4))
def test_a_decision_and_a_withdrawal_at_once_leave_a_clear_state(engine: Engine, _round: int) -> None:
    scene = _committed(engine, scene_in_review)
    rosa = _actor(scene, "rosa")
    outcomes = race(
        engine,
        [
            _deciding(scene, "lucia", "streets", A),
            lambda session: withdraw(session, rosa, scene.ref, "The loan was canceled.", MONDAY),
        ],
    )
    assert outcomes in (["WrongState", "done"], ["done", "done"])  # one may still withdraw after a decision
    assert _state(engine, scene) is ProposalState.WITHDRAWN


def test_a_decision_and_a_request_for_changes_at_once(engine: Engine) -> None:
    scene = _committed(engine, scene_in_review)
    pia = _actor(scene, "pia")
    outcomes = race(
        engine,
        [
            _deciding(scene, "lucia", "streets", A),
            lambda session: request_changes(session, pia, scene.ref, [Request("Shorter?")], MONDAY),
        ],
    )
    assert outcomes in (["WrongState", "done"], ["done", "done"])
    assert _state(engine, scene) is ProposalState.CHANGES_REQUESTED


def test_an_intake_check_is_passed_once(engine: Engine) -> None:
    scene = _committed(engine, scene_in_intake)
    jonas = _actor(scene, "jonas")
    acts: list[Act] = [lambda session: pass_intake(session, jonas, scene.ref, ALL_YES, MONDAY)] * AT_ONCE
    assert race(engine, acts) == ["WrongState"] * (AT_ONCE - 1) + ["done"]


def test_a_decision_is_taken_back_once(engine: Engine) -> None:
    def make(session: Session) -> Scene:
        scene = scene_in_review(session)
        scene.decides("lucia", "streets", A)
        return scene

    scene = _committed(engine, make)
    lucia, reference = _actor(scene, "lucia"), scene.datasets["streets"].reference
    acts: list[Act] = [lambda session: undo_decision(session, lucia, scene.ref, reference, MONDAY)] * AT_ONCE
    assert race(engine, acts) == ["WrongState"] * (AT_ONCE - 1) + ["done"]
