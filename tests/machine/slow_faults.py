"""Each planted fault is found, in a stated number of examples; one that is not found fails the run."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy.exc import IntegrityError

from tests.machine import machine, running
from tests.machine.exercised import Tally
from tests.machine.faults import FAULTS, Fault
from tests.machine.founding import staged
from tests.support import run
from tests.support.databases import DatabaseMaker

EXAMPLES, STEPS = 60, 60  # at most; most are found in the first ten


@pytest.fixture(scope="session")
def stage(make_database: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[machine.Stage]:
    """One consortium for all faults of a worker: examples leave nothing behind."""
    with staged(make_database("sqlite"), tmp_path_factory.mktemp("stage")) as found:
        yield found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.name)
def test_a_planted_fault_is_found(fault: Fault, stage: machine.Stage) -> None:
    how = settings(
        stateful_step_count=STEPS + 1,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    own = replace(stage, tally=Tally(), areas=fault.areas)
    with ExitStack() as planted:
        fault.plant(planted)
        with pytest.raises((machine.Wrong, IntegrityError)):
            running.run(own, how, EXAMPLES, chance=1)
    number = len(own.tally.examples)
    (run.folder() / f"fault-{fault.name.partition(':')[0]}.txt").write_text(f"{fault.name}: in example {number}")
