"""A throw-away PostgreSQL, started by the first test that wants it and shared by all workers of the run."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support import programs, run
from tests.support.postgres_keeper import OWNER


@dataclass(frozen=True)
class Cluster:
    """A running server on loopback."""

    port: int

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another one; returns its address."""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
        with run.locked("create-database"), self._connection() as connection:
            connection.execute(command)
        return self.url(database)

    def drop(self, database: str) -> None:
        with self._connection() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _connection(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host="127.0.0.1", port=self.port, user=OWNER, dbname="postgres", autocommit=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not run.is_worker(config):
        stop(run.folder())


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The server of this run."""
    if programs.postgresql() is None:
        run.lacking("PostgreSQL (initdb)")
    state = run.folder() / "postgres.json"
    with run.locked("postgres"):
        if not state.exists():
            _start_keeper(run.folder())
        end = time.monotonic() + 90
        while not state.exists() and time.monotonic() < end:
            time.sleep(0.05)
    message = json.loads(state.read_text()) if state.exists() else {}
    if "port" not in message:
        pytest.fail(f"PostgreSQL did not start: {message.get('problem', 'it said nothing for 90 seconds')}")
    return Cluster(int(message["port"]))


def stop(folder: Path) -> None:
    """End the server of a run, where one was started."""
    try:
        keeper = int((folder / "keeper.pid").read_text())
    except FileNotFoundError:
        return
    with suppress(ProcessLookupError):
        os.kill(keeper, signal.SIGTERM)
    end = time.monotonic() + 20
    while (folder / "postgres").exists() and time.monotonic() < end:
        with suppress(ChildProcessError):
            os.waitpid(keeper, os.WNOHANG)  # ours only where the run had a single process
        time.sleep(0.05)


def _start_keeper(folder: Path) -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.support.postgres_keeper", str(folder), os.environ[run.CONTROLLER]],
        cwd=run.ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the tests; the server ends after them
    )
    (folder / "keeper.pid").write_text(str(keeper.pid))
