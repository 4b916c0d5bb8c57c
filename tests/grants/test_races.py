"""Many directors press "Issue" at once: every grant is issued once, and the way without locks would not hold.

The control run strips locks and constraints from the same code and must show doubles; without it, nobody could tell whether
the test is able to fail (safety.md: the naive way issued twice for 99 % of the proposals).
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.foundation.database import make_engine
from app.foundation.errors import WrongState
from app.grants.commands import issue
from app.grants.models import Grant
from app.organizations.models import Person
from tests.factories.grants import CONSORTIUM, NOW, make_decided, make_ready_cast
from tests.factories.organizations import acting
from tests.support.run import ROOT

THREADS = 32
PROPOSALS = 4
PARTNERS = 2
PROCESSES = 4
MakeDatabase = Callable[[str], str]


@dataclass(frozen=True)
class Setting:
    """Decided proposals in a database of their own, and the director who may issue on them."""

    url: str
    director_id: int
    references: tuple[str, ...]


def set_up(url: str) -> Setting:
    engine = make_engine(url)
    with Session(engine) as session:
        cast = make_ready_cast(session, PARTNERS)
        references = tuple(make_decided(session, cast).reference for _ in range(PROPOSALS))
        session.commit()
        director_id = cast.director.id
    engine.dispose()
    return Setting(url, director_id, references)


def race(engine: Engine, setting: Setting) -> Counter[str]:
    """All threads try all proposals in the same order, starting together each time."""
    start = Barrier(THREADS)

    def run(_: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for reference in setting.references:
            start.wait(timeout=120)
            outcomes[attempt(engine, setting, reference)] += 1
        return outcomes

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(run, range(THREADS)), Counter[str]())


def attempt(engine: Engine, setting: Setting, reference: str) -> str:
    with Session(engine) as session:
        try:
            director = acting(session, session.get_one(Person, setting.director_id))
            issue(session, director, reference, CONSORTIUM, NOW)
            session.commit()
        except WrongState:
            return "found it issued"
        except SQLAlchemyError as error:
            return type(error).__name__
        return "issued"


def doubles(engine: Engine) -> int:
    """Grants beyond the first for a proposal and partner, and numbers given out more than once."""
    with Session(engine) as session:
        pairs = session.execute(
            select(func.count()).select_from(Grant).group_by(Grant.proposal_id, Grant.data_partner_id)
        )
        numbers = session.execute(select(func.count()).select_from(Grant).group_by(Grant.number))
        return sum(row[0] - 1 for row in pairs) + sum(row[0] - 1 for row in numbers)


def total(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Grant)) or 0


def crowd(url: str) -> Engine:
    return create_engine(url, pool_size=THREADS, connect_args={"options": "-c lock_timeout=60s"})


def without_locks(engine: Engine) -> None:
    """The same statements, but proposals and numbers are read without a lock and written without asking who came first."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def strip(
        _connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: object
    ) -> tuple[str, object]:
        if re.search(r"FROM (proposal|number_series)\b", statement):
            statement = statement.replace(" FOR UPDATE", "")
        if statement.startswith("UPDATE proposal SET"):
            statement = re.sub(r" AND proposal\.version = %\(\w+\)s(::\w+)?", "", statement)
        return statement, parameters


def without_constraints(engine: Engine) -> None:
    with engine.begin() as connection:
        found = connection.execute(
            text(
                "SELECT i.indexrelid::regclass::text, c.conname, i.indrelid::regclass::text FROM pg_index i "
                "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid "
                "WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid IN ('\"grant\"'::regclass, 'grant_dataset'::regclass)"
            )
        ).all()
        assert len(found) >= 4
        for index, constraint, table in found:
            gone = f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}"
            connection.execute(text(gone))


@pytest.mark.slow
def test_32_threads_on_postgresql_issue_every_grant_once(make_database: MakeDatabase) -> None:
    setting = set_up(make_database("postgresql"))
    engine = crowd(setting.url)
    outcomes = race(engine, setting)
    assert doubles(engine) == 0
    assert total(engine) == PROPOSALS * PARTNERS
    # The locks alone decide: nobody ran into a constraint, and nobody has to try again.
    assert outcomes == {"issued": PROPOSALS, "found it issued": (THREADS - 1) * PROPOSALS}
    engine.dispose()


@pytest.mark.slow
def test_without_the_locks_the_constraints_still_hold(make_database: MakeDatabase) -> None:
    setting = set_up(make_database("postgresql"))
    engine = crowd(setting.url)
    without_locks(engine)
    outcomes = race(engine, setting)
    assert doubles(engine) == 0
    assert outcomes["IntegrityError"] > 0
    engine.dispose()


@pytest.mark.slow
def test_without_locks_and_constraints_grants_are_issued_twice(make_database: MakeDatabase) -> None:
    setting = set_up(make_database("postgresql"))
    engine = crowd(setting.url)
    without_constraints(engine)
    without_locks(engine)
    race(engine, setting)
    assert doubles(engine) > 0
    engine.dispose()


@pytest.mark.slow
def test_processes_on_sqlite_issue_every_grant_once(make_database: MakeDatabase) -> None:
    setting = set_up(make_database("sqlite"))
    command = [sys.executable, "-m", "tests.grants.racer", setting.url, str(setting.director_id), *setting.references]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    printed = [process.communicate(timeout=180)[0] for process in running]
    outcomes = sum((Counter[str](json.loads(lines)) for lines in printed), Counter[str]())
    engine = make_engine(setting.url)
    assert doubles(engine) == 0
    assert outcomes == {"issued": PROPOSALS * PARTNERS, "found it issued": (PROCESSES - 1) * PROPOSALS}
    engine.dispose()
