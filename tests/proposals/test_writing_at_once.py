"""Several people on one answer at once: nothing is overwritten silently and nothing is lost, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.foundation.database import begin_writing, make_engine
from app.proposals.commands.drafting import Saved, Writing, save_answers
from app.proposals.commands.gathering import add_team_member
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.questions import mark
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import NOW, make_cast, make_proposal
from tests.support.databases import DatabaseMaker

BEFORE = "Half of the children in the southern districts walk to school along roads without sidewalks."
WRITERS = 6


@pytest.fixture
def engine(database_kind: str, make_database: DatabaseMaker) -> Iterator[Engine]:
    """A database of its own, because these tests commit."""
    engine = make_engine(make_database(database_kind))
    yield engine
    engine.dispose()


def _team(engine: Engine) -> tuple[str, int, list[Actor]]:
    """A committed draft, and its writers as they sign in."""
    with Session(engine, expire_on_commit=False) as session:
        cast = make_cast(session)
        proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
        lead = acting(session, cast.lead)
        writers = [lead]
        for number in range(WRITERS - 1):
            person = make_person(session, cast.member, Role.PROJECT_STAFF, name=f"Writer {number}")
            add_team_member(session, lead, proposal.reference, person.name, person.email, "", NOW)
            writers.append(acting(session, person))
        session.commit()
        return proposal.reference, proposal.id, writers


@pytest.mark.parametrize("_round", range(3))
def test_of_many_saves_at_once_one_is_stored_and_every_other_writer_gets_both_texts(
    engine: Engine, _round: int
) -> None:
    reference, key, writers = _team(engine)
    barrier = Barrier(len(writers))

    def write(actor: Actor) -> Saved:
        opened = Writing(f"page of {actor.name}", {"problem": mark(BEFORE)})
        barrier.wait()
        with Session(engine, expire_on_commit=False) as session:
            begin_writing(session)  # as each request that writes does
            saved = save_answers(session, actor, reference, {"problem": f"By {actor.name}."}, NOW, opened)
            session.commit()
            return saved

    with ThreadPoolExecutor(len(writers)) as pool:
        results = dict(zip((actor.name for actor in writers), pool.map(write, writers), strict=True))
    with Session(engine) as session:
        stored = session.get_one(Proposal, key).answers["problem"]
    winners = [name for name, saved in results.items() if saved.changed]
    assert [f"By {name}." for name in winners] == [stored]
    for name, saved in results.items():
        if name not in winners:
            [clash] = saved.clashes
            assert (clash.theirs, clash.yours, clash.by) == (stored, f"By {name}.", winners[0])


def test_two_answers_saved_at_once_are_both_kept(engine: Engine) -> None:
    reference, key, writers = _team(engine)
    texts = {"problem": "What is wrong.", "benefit": "What gets better."}
    barrier = Barrier(len(texts))

    def write(actor: Actor, answer: str) -> None:
        barrier.wait()
        with Session(engine) as session:
            begin_writing(session)
            save_answers(session, actor, reference, {answer: texts[answer]}, NOW, Writing(actor.name, {}))
            session.commit()

    with ThreadPoolExecutor(len(texts)) as pool:
        list(pool.map(write, writers, texts))
    with Session(engine) as session:
        answers = session.get_one(Proposal, key).answers
    assert {name: answers[name] for name in texts} == texts
