"""`session` on SQLite and on PostgreSQL: the migrated schema, one transaction per test, always rolled back.

A test that asks for `session` (or anything built on it) runs on both. One that also asks for the application runs on
SQLite alone, unless it is marked `both_databases`: its rules were tested on both already.
"""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.foundation.database import make_engine
from app.search.engine.shelf import place
from tests.support import run
from tests.support.postgres import Cluster

KINDS = ("sqlite", "postgresql")
TEMPLATE = "onepact_template"
_serial = count(1)

DatabaseMaker = Callable[[str], str]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: run this page or command line test on PostgreSQL too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("both_databases")
        kinds = KINDS if marked or not {"app", "built_app"} & set(metafunc.fixturenames) else KINDS[:1]
        metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def make_database(request: pytest.FixtureRequest) -> DatabaseMaker:
    """Call it with "sqlite" or "postgresql": the address of a new, migrated, empty database."""

    def make(kind: str) -> str:
        name = f"onepact_{worker_name(request.config)}_{next(_serial)}"
        if kind == "postgresql":
            cluster: Cluster = request.getfixturevalue("cluster")
            _make_template(cluster)
            return cluster.create(name, TEMPLATE)
        file = run.folder() / f"{name}.sqlite3"
        shutil.copyfile(_template_file(), file)
        return f"sqlite:///{file}"

    return make


@pytest.fixture(scope="session")
def engine(database_kind: str, make_database: DatabaseMaker) -> Iterator[Engine]:
    """One engine per worker and kind of database."""
    engine = make_engine(make_database(database_kind))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that nobody commits, with a search index of its own: it too holds nothing yet."""
    place(engine, None)
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.begin_nested()  # whoever joins from here on joins a savepoint, never the transaction itself
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """What commands and queries take. `commit` in here ends a savepoint only."""
    with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database behind an engine to a revision, up or down."""
    config = Config(run.ROOT / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        go = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
        go(config, revision)


def worker_name(config: pytest.Config) -> str:
    """gw0, gw1, … or main where there is a single process."""
    return str(getattr(config, "workerinput", {}).get("workerid", "main"))


def _template_file() -> Path:
    file = run.folder() / "template.sqlite3"
    with run.locked("template-sqlite"):
        if not file.exists():
            draft = file.with_suffix(".draft")
            engine = make_engine(f"sqlite:///{draft}")
            migrate(engine)
            with engine.connect() as connection:  # no -wal file may be left behind
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            draft.rename(file)
    return file


def _make_template(cluster: Cluster) -> None:
    done = run.folder() / "template-postgresql.done"
    with run.locked("template-postgresql"):
        if not done.exists():
            engine = make_engine(cluster.create(TEMPLATE))
            migrate(engine)
            engine.dispose()
            done.touch()
