"""Migrations, up and down, say the same as the models."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Inspector, inspect, text

from app.foundation.database import make_engine
from app.tables import Base
from tests.support import run
from tests.support.databases import DatabaseMaker, migrate
from tests.support.postgres import Cluster

SCRIPTS = ScriptDirectory.from_config(Config(run.ROOT / "alembic.ini"))


@pytest.fixture
def empty_engine(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if database_kind == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path}/empty.sqlite3")
        yield engine
        engine.dispose()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"onepact_empty_{tmp_path.parent.name}_{tmp_path.name}"[-60:]
    engine = make_engine(cluster.create(name))
    yield engine
    engine.dispose()
    cluster.drop(name)


def test_migrating_an_empty_database_gives_the_tables_of_the_models(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_gives_the_same_constraints_as_creating_from_the_models(
    empty_engine: Engine, database_kind: str, make_database: DatabaseMaker
) -> None:
    Base.metadata.create_all(empty_engine)
    migrated = make_engine(make_database(database_kind))
    assert _shape(migrated) == _shape(empty_engine)
    migrated.dispose()


def test_every_migration_can_be_taken_back_and_made_again(empty_engine: Engine) -> None:
    migrate(empty_engine)
    first = _shape(empty_engine)
    migrate(empty_engine, "base")
    assert set(inspect(empty_engine).get_table_names()) == {"alembic_version"}
    migrate(empty_engine)
    assert _shape(empty_engine) == first


def test_a_second_upgrade_changes_nothing(empty_engine: Engine) -> None:
    migrate(empty_engine)
    first = _shape(empty_engine)
    migrate(empty_engine)
    assert _shape(empty_engine) == first


def test_there_is_one_newest_migration_and_head_names_it() -> None:
    [newest] = SCRIPTS.get_heads()
    assert (run.ROOT / "migrations" / "HEAD").read_text(encoding="utf-8") == f"{newest}\n"


def test_revisions_are_numbered_in_order_and_named_for_what_they_do() -> None:
    revisions = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
    assert revisions
    for number, revision in enumerate(revisions, start=1):
        assert re.fullmatch(rf"{number:04d}_[a-z]+(_[a-z0-9]+)+", revision), revision
        assert len(revision) <= 32, revision
        assert (run.ROOT / "migrations" / "versions" / f"{revision}.py").is_file(), revision


TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
    "postgresql": """SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal ORDER BY 1, 2""",
}


def _shape(engine: Engine) -> dict[str, object]:
    """Columns, keys, checks, indexes and triggers, in an order that does not depend on how they were made."""
    inspector = inspect(engine)
    tables = {table: _table(inspector, table) for table in inspector.get_table_names() if table != "alembic_version"}
    with engine.connect() as connection:
        triggers = connection.execute(text(TRIGGERS[engine.dialect.name])).fetchall()
    return {"tables": tables, "triggers": [tuple(row) for row in triggers]}


def _table(inspector: Inspector, table: str) -> dict[str, object]:
    columns = {
        column["name"]: (str(column["type"]), column["nullable"], column["default"])
        for column in inspector.get_columns(table)
    }
    return {
        "columns": columns,
        "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
        "foreign keys": _sorted(inspector.get_foreign_keys(table)),
        "unique": _sorted(inspector.get_unique_constraints(table)),
        "checks": _sorted(inspector.get_check_constraints(table)),
        "indexes": _sorted(inspector.get_indexes(table)),
    }


def _sorted(things: object) -> list[str]:
    assert isinstance(things, list)
    return sorted(str(sorted((key, _written(value)) for key, value in thing.items())) for thing in things)


def _written(value: object) -> str:
    if isinstance(value, dict):
        return str({key: _written(inner) for key, inner in sorted(value.items())})
    return str(value)
