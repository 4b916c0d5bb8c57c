"""The catalog over HTTP beside datasette and beside a bare page. Run: python -m bench.catalog [--listings 100000]

Writes one seeded catalog (bench.listings) into a throw-away installation and into a database that datasette serves with full
text and the same seven facets. Then asks both in turn (A B A B, medians), so that a busy machine slows both alike: a search
for a narrow and for a broad word, the first page after a cold start, the share of a bare Flask and Jinja page's throughput,
the statements of a page at 20 and at 200 rows, and the memory of two workers. Prints each beside its goal; exit code 1 where
one is missed. Needs wrk for the throughput: apt-get install wrk.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.listings import Words, fill, listings, words_of
from bench.peers import datasette, datasette_address, fill_datasette, fill_pycsw, pycsw, pycsw_address
from bench.servers import Installation, Served, bare_page, cost, started, throughput

PEER_ROUNDS = 3  # of what takes datasette a second and more


@dataclass(frozen=True)
class Figure:
    """What was measured, beside its goal."""

    name: str
    value: float
    goal: float
    detail: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        said = "holds" if self.holds else "MISSED"
        return f"{self.name:<44} {self.value:9.3f}  goal {sign} {self.goal:<8.3g} {said:<6} {self.detail}"


@dataclass(frozen=True)
class Turns:
    """What requests cost us and the peer, asked in turn: the time that somebody waits, and that of a processor."""

    mine: list[tuple[float, float]]
    theirs: list[tuple[float, float]]

    @property
    def ratio(self) -> float:
        """Ours by theirs, by the time that somebody waits."""
        return median(waited for waited, _ in self.mine) / median(waited for waited, _ in self.theirs)

    def __str__(self) -> str:
        (mine, own), (theirs, other) = (
            [median(part) * 1000 for part in zip(*turns, strict=True)] for turns in (self.mine, self.theirs)
        )
        return f"{mine:.1f} ms, {theirs:.0f} ms; of a processor {own:.1f} ms, {other:.0f} ms"


def main() -> int:
    """Fill, measure, print; the exit code says whether all of it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listings", type=int, default=100_000)
    count = parser.parse_args().listings
    missed = 0
    for figure in _measured(count):
        print(figure, flush=True)
        missed += not figure.holds
    return int(missed > 0)


def _measured(count: int) -> Iterator[Figure]:
    rows = list(listings(count))
    words = words_of(rows)
    with tempfile.TemporaryDirectory() as name:
        ours = Installation(Path(name) / "onepact")
        fill(ours.database_url, rows)
        ours.index()
        peer_file = Path(name) / "peer.sqlite3"
        fill_datasette(peer_file, rows)
        yield from _against_datasette(ours, peer_file, words)
        fill_pycsw(Path(name), rows)
        yield from _against_pycsw(ours, Path(name), words)
        yield from _against_a_bare_page(ours)
        yield from _statements(ours)
        yield _memory(ours)


def _against_datasette(ours: Installation, peer_file: Path, words: Words) -> Iterator[Figure]:
    cold_ours = median(started(ours.serve, "/datasets") for _round in range(PEER_ROUNDS))
    cold_peer = median(started(lambda: datasette(peer_file), "/peer/listing") for _round in range(PEER_ROUNDS))
    yield Figure(
        "cold start to first page / datasette", cold_ours / cold_peer, 1.5, f"{cold_ours:.2f} s, {cold_peer:.2f} s"
    )
    with ours.serve() as us, datasette(peer_file) as peer:
        for kind, asked, goal in (("narrow", words.narrow, 1 / 8), ("broad", words.broad, 1 / 60)):
            turns = _in_turn(us, peer, asked, datasette_address)
            yield Figure(f"search with facets, {kind} / datasette", turns.ratio, goal, str(turns))


def _against_pycsw(ours: Installation, folder: Path, words: Words) -> Iterator[Figure]:
    with ours.serve() as us, pycsw(folder) as peer:
        for kind, asked, goal in (("narrow", words.narrow, 1 / 300), ("broad", words.broad, 1 / 200)):
            turns = _in_turn(us, peer, asked, pycsw_address)
            yield Figure(f"search, {kind} / pycsw (no facets)", turns.ratio, goal, str(turns))


def _in_turn(us: Served, peer: Served, asked: tuple[str, ...], address: Callable[[str], str]) -> "Turns":
    """Each word is asked once of us, so that nothing is answered from what was kept."""
    mine: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    us.get(f"/datasets?q={asked[-1]}")  # neither is measured cold
    peer.get(address(asked[-1]))
    for turn in range(PEER_ROUNDS):
        words = asked[turn * 5 : turn * 5 + 5]
        mine += [cost(us, f"/datasets?q={word}") for word in words]
        theirs += [cost(peer, address(word)) for word in words[:PEER_ROUNDS]]
    return Turns(mine, theirs)


def _against_a_bare_page(ours: Installation) -> Iterator[Figure]:
    cookie = ours.cookie_of("lead@example.org")
    with ours.serve() as us, bare_page() as bare:
        turns: dict[str, list[float]] = {"bare": [], "signed out": [], "signed in": []}
        ways: dict[str, Callable[[], float]] = {
            "bare": lambda: throughput(bare, "/"),
            "signed out": lambda: throughput(us, "/datasets"),
            "signed in": lambda: throughput(us, "/datasets", cookie),
        }
        for _round in range(PEER_ROUNDS):
            for name, run in ways.items():
                turns[name].append(run())
    base = median(turns["bare"])
    for name, goal in (("signed out", 0.5), ("signed in", 0.35)):
        rate = median(turns[name])
        yield Figure(
            f"catalog page, {name} / a bare page",
            rate / base,
            goal,
            f"{rate:.0f} and {base:.0f} requests for each second of a processor",
            at_least=True,
        )


def _statements(ours: Installation) -> Iterator[Figure]:
    few, many = ours.statements("/datasets"), ours.statements("/datasets?size=200")
    yield Figure("statements of a page, signed in", few, 6, f"{few} at 20 rows, {many} at 200")


def _memory(ours: Installation) -> Figure:
    with ours.serve(workers=2) as us:
        for _round in range(20):
            us.get("/datasets")
        return Figure("memory of two workers, MB", us.memory(), 220, "proportional set size of all its processes")


if __name__ == "__main__":
    raise SystemExit(main())
