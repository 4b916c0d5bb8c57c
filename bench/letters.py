"""How much a sealed letter costs beside a bare WeasyPrint rendering of the same page. Run: python -m bench.letters

Both run in turn in one process (A B A B), so that a busy machine slows both alike; the ratio of medians is what counts.
The goal is 1.4. `end to end` adds the child process that a letter is really rendered in.
"""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from weasyprint import HTML

from app.letters import render
from app.letters.keys import ensure_keys, load_seal
from app.letters.seal import Sealer
from tests.letters import samples

ROUNDS = 15


def main() -> None:
    """Print the medians in CPU milliseconds, and the ratios."""
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    manuscript = samples.manuscript()
    order = render._order(manuscript)
    attached = b"".join(a.data for a in manuscript.attachments)
    fonts, styles, fetcher = render._press(manuscript.stylesheet)
    with tempfile.TemporaryDirectory() as folder:
        ensure_keys(Path(folder), "bench", "Bench", datetime.now(UTC))
        sealer = Sealer(load_seal(Path(folder), "bench"))

    def bare() -> None:
        HTML(string=manuscript.html, base_url="bundled:", url_fetcher=fetcher).write_pdf(
            stylesheets=[styles], font_config=fonts
        )

    def sealed() -> None:
        _answer, pdf = render.work(order, attached)
        sealer.seal(pdf, datetime.now(UTC), "Bench")

    def in_a_child() -> None:
        sealer.seal(render.render(manuscript).pdf, datetime.now(UTC), "Bench")

    for run in (bare, sealed, in_a_child):
        run()
    times: dict[str, list[float]] = {"bare": [], "sealed": []}
    walls: dict[str, list[float]] = {"bare": [], "in a child": []}
    for _ in range(ROUNDS):
        times["bare"].append(_measure(bare, time.process_time))
        times["sealed"].append(_measure(sealed, time.process_time))
        walls["bare"].append(_measure(bare, time.perf_counter))
        walls["in a child"].append(_measure(in_a_child, time.perf_counter))
    cpu = {name: statistics.median(values) * 1000 for name, values in times.items()}
    wall = {name: statistics.median(values) * 1000 for name, values in walls.items()}
    print(f"CPU  bare {cpu['bare']:.0f} ms, sealed {cpu['sealed']:.0f} ms: {cpu['sealed'] / cpu['bare']:.2f} times")
    print(
        f"wall bare {wall['bare']:.0f} ms, end to end {wall['in a child']:.0f} ms: {wall['in a child'] / wall['bare']:.2f} times"
    )


def _measure(run: Callable[[], None], clock: Callable[[], float]) -> float:
    start = clock()
    run()
    return clock() - start


if __name__ == "__main__":
    main()
