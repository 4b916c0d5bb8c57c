"""Runs migrations: on the connection that a caller hands over, or on the database that config.py names."""

import os
from pathlib import Path

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import config
from app.foundation.database import make_engine
from app.foundation.text import slugify
from app.tables import Base

LONGEST_REVISION = 32  # alembic_version.version_num
MIGRATION_LOCK = 0x6F6E6570  # any number that nothing else here locks: "onep"


def run(connection: Connection) -> None:
    """Bring the schema to the wanted revision, all of it or nothing, and one process at a time."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A table that batch mode replaces would take its children along. The pragma holds only outside a transaction.
        _pragma(connection, "foreign_keys=OFF")
        connection = connection.execution_options(onepact_begin="BEGIN IMMEDIATE")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        transactional_ddl=True,
        compare_type=True,
        process_revision_directives=number_revision,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()
        if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
            raise RuntimeError(f"The migration left rows that point at nothing: {broken[:5]}")
    if sqlite:
        _pragma(connection, "foreign_keys=ON")


def number_revision(migrations: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    """Name a new revision NNNN_verb_object, and write its name into HEAD."""
    [script] = directives
    newest = migrations.opts["script"].get_current_head() or "0000"
    script.rev_id = f"{int(newest[:4]) + 1:04d}_{slugify(script.message or '').replace('-', '_')}"[:LONGEST_REVISION]
    (Path(__file__).parent / "HEAD").write_text(f"{script.rev_id}\n", encoding="utf-8")


def _pragma(connection: Connection, pragma: str) -> None:
    connection.connection.cursor().execute(f"PRAGMA {pragma}")


handed_over: Connection | None = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    engine = make_engine(config.read(os.environ)["DATABASE_URL"])
    with engine.connect() as own:
        run(own)
    engine.dispose()
