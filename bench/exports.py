"""What it takes to write the whole catalog. Run: python -m bench.exports [--listings 26000]

Fills a throw-away installation with invented listings and exports it in each form, each in a process of its own. Prints time,
bytes, and the most memory that the process had beyond what it has for the first hundredth of the listings: a catalog that is
written while it is sent takes the same memory however long it is. Exit code 1 where it takes more than 32 MB more.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.exchange.exports.forms import CATALOG_FORMS
from bench.listings import fill, listings
from bench.servers import ROOT, Installation, environ

MOST_MB = 32.0
ONE_OF = 100


def main() -> int:
    """Measure each form at both sizes, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listings", type=int, default=26_000)
    arguments = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as name:
        few, all_ = (
            _filled(Path(name) / str(count), count) for count in (arguments.listings // ONE_OF, arguments.listings)
        )
        for form in CATALOG_FORMS.values():
            _time, _size, before = _exported(few, form.option, Path(name) / f"few.{form.suffix}")
            seconds, size, after = _exported(all_, form.option, Path(name) / f"all.{form.suffix}")
            grown = after - before
            missed |= grown > MOST_MB
            print(
                f"{form.option:<12} {arguments.listings:,} listings  {seconds:6.1f} s  {size / 1e6:7.1f} MB  "
                f"memory {before:.0f} MB, +{grown:.1f} MB  {'holds' if grown <= MOST_MB else 'MISSED'}"
            )
    return int(missed)


def _filled(home: Path, count: int) -> Installation:
    installation = Installation(home)
    fill(installation.database_url, list(listings(count)))
    return installation


def _exported(installation: Installation, option: str, out: Path) -> tuple[float, int, float]:
    """Seconds, bytes, and the most memory that the process had in MB."""
    command = [sys.executable, "-m", "flask", "catalog", "export", "--format", option, "--out", str(out)]
    environment = {**environ(), **installation.environment, "FLASK_APP": "wsgi"}
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    most = 0.0
    while process.poll() is None:
        most = max(most, most_memory(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - begun, out.stat().st_size, most


def most_memory(pid: int) -> float:
    """The most that a process has had so far; 0 for one that has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
