"""Running the machine: so many lives on one stage, the same ones wherever the same chance is given."""

from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Consortium, Stage

# Hypothesis varies what it has seen once it has seen ten examples; here a new one finds more than a variation.
AT_ONCE = 10


def run(stage: Stage, how: settings, examples: int, chance: int) -> None:
    """Run so many examples on a stage, or until something is wrong. `chance` is what the drawing begins with.

    Each run of ten has the simplest example before it, which nearly nothing happens in; it is not among those asked for.
    """
    for part in range(-(-examples // AT_ONCE)):
        few = settings(how, max_examples=min(AT_ONCE, examples - part * AT_ONCE) + 1)
        _run(stage, few, chance + part)


def _run(stage: Stage, how: settings, chance: int) -> None:
    machine = seed(chance)(type("Consortium", (Consortium,), {"stage": stage}))
    with stage.tally.watching():
        run_state_machine_as_test(machine, settings=how, _min_steps=how.stateful_step_count)
