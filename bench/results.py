"""What it takes to send everything that a search finds. Run: python -m bench.results [--listings 31000]

Serves a throw-away installation with invented listings by gunicorn, once a hundredth and once all of them, and asks for the
whole catalog and for frequent words as files, not signed in and not compressed. Prints seconds, those of a processor, rows,
bytes, and the most memory that the server has had beyond what it has for the first hundredth. Exit code 1 where it takes more
than 32 MB more.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.exports import most_memory
from bench.listings import fill, listings, words_of
from bench.servers import Installation

MOST_MB = 32.0
ONE_OF = 100


def main() -> int:
    """Measure each address at both sizes, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listings", type=int, default=31_000)
    count = parser.parse_args().listings
    broad = words_of(list(listings(count))).broad
    some = "+".join(broad[:8])
    addresses = ["/datasets.csv", f"/datasets.csv?q={some}", "/datasets.csv?sort=title", f"/datasets.ttl?q={broad[0]}"]
    missed = False
    with tempfile.TemporaryDirectory() as name:
        few, whole = (_filled(Path(name) / str(number), number) for number in (count // ONE_OF, count))
        for address in addresses:
            before, after = _asked(few, address), _asked(whole, address)
            missed |= after - before > MOST_MB
            print(f"  memory {before:.0f} MB, +{after - before:.1f} MB")
    return int(missed)


def _filled(home: Path, count: int) -> Installation:
    installation = Installation(home)
    fill(installation.database_url, list(listings(count)))
    installation.index()
    return installation


def _asked(installation: Installation, address: str) -> float:
    """The most memory that the server has had, in MB, once it has sent the answer."""
    with installation.serve() as served:
        served.get("/datasets?q=zeppelin")
        used, begun = served.processor(), time.perf_counter()
        body = served.get(address)
        taken = time.perf_counter() - begun
        rows = body.count(b"\r\n") - 1 if ".csv" in address else body.count(b"dcat:dataset <")
        print(
            f"{address}: {rows:,} rows, {len(body) / 1e6:.1f} MB in {taken:.1f} s, "
            f"{served.processor() - used:.1f} s of a processor"
        )
        return max(map(most_memory, served.processes()))


if __name__ == "__main__":
    sys.exit(main())
