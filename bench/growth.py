"""How the catalog's pages grow with the catalog. Run: python -m bench.growth [--largest 1000000]

Opens the list, and searches for narrow and broad words, as somebody who is signed in, each page made anew, at 1,000 listings
and at each tenfold of it. Prints the medians of the server's processor time, so that others on the machine do not count, and
the exponent of growth: 0 is no growth at all, 1 is as fast as the catalog. Exit code 1 where one is above its goal.
Beside it: what `flask catalog reindex` took for each size, how large the index is, and how much memory a server needs that has
answered all of this.
"""

import argparse
import math
import resource
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.listings import fill, listings, words_of
from bench.servers import Installation, Served, cost

SMALLEST, ROUNDS = 1_000, 7
GOALS = {"list": 0.05, "narrow search": 0.15, "broad search": 0.6}


@dataclass(frozen=True)
class Measured:
    """One size: the seconds of each page and of building the index, all of a processor; megabytes of index and server."""

    pages: dict[str, float]
    building: float
    index: float
    server: float


def main() -> int:
    """Measure each size, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=100_000)
    largest = parser.parse_args().largest
    sizes = [size for power in range(7) if (size := SMALLEST * 10**power) <= largest]
    measured = {size: _measured(size) for size in sizes}
    missed = 0
    for page, goal in GOALS.items():
        times = [measured[size].pages[page] for size in sizes]
        grown = exponent(sizes, times)
        missed += grown > goal
        shown = ", ".join(f"{size:,}: {each * 1000:.1f} ms" for size, each in zip(sizes, times, strict=True))
        print(
            f"{page:<14} grows by the power {grown:5.2f}  goal <= {goal}  {'holds' if grown <= goal else 'MISSED'}  {shown}"
        )
    for size, each in measured.items():
        print(
            f"{size:>9,}: index built in {each.building:.1f} s of a processor, {each.index:.0f} MB large; "
            f"a server takes {each.server:.0f} MB"
        )
    return int(missed > 0)


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(each) for each in times]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return rise / sum((x - middle_x) ** 2 for x in xs)


def _measured(size: int) -> Measured:
    rows = list(listings(size))
    words = words_of(rows)
    with tempfile.TemporaryDirectory() as name:
        ours = Installation(Path(name) / "onepact")
        fill(ours.database_url, rows)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ours.index()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        index = sum(file.stat().st_size for file in (ours.home / "search-index").rglob("*") if file.is_file())
        signed_in = {"Cookie": ours.cookie_of("lead@example.org")}
        with ours.serve() as us:
            addresses = {
                "list": ["/datasets"],
                "narrow search": [f"/datasets?q={word}" for word in words.narrow[:ROUNDS]],
                "broad search": [f"/datasets?q={word}" for word in words.broad[:ROUNDS]],
            }
            us.get("/datasets", signed_in)
            pages = {page: median(_new(us, asked, signed_in)) for page, asked in addresses.items()}
            return Measured(
                pages,
                after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                index / 1e6,
                us.memory(),
            )


def _new(us: Served, asked: Sequence[str], signed_in: Mapping[str, str]) -> Iterator[float]:
    """The processor seconds of each address, in a new spelling each time, so that nothing is answered from what was kept."""
    for turn in range(ROUNDS):
        for address in asked:
            yield cost(us, f"{address}{'&' if '?' in address else '?'}again={turn}", signed_in)[1]


if __name__ == "__main__":
    raise SystemExit(main())
