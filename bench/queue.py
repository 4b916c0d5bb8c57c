"""How fast the review queue opens with 100,000 proposals in PostgreSQL. Run: python -m bench.queue [--proposals 100000]

Fills a throw-away server (or the empty database that DATABASE_URL names), then opens the pages on which people find what
waits for them, as an officer with thousands of open cases, a steward with hundreds, and a steward with three. Prints the
median of the server's time beside the limit of 300 ms, and the number of statements, which has to be the same whatever is
in the queue. Exit code 1 above the limit, or where the number grows.
"""

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import Connection, Engine, event, text

import config
from app.factory import create_app
from app.foundation.database import make_engine
from app.organizations.models import Person
from app.web.database import db
from bench.consortium import BUSY, QUIET, fill
from tests.support.application import Client
from tests.support.databases import migrate
from tests.support.postgres_keeper import OWNER

LIMIT_MS = 300.0
ROUNDS = 9


@dataclass(frozen=True)
class Measured:
    """One page as one person opens it."""

    name: str
    milliseconds: float
    statements: int

    @property
    def ratio(self) -> float:
        """Of the limit."""
        return self.milliseconds / LIMIT_MS


def main() -> int:
    """Fill, measure, print; the exit code says whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proposals", type=int, default=100_000)
    count = parser.parse_args().proposals
    with _database() as url:
        began = time.perf_counter()
        fill(url, count)
        print(f"filled with {count:,} proposals in {time.perf_counter() - began:.0f} s")
        found = measure(url)
    for each in found:
        print(
            f"{each.name:<34} {each.milliseconds:6.0f} ms  {each.ratio:4.2f} of the limit  {each.statements:3d} statements"
        )
    grows = found[1].statements != found[2].statements
    if grows:
        print("the number of statements grows with the queue")
    return int(grows or any(each.ratio > 1 for each in found))


def measure(url: str) -> list[Measured]:
    """Each page's time and statements."""
    with tempfile.TemporaryDirectory() as home:
        app = create_app(
            config.read(
                {
                    "ONEPACT_HOME": home,
                    "DATABASE_URL": url,
                    "SECRET_KEY": secrets.token_hex(32),
                    "SEAL_PASSPHRASE": secrets.token_hex(32),
                }
            )
        )
        app.testing = True
        app.test_client_class = Client
        with app.app_context():
            engine, review = db.engine, _open_case(db.session.connection())
        pages = (
            ("officer, inbox", "officer1", "/inbox"),
            ("steward with three, inbox", f"steward{QUIET}", "/inbox"),
            ("steward with hundreds, inbox", f"steward{BUSY}", "/inbox"),
            ("officer, list of proposals", "officer1", "/proposals"),
            ("steward, list of proposals", f"steward{BUSY}", "/proposals"),
            ("steward, one review", f"steward{BUSY}", f"/proposals/{review}/review"),
        )
        return [_measured(app, engine, *each) for each in pages]


def _measured(app: Flask, engine: Engine, name: str, who: str, path: str) -> Measured:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    client = app.test_client()
    assert isinstance(client, Client)  # noqa: S101 - as `measure` set it
    with app.app_context():
        client.sign_in_as(db.session.query(Person).filter_by(email=f"{who}@example.org").one())
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{name}: {path} answers {answer.status_code}")
    event.listen(engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(engine, "before_cursor_execute", note)
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1000)
    return Measured(name, statistics.median(times), len(statements))


def _open_case(connection: Connection) -> str:
    """A proposal that waits for the busy steward."""
    found = connection.execute(
        text(
            "SELECT p.reference FROM proposal p JOIN proposal_item i ON i.proposal_id = p.id "
            "WHERE p.state = 'in_review' AND i.dataset_id = :dataset ORDER BY p.id LIMIT 1"
        ),
        {"dataset": BUSY},
    )
    return str(found.scalar_one())


@contextmanager
def _database() -> Iterator[str]:
    """The database that DATABASE_URL names, or one on a server that lives as long as this program."""
    if url := os.environ.get("DATABASE_URL"):
        _migrated(url)
        yield url
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, the server runs as somebody else
        keeper = subprocess.Popen([sys.executable, "-m", "tests.support.postgres_keeper", name, str(os.getpid())])
        try:
            while not (folder / "postgres.json").exists():
                time.sleep(0.1)
            port = int(json.loads((folder / "postgres.json").read_text())["port"])
            with psycopg.connect(host="127.0.0.1", port=port, user=OWNER, dbname="postgres", autocommit=True) as server:
                server.execute("CREATE DATABASE onepact_bench")
            url = f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/onepact_bench"
            _migrated(url)
            yield url
        finally:
            keeper.terminate()
            keeper.wait()


def _migrated(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
