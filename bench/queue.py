"""How fast the review queue opens with 100,000 proposals in PostgreSQL. Run: python -m bench.queue [--proposals 100000]

Fills a throw-away server (or the empty database that DATABASE_URL names), then opens the pages on which people find what
waits for them, as an officer with thousands of open cases, a steward with hundreds, and a steward with three. Prints the
median of the server's time beside the limit of 300 ms, the fastest round, and how much of a processor the product and the
database used for one opening, which says more than time does where others use the machine as well; and the number of
statements, which has to be the same whatever is in the queue. Exit code 1 above the limit, or where the number grows.

--filled measures the database that DATABASE_URL names as it is, as an earlier run has filled it.
"""

import argparse
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Engine, event, text

import config
from app.factory import create_app
from app.foundation.database import make_engine
from app.organizations.models import Person
from app.web.database import db
from bench.consortium import BUSY, QUIET, fill
from bench.postgres import throw_away
from tests.support.application import Client
from tests.support.databases import migrate

LIMIT_MS = 300.0
ROUNDS = 9


@dataclass(frozen=True)
class Measured:
    """One page as one person opens it."""

    name: str
    milliseconds: float
    fastest: float
    own_cpu: float
    database_cpu: float | None
    statements: int

    @property
    def ratio(self) -> float:
        """Of the limit."""
        return self.milliseconds / LIMIT_MS


def main() -> int:
    """Fill, measure, print; the exit code says whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proposals", type=int, default=100_000)
    parser.add_argument("--filled", action="store_true", help="measure the database that DATABASE_URL names as it is")
    given = parser.parse_args()
    with _database() as url:
        if not given.filled:
            began = time.perf_counter()
            fill(url, given.proposals)
            print(f"filled with {given.proposals:,} proposals in {time.perf_counter() - began:.0f} s")
        found = measure(url)
    print(f"{'page':<30} {'median':>9} {'fastest':>9} {'own CPU':>9} {'database':>9}  of limit  statements")
    for each in found:
        database = "–" if each.database_cpu is None else f"{each.database_cpu:.0f} ms"
        print(
            f"{each.name:<30} {each.milliseconds:6.0f} ms {each.fastest:6.0f} ms {each.own_cpu:6.0f} ms {database:>9}"
            f"  {each.ratio:8.2f}  {each.statements:10d}"
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
    own, database = time.process_time(), _database_cpu(engine)
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - began) * 1000)
    own_cpu = (time.process_time() - own) * 1000 / ROUNDS
    after = _database_cpu(engine)
    spent = None if after is None or database is None else (after - database) / ROUNDS
    return Measured(name, statistics.median(times), min(times), own_cpu, spent, len(statements))


def _database_cpu(engine: Engine) -> float | None:
    """Milliseconds of a processor that the server's processes have used, those that have ended too; None where the server
    is on another machine. The system counts in hundredths of a second.
    """
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    own = Path(f"/proc/{pid}/comm")
    if not own.exists() or own.read_text().strip() != "postgres":
        return None
    server = _fields(f"/proc/{pid}/stat")[1]
    everyone = [_fields(str(path)) for path in Path("/proc").glob("[0-9]*/stat")]
    ticks = sum(int(each) for fields in everyone if fields and fields[1] == server for each in fields[11:13])
    ticks += sum(int(each) for each in _fields(f"/proc/{server}/stat")[13:15])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def _fields(path: str) -> list[str]:
    """State, parent and what follows, of one process; nothing where it has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(path).read_text().rpartition(")")[2].split()
    return []


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
        _migrated(url)  # changes nothing where an earlier run has
        yield url
        return
    with throw_away() as url:
        _migrated(url)
        yield url


def _migrated(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
