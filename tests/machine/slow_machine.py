"""The machine on both databases, in shards that share the cores."""

import os
import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.machine import running
from tests.machine.conftest import IS_PART, SHARDS
from tests.machine.founding import staged
from tests.support import run
from tests.support.databases import DatabaseMaker

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "40" if IS_PART else "300"))  # on each database
# The same lives on every server; other ones on each machine of those who change the code.
CHANCE = int(os.environ.get("MACHINE_CHANCE") or (1 if run.IN_CI or IS_PART else secrets.randbelow(10**6)))
# A life that fails is told as it is where time is bounded; it fails the same way again where there is time to make it short.
SHRINKS = os.environ.get("MACHINE_SHRINKS", "0" if IS_PART or run.IN_CI else "1") == "1"
STEPS = int(os.environ.get("MACHINE_STEPS", "60"))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_that_must_never_happen_happens(
    database: str, shard: int, make_database: DatabaseMaker, tmp_path: Path
) -> None:
    print(f"MACHINE_CHANCE={CHANCE}")  # noqa: T201 - shown where it fails, to run the same again
    how = settings(
        stateful_step_count=STEPS + 1,  # the first of them is where to dwell
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if SHRINKS else [Phase.generate],
        report_multiple_bugs=False,
    )
    with staged(make_database(database), tmp_path) as stage:
        try:
            running.run(stage, how, -(-EXAMPLES // SHARDS), chance=CHANCE + 1000 * shard)
        finally:
            stage.tally.write(run.folder() / f"machine-{database}-{shard}.json")
