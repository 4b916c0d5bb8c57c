"""What others have built, on the same rows: datasette, installed by `make bench` into an environment of its own."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path

from bench.listings import Listing
from bench.servers import ROOT, Served, environ, program
from tests.support.programs import free_port

PROGRAM = ROOT / ".venv-bench" / "bin" / "datasette"
FACETS = ("country", "theme", "partner", "mode", "kind", "sensitivity", "year")


def fill_datasette(file: Path, rows: Sequence[Listing]) -> None:
    """The catalog as one table with full text over title and description, and an index for each facet."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE listing (id INTEGER PRIMARY KEY, title, description, keywords, "
            "country, theme, partner, mode, kind, sensitivity, year INTEGER)"
        )
        connection.executemany("INSERT INTO listing VALUES (?,?,?,?,?,?,?,?,?,?,?)", map(_row, rows))
        connection.execute(
            "CREATE VIRTUAL TABLE listing_fts USING fts5(title, description, keywords, content=listing, content_rowid=id)"
        )
        connection.execute("INSERT INTO listing_fts(listing_fts) VALUES ('rebuild')")
        for facet in FACETS:
            connection.execute(f"CREATE INDEX ix_{facet} ON listing ({facet})")
        connection.execute("ANALYZE")


def datasette(file: Path) -> AbstractContextManager[Served]:
    """datasette on that file, with the time that its facets need."""
    if not PROGRAM.exists():
        raise SystemExit(
            "datasette is not installed: run `make bench`, or pip install -r bench/requirements.txt into .venv-bench."
        )
    port = free_port()
    times = ["--setting", "facet_time_limit_ms", "10000", "--setting", "sql_time_limit_ms", "20000"]
    command = [
        str(PROGRAM),
        "serve",
        "--immutable",
        str(file),
        "--port",
        str(port),
        *times,
        "--setting",
        "suggest_facets",
        "off",
    ]
    return program(command, port, {**environ(), "DATASETTE_SECRET": "of a measurement"})


def datasette_address(word: str) -> str:
    """Its page of a search with the same seven facets."""
    facets = "&".join(f"_facet={facet}" for facet in FACETS)
    return f"/peer/listing?_search={word}&{facets}&_size=20"


def _row(row: Listing) -> tuple[object, ...]:
    return (
        row.number, row.title, row.description, json.dumps(row.keywords), row.country, row.themes[0].value,
        f"Partner {row.partner}", f"mode {row.number % 12}", f"kind {row.number % 6}", f"class {row.number % 4}", row.last_year,
    )  # fmt: skip
