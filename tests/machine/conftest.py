"""After a whole run: how much was done, which rows of the tables were used, and failure where that is too little."""

import os

import pytest

from tests.machine.exercised import GOAL, lines, report
from tests.support import run

# A fixed part of the run, for where the whole of it takes too long: always the same lives, and no judgment on how much was used.
IS_PART = os.environ.get("MACHINE_PART", "0") not in {"", "0"}
SHARDS = 1 if IS_PART else 4  # of the examples on each database


def _is_whole() -> bool:
    return not IS_PART and len(list(run.folder().glob("machine-*.json"))) == 2 * SHARDS


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if not run.is_worker(session.config) and _is_whole() and report(run.folder()).percent < GOAL:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = report(run.folder())
    if found.examples:
        terminalreporter.section("the machine")
        for line in lines(found):
            terminalreporter.line(line)
    found_faults = sorted(run.folder().glob("fault-*.txt"))
    if found_faults:
        terminalreporter.line(f"planted faults found: {len(found_faults)}")
        for file in found_faults:
            terminalreporter.line(f"  {file.read_text()}")
    if _is_whole() and found.percent < GOAL:
        terminalreporter.line(f"FAILED: fewer than {GOAL} % of the rows were exercised", red=True)
