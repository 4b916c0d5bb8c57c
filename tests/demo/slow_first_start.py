"""The first start on an empty machine, as the README has it: the demo is loaded, and then everything that writes can write."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.support.server import serving

ENOUGH = 180.0  # seconds for the documents that the loaded demo still owes


def test_after_the_first_start_the_worker_stores_documents_and_people_can_write(tmp_path: Path) -> None:
    with serving(tmp_path / "home", with_demo=True) as server, closing(_database(server.home)) as database:
        until = time.monotonic() + ENOUGH
        while (owed := _documents_owed(database)) and time.monotonic() < until:
            time.sleep(1)
        assert not owed
        database.execute("BEGIN IMMEDIATE")  # refused after its patience, where a worker holds a transaction for ever
        database.execute("ROLLBACK")


def _database(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / "onepact.sqlite3", timeout=30, isolation_level=None)


def _documents_owed(database: sqlite3.Connection) -> int:
    statement = "SELECT count(*) FROM outbox_message WHERE kind = 'accession.document' AND done_at IS NULL"
    count: int = database.execute(statement).fetchone()[0]
    return count
