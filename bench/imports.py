"""How fast a catalog comes in, beside a raw insert of the same rows into SQLite. Run: python -m bench.imports [--rows 5000]

Makes a catalog of invented datasets as JSON lines (80 words each, keywords, countries, themes), then in turn and in the same run:
  raw      the values of the rows into one plain table, with sqlite3 alone: the least that storing them can cost
  import   the same rows as listings: searched columns, countries, themes, what is carried along, history with its tree
  whole    the same from the file: told apart, read, described, imported
  again    the same file a second time, which changes nothing
Prints rows per second of the processor's time and by the clock, and the ratio of each to raw, medians of the rounds. The
goal is held against the processor's time, which stays the same where others use the machine too. Exit code 1 below it.
"""

import argparse
import io
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exchange.commands.importing import import_rows, in_batches
from app.exchange.foreign import Described, Refused, described
from app.foundation.database import begin_writing, make_engine
from app.organizations.models import Organization
from app.readers import read_catalog
from app.rules.actors import OPERATOR
from app.rules.roles import Kind
from app.tables import Base

GOAL = 0.08
ROUNDS = 3
_SEED = 20261129
_NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
_SYLLABLES = [first + last for first in "bcdfghjklmnprstvz" for last in "aiou"]
_COUNTRIES = ("Kenya", "Peru", "Colombia", "Nepal", "Ghana", "Chile", "Fiji", "Togo")
_THEMES = ("mobility", "water", "health", "energy", "climate")


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor, and by the clock."""

    cpu: float
    clock: float


def now() -> Spent:
    """This moment."""
    return Spent(time.process_time(), time.perf_counter())


def since(start: Spent) -> Spent:
    """What was spent since a moment."""
    return Spent(time.process_time() - start.cpu, time.perf_counter() - start.clock)


def made_catalog(rows: int) -> bytes:
    """A catalog of invented datasets, the same each time."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing here is secret
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(6000)]
    weights = [1 / (place + 1) for place in range(len(words))]
    lines = []
    for number in range(rows):
        text = chance.choices(words, weights, k=96)
        lines.append(
            {
                "@type": "dcat:Dataset",
                "identifier": f"made-{number}",
                "title": " ".join(text[:8]).capitalize(),
                "description": " ".join(text[8:88]).capitalize() + ".",
                "publisher": {"name": f"Office of {text[88]}"},
                "keyword": list(dict.fromkeys(text[89:95])),
                "theme": [chance.choice(_THEMES)],
                "spatial": chance.sample(_COUNTRIES, 2),
                "temporal": f"{chance.randint(1990, 2015)}-01-01/2020-12-31",
                "accrualPeriodicity": "R/P1M",
                "license": "https://creativecommons.org/licenses/by/4.0/",
                "issued": "2021-03-04",
                "distribution": [{"format": "CSV", "downloadURL": f"https://data.example/{number}.csv"}],
            }
        )
    return "\n".join(json.dumps(line) for line in lines).encode()


def raw_insert(folder: Path, rows: list[Described]) -> Spent:
    """Seconds for the rows as one plain table, with the settings that the product gives SQLite."""
    path = folder / f"raw-{time.monotonic_ns()}.sqlite"
    values = [
        (r.identifier, r.title, r.description, r.summary, r.publisher, json.dumps(r.keywords), json.dumps(r.themes),
         json.dumps(r.countries), str(r.coverage_start), str(r.coverage_end), r.frequency.value, r.license_text,
         r.landing_page, json.dumps(r.foreign), r.content_hash)
        for r in rows
    ]  # fmt: skip
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"CREATE TABLE raw (id INTEGER PRIMARY KEY, {', '.join(f'c{n}' for n in range(15))})")
        start = now()
        connection.execute("BEGIN")
        connection.executemany(
            f"INSERT INTO raw VALUES (NULL, {', '.join('?' * 15)})",  # noqa: S608 - marks alone
            values,
        )
        connection.execute("COMMIT")
        return since(start)


class Product:
    """An empty installation of its own."""

    def __init__(self, folder: Path) -> None:
        self.engine = make_engine(f"sqlite:///{folder / f'product-{time.monotonic_ns()}.sqlite'}")
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            session.add(Organization(slug="maker", name="Maker", kind=Kind.PARTNER, created_at=_NOW, defaults={}))
            session.commit()

    def take(self, rows: Iterable[Described | Refused]) -> Spent:
        """Seconds to bring the rows in, each batch in a transaction of its own, as the command line does."""
        start = now()
        for batch in in_batches(rows):
            with Session(self.engine) as session:
                begin_writing(session)
                organization = session.scalars(select(Organization)).one()
                result = import_rows(session, OPERATOR, organization, batch, _NOW)
                session.commit()
            if result.refused:
                raise RuntimeError(result.refused[0])
        return since(start)


def described_rows(data: bytes) -> Iterator[Described | Refused]:
    """The rows of a file, read and described as they are asked for."""
    return described(read_catalog(io.BytesIO(data)).entries)


def measure(data: bytes, rounds: int) -> dict[str, list[Spent]]:
    """Seconds of each way in turn, round by round."""
    rows = [row for row in described_rows(data) if isinstance(row, Described)]
    seconds: dict[str, list[Spent]] = {"raw": [], "import": [], "whole": [], "again": []}
    with tempfile.TemporaryDirectory(prefix="onepact-bench-") as name:
        folder = Path(name)
        Product(folder).take(rows[:200])  # what is loaded once is loaded
        for _round in range(rounds):
            seconds["raw"].append(raw_insert(folder, rows))
            seconds["import"].append(Product(folder).take(rows))
            product = Product(folder)
            seconds["whole"].append(product.take(described_rows(data)))
            seconds["again"].append(product.take(described_rows(data)))
    return seconds


def main() -> int:
    """Measure and print; see the top of the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    data = made_catalog(asked.rows)
    measured = measure(data, asked.rounds)
    cpu = {name: statistics.median(one.cpu for one in each) for name, each in measured.items()}
    clock = {name: statistics.median(one.clock for one in each) for name, each in measured.items()}
    for name, spent in cpu.items():
        told = f"{asked.rows / spent:9,.0f} rows/s, {cpu['raw'] / spent:.3f} of raw"
        print(
            f"{name:8} processor {told:34} clock {asked.rows / clock[name]:9,.0f} rows/s, {clock['raw'] / clock[name]:.3f} of raw"
        )
    ratio = cpu["raw"] / cpu["import"]
    print(f"import with index, countries, themes and history: {ratio:.3f} of a raw insert, goal at least {GOAL}")
    return 0 if ratio >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
