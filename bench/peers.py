"""What others have built, on the same rows: datasette and pycsw, installed by `make bench` into an environment of their own."""

import json
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from urllib.parse import urlencode

from bench.listings import Listing
from bench.servers import ROOT, Served, environ, program
from tests.support.programs import free_port

PROGRAMS = ROOT / ".venv-bench" / "bin"
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
            'CREATE VIRTUAL TABLE listing_fts USING fts5(title, description, keywords, content="listing", content_rowid="id")'
        )
        connection.execute("INSERT INTO listing_fts(listing_fts) VALUES ('rebuild')")
        for facet in FACETS:
            connection.execute(f"CREATE INDEX ix_{facet} ON listing ({facet})")
        connection.execute("ANALYZE")


def datasette(file: Path) -> AbstractContextManager[Served]:
    """datasette on that file, with the time that its facets need."""
    port = free_port()
    times = ["--setting", "facet_time_limit_ms", "10000", "--setting", "sql_time_limit_ms", "20000"]
    command = [
        _program("datasette"),
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


def fill_pycsw(folder: Path, rows: Sequence[Listing]) -> None:
    """The catalog as pycsw keeps it: its own table, filled past its loader, which takes 140 records a second."""
    file = folder / "records.sqlite3"
    made = f"from pycsw.core import admin; admin.setup_db('sqlite:///{file}', 'records', '{folder}')"
    subprocess.run([_program("python"), "-W", "ignore", "-c", made], check=True, capture_output=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO records "
            "(identifier, typename, schema, mdsource, insert_date, xml, anytext, type, title, abstract, keywords) VALUES "
            "(?, 'csw:Record', 'http://www.opengis.net/cat/csw/2.0.2', 'local', '2026-01-01', '<none/>', ?, 'dataset', ?, ?, ?)",
            (
                (
                    f"urn:{row.number}",
                    f"{row.title} {row.description}",
                    row.title,
                    row.description,
                    ",".join(row.keywords),
                )
                for row in rows
            ),
        )
    settings = (ROOT / "bench" / "pycsw.cfg").read_text()
    (folder / "pycsw.cfg").write_text(settings.replace("FOLDER", str(folder)))


def pycsw(folder: Path) -> AbstractContextManager[Served]:
    """pycsw on that catalog, under gunicorn as ours."""
    port = free_port()
    command = [_program("gunicorn"), "pycsw.wsgi:application", "--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
    places = {"PYCSW_CONFIG": str(folder / "pycsw.cfg"), "PYCSW_ROOT": str(folder), "PYTHONWARNINGS": "ignore"}
    return program(command, port, {**environ(), **places})


def pycsw_address(word: str) -> str:
    """Its search for a word anywhere in a record; it has no facets."""
    asked = {
        "service": "CSW", "version": "2.0.2", "request": "GetRecords", "typenames": "csw:Record", "elementsetname": "brief",
        "resulttype": "results", "maxrecords": "20", "constraintlanguage": "CQL_TEXT", "constraint_language_version": "1.1.0",
        "constraint": f"csw:AnyText like '%{word}%'",
    }  # fmt: skip
    return f"/?{urlencode(asked)}"


def _program(name: str) -> str:
    path = PROGRAMS / name
    if not path.exists():
        raise SystemExit(f"{name} is not there: run `make bench`, or install bench/requirements.txt into .venv-bench.")
    return str(path)


def _row(row: Listing) -> tuple[object, ...]:
    return (
        row.number, row.title, row.description, json.dumps(row.keywords), row.country, row.themes[0].value,
        f"Partner {row.partner}", f"mode {row.number % 12}", f"kind {row.number % 6}", f"class {row.number % 4}", row.last_year,
    )  # fmt: skip
