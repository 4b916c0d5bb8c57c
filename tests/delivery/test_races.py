"""Two requests at the same moment: a secret is shown to one of them; and the control without the lock shows it twice."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.delivery import commands
from app.delivery.commands import Provided
from app.delivery.safe import Safe
from app.foundation.database import make_engine
from app.foundation.files import FileStore
from app.rules.actors import Actor
from tests.factories.grants import NOW, make_active, make_ready_cast, press_in
from tests.factories.organizations import acting
from tests.support.databases import DatabaseMaker
from tests.support.racing import race

SAFE = Safe(b"k" * 32)
AT_ONCE = 6
Setting = tuple[str, Actor]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, make_database: DatabaseMaker) -> Iterator[Engine]:
    """A database of its own, because these tests commit."""
    engine = make_engine(make_database(request.param))
    yield engine
    engine.dispose()


def set_up(engine: Engine, folder: Path) -> Setting:
    with Session(engine) as session:
        cast = make_ready_cast(session, 1)
        grant = make_active(session, FileStore("memory:///"), press_in(folder), cast)
        commands.begin(session, grant.number, NOW)
        given = Provided("Fetch the files.", "", None, "opens-nothing", cast.lead.id)
        commands.provide(session, acting(session, cast.steward_of(cast.datasets[0])), grant.number, given, SAFE, NOW)
        session.commit()
        return grant.number, acting(session, cast.lead)


def test_a_secret_is_shown_to_one_of_many_requests(engine: Engine, tmp_path: Path) -> None:
    number, lead = set_up(engine, tmp_path)
    outcomes = race(engine, [lambda session: commands.see_secret(session, lead, number, SAFE, NOW)] * AT_ONCE)
    assert outcomes == ["WrongState"] * (AT_ONCE - 1) + ["done"]


def test_without_the_locks_it_would_be_shown_twice(make_database: DatabaseMaker, tmp_path: Path) -> None:
    engine = make_engine(make_database("postgresql"))
    number, lead = set_up(engine, tmp_path)
    reached = Barrier(AT_ONCE)

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def strip(
        _connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: object
    ) -> tuple[str, object]:
        if re.search(r"FROM (\"grant\"|delivery\b|delivery_secret\b)", statement):
            statement = statement.replace(" FOR UPDATE", "")
        if statement.startswith("UPDATE delivery_secret"):
            reached.wait(timeout=60)  # everybody has read it by now
        return statement, parameters

    outcomes = race(engine, [lambda session: commands.see_secret(session, lead, number, SAFE, NOW)] * AT_ONCE)
    assert outcomes.count("done") > 1
    engine.dispose()
