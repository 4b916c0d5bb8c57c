"""Two at once on PostgreSQL: one change is asked, one successor is issued, and a revocation never leaves a successor in force."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app.changes import commands
from app.changes.models import GrantChange
from app.changes.wanted import Wanted
from app.foundation.errors import WrongState
from app.foundation.files import FileStore
from app.grants.commands import revoke
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.organizations.models import Person
from app.rules.workflow import GrantState
from tests.factories.changes import LONGER, SOON, approve, ask
from tests.factories.grants import make_active, make_ready_cast
from tests.factories.organizations import acting
from tests.support.databases import DatabaseMaker

THREADS = 8


@pytest.fixture
def engine(make_database: DatabaseMaker) -> Engine:
    return create_engine(make_database("postgresql"), pool_size=THREADS)


def race(engine: Engine, acts: list[tuple[int, str]], *, number: str, reference: str = "") -> Counter[str]:
    """Everybody at once, each in a transaction of their own."""
    barrier = Barrier(len(acts))

    def run(act: tuple[int, str]) -> str:
        person_id, what = act
        with Session(engine) as session:
            actor = acting(session, session.get_one(Person, person_id))
            barrier.wait()
            try:
                if what == "ask":
                    commands.ask(session, actor, number, Wanted(ends_on=date(2027, 6, 30)), "Because.", "", SOON)
                elif what == "issue":
                    commands.issue_successor(session, actor, reference, SOON)
                else:
                    revoke(session, actor, number, "The data was passed on.", SOON)
                session.commit()
            except WrongState:
                session.rollback()
                return f"{what}: too late"
            return f"{what}: done"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(run, acts))


@pytest.mark.slow
def test_two_changes_raced_on_one_grant_give_one(engine: Engine, store: FileStore, press: Press) -> None:
    with Session(engine) as session:
        cast = make_ready_cast(session, 1)
        number = make_active(session, store, press, cast).number
        lead = cast.lead.id
        session.commit()
    assert race(engine, [(lead, "ask")] * THREADS, number=number) == {"ask: done": 1, "ask: too late": THREADS - 1}
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(GrantChange)) == 1
    engine.dispose()


@pytest.mark.slow
def test_one_change_that_is_issued_many_times_at_once_gives_one_successor(
    engine: Engine, store: FileStore, press: Press
) -> None:
    with Session(engine) as session:
        cast = make_ready_cast(session, 1)
        grant = make_active(session, store, press, cast)
        change = approve(session, cast, grant, ask(session, cast, grant, LONGER))
        number, reference, director = grant.number, change.reference, cast.director.id
        session.commit()
    outcome = race(engine, [(director, "issue")] * THREADS, number=number, reference=reference)
    assert outcome == {"issue: done": 1, "issue: too late": THREADS - 1}
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Grant)) == 2
    engine.dispose()


@pytest.mark.slow
def test_revoking_and_issuing_at_once_leaves_nothing_that_could_begin(
    engine: Engine, store: FileStore, press: Press
) -> None:
    with Session(engine) as session:
        cast = make_ready_cast(session, 1)
        grant = make_active(session, store, press, cast)
        change = approve(session, cast, grant, ask(session, cast, grant, LONGER))
        number, reference, director = grant.number, change.reference, cast.director.id
        session.commit()
    acts = [(director, "issue"), (director, "revoke")] * (THREADS // 2)
    outcome = race(engine, acts, number=number, reference=reference)
    assert outcome["revoke: done"] == 1
    with Session(engine) as session:
        assert set(session.scalars(select(Grant.state))) == {GrantState.REVOKED}
    engine.dispose()
