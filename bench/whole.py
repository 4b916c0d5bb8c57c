"""Whole real catalogs in one installation, on both databases. Run: python -m bench.whole [../shared/data]

Brings four catalogs of others in through the command line (AWS, Earth Engine, HDX, data.europa.eu), everything listed, then
each a second time; builds the index; writes the whole catalog and each publisher's, and brings the latter in again. Prints
what each took by the clock and of a processor. On SQLite, then on a throw-away PostgreSQL. Exit code 1 where

- a second import, or one of our own export, changes anything,
- the two databases differ in what is listed, or in what a search finds: number, order of the first hundred, and facets.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench.postgres import throw_away
from bench.servers import ROOT, Installation

# Slug, name, country, file below the folder of data, and what else the command line is told. HDX describes 312 of its rows:
# the title stands in for the others, so that all are listed.
CATALOGS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("aws", "AWS registry", "US", "catalogue-aws/aws-registry.dcat.jsonld.gz", ()),
    ("gee", "Earth Engine", "US", "catalogue-gee/gee-stac-collections.jsonl.gz", ()),
    (
        "hdx", "HDX", "CH", "catalogue-hdx/hdx-datasets.csv.gz",
        ("--map", "title=title", "--map", "title=description", "--map", "description="),
    ),
    ("eu", "data.europa.eu", "BE", "catalogue-eu/eu-datasets.jsonl.gz", ()),
)  # fmt: skip
SEARCHES = (
    "", "mobility bogota 2023", "popluation", "street", "rainfall colombia", "\"land cover\"", "water -soil", "zzzznothing",
    "poblacion", "données de santé", "flood maps of Bangladesh since 2015", "sentinel", "cholera", "чистая вода",
)  # fmt: skip
FIRST = 100


@dataclass(frozen=True)
class Took:
    """What one command took: seconds by the clock and of a processor."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.processor:6.1f} s of a processor, {self.clock:6.1f} s"


def main() -> int:
    """Do all of it on both, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=ROOT.parent / "shared" / "data")
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as name, throw_away() as url:
        places = {"SQLite": "", "PostgreSQL": url}
        found = {kind: _Run(kind, Installation(Path(name) / kind, address), data) for kind, address in places.items()}
        for run in found.values():
            run.all()
    one, other = found.values()
    differing = [query for query in SEARCHES if one.searched[query] != other.searched[query]]
    for query in differing:
        print(f"DIFFERS: {query!r}: {one.searched[query][0]} and {other.searched[query][0]} found")
    print(f"{len(SEARCHES) - len(differing)} of {len(SEARCHES)} searches alike on both")
    return int(bool(differing) or any(run.wrong for run in found.values()))


class _Run:
    """All of it on one database."""

    def __init__(self, kind: str, installation: Installation, data: Path) -> None:
        self.kind, self.installation, self.data = kind, installation, data
        self.wrong: list[str] = []
        self.searched: dict[str, tuple[object, ...]] = {}

    def all(self) -> None:
        """Bring in, again, index, search, write out, bring that in."""
        scan = self.installation.home / "scan.png"
        Image.new("1", (8, 8)).save(scan)
        self.installation.flask("init")
        for slug, name, country, file, told in CATALOGS:
            self._flask(
                "organization", "add", "--kind", "partner", "--name", name, "--slug", slug, "--country", country,
                "--acceded-on-paper", str(scan),
            )  # fmt: skip
            self._import(f"{name}, new", slug, self.data / file, told)
            self._import(f"{name}, again", slug, self.data / file, told, is_known=True)
        self._say("index", self._flask("catalog", "reindex")[0])
        self._search()
        self._say("all as JSON-LD", self._flask("catalog", "export", "--out", str(self.installation.home / "all"))[0])
        for slug, name, *_rest in CATALOGS:
            own = self.installation.home / f"{slug}.jsonld"
            self._flask("catalog", "export", "--partner", slug, "--out", str(own))
            self._import(f"{name}, our own export", slug, own, (), is_known=True)

    def _import(self, what: str, slug: str, file: Path, told: Sequence[str], *, is_known: bool = False) -> None:
        took, printed = self._flask("catalog", "import", "--partner", slug, "--publish", "--json", *told, str(file))
        result = json.loads(printed)
        counts = {name: result[name] for name in ("read", "created", "updated", "unchanged", "listed")}
        counts["refused"] = len(result["refused"])
        if is_known and (counts["created"] or counts["updated"]):
            self.wrong.append(what)
        self._say(what, took, " ".join(f"{name} {count:,}" for name, count in counts.items()) + self._verdict(what))

    def _search(self) -> None:
        client, began, used = self.installation.app().test_client(), time.perf_counter(), time.process_time()
        for query in SEARCHES:
            answer = client.get("/datasets.json", query_string={"q": query, "limit": FIRST}).get_json()
            listed = [(one["publisher"], one["identifier"]) for one in answer["datasets"]]
            self.searched[query] = (answer["total"], listed, json.dumps(answer["facets"], sort_keys=True))
        took = Took(time.perf_counter() - began, time.process_time() - used)
        self._say(f"{len(SEARCHES)} searches", took, f"{self.searched[''][0]:,} listed")

    def _flask(self, *arguments: str) -> tuple[Took, str]:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT, env=self.installation.environ(), stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode not in _FINE:
            raise SystemExit(f"flask {' '.join(arguments)} ended with {done.returncode}: {done.stdout[-500:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Took(time.perf_counter() - began, used), done.stdout

    def _verdict(self, what: str) -> str:
        return "  CHANGED" if what in self.wrong else ""

    def _say(self, what: str, took: Took, more: str = "") -> None:
        print(f"{self.kind:<10} {what:<34} {took}  {more}", flush=True)


_FINE = (0, 1)  # 1: some rows were refused, which is counted


if __name__ == "__main__":
    raise SystemExit(main())
