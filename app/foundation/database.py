"""The engine for SQLite and PostgreSQL, and how a transaction that will write begins."""

import json
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

# Read by the "begin" listener below; set through execution options by begin_writing.
_BEGIN = "onepact_begin"


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine` that suit the database behind `url`."""
    if url.startswith("sqlite"):
        return {"json_serializer": _json, "connect_args": {"timeout": 15, "check_same_thread": False}}
    return {
        "json_serializer": _json,
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 10,
        # Finding of a peer's incident (safety.md): no lock is waited for without end.
        "connect_args": {"options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"},
    }


# No value that we write holds itself, so that nobody looks whether it does.
_written = json.JSONEncoder(check_circular=False).encode
_EMPTY: dict[type, str] = {list: "[]", dict: "{}"}


def _json(value: object) -> str:
    """A value of a JSON column as text. Most are empty, and an import writes ten for each row."""
    return _written(value) if value or type(value) not in _EMPTY else _EMPTY[type(value)]


def make_engine(url: str) -> Engine:
    """An engine with its listeners in place."""
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    return engine


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine WAL, foreign keys and explicit transactions; leave PostgreSQL as it is."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def begin_writing(session: Session) -> None:
    """Start a transaction that takes SQLite's write lock at once, so that it cannot fail half-way.

    A transaction that reads first and writes later is refused by SQLite when another one wrote in between.
    """
    bind = session.get_bind()
    if bind.dialect.name == "sqlite" and not session.in_transaction():
        session.connection(execution_options={_BEGIN: "BEGIN IMMEDIATE"})


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the "begin" listener says BEGIN itself
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
