"""Which rows of the tables were used: every (action, state) that was permitted in a step that was kept."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from unittest import mock

from app.rules import permissions, workflow
from app.rules.actions import Action
from app.rules.workflow import TABLES, Machine

GOAL = 95  # percent of the rows


@dataclass
class Tally:
    """What one worker did: the steps of each example, what came of them, and each row with the state that it was used in."""

    examples: list[int] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    _step: list[tuple[Action, StrEnum]] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator["Tally"]:
        """Notice every act that the rules let pass while the block runs."""
        passing = workflow.next_state

        def noting(action: Action, state: StrEnum) -> StrEnum:
            after = passing(action, state)
            self._step.append((action, state))
            return after

        with mock.patch.object(permissions, "next_state", noting):
            yield self

    def keep(self, *, done: bool) -> None:
        """The step is over: what was permitted counts if what it did was kept."""
        if done:
            self.rows.update(f"{action.value} from {state.value}" for action, state in self._step)
        self._step.clear()

    def write(self, file: Path) -> None:
        """Leave the figures for the end of the run."""
        figures = {
            "examples": self.examples,
            "outcomes": self.outcomes,
            "rows": self.rows,
            "acts": self.acts,
        }
        file.write_text(json.dumps(figures), encoding="utf-8")


@dataclass(frozen=True)
class Report:
    """The figures of all workers together."""

    examples: dict[str, list[int]]
    outcomes: Counter[str]
    rows: Counter[str]

    @property
    def used(self) -> dict[Machine, set[Action]]:
        """The rows of each table that were used in any state."""
        actions = {key.partition(" from ")[0] for key in self.rows}
        return {
            machine: {row.action for row in table if row.action.value in actions} for machine, table in TABLES.items()
        }

    @property
    def missing(self) -> list[str]:
        """The rows that were not."""
        return [row.action.value for m, table in TABLES.items() for row in table if row.action not in self.used[m]]

    @property
    def percent(self) -> float:
        """The share of rows that were used."""
        return 100 * sum(map(len, self.used.values())) / sum(map(len, TABLES.values()))

    @property
    def edges(self) -> tuple[int, int, list[str]]:
        """The same for each row with each of its states: how many were used, of how many, and which were not."""
        wanted = [
            f"{row.action.value} from {s.value}" for t in TABLES.values() for row in t for s in sorted(row.sources)
        ]
        missing = [edge for edge in wanted if edge not in self.rows]
        return len(wanted) - len(missing), len(wanted), missing


def report(folder: Path) -> Report:
    """What all workers of this run have left; files are named `machine-<database>-<shard>.json`."""
    examples: dict[str, list[int]] = {}
    outcomes: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for file in sorted(folder.glob("machine-*.json")):
        figures = json.loads(file.read_text(encoding="utf-8"))
        kind = file.stem.split("-")[1]
        examples.setdefault(kind, []).extend(figures["examples"])
        outcomes.update(figures["outcomes"])
        rows.update(figures["rows"])
    return Report(examples, outcomes, rows)


def lines(found: Report) -> Iterator[str]:
    """The report as it is printed."""
    for kind, steps in found.examples.items():
        whole = steps.count(max(steps))
        yield f"{kind}: {whole} examples of {max(steps)} steps, {len(steps) - whole} shorter ones; {sum(steps):,} steps"
    yield "steps: " + ", ".join(f"{name} {count:,}" for name, count in found.outcomes.most_common())
    for machine, table in TABLES.items():
        used = found.used[machine]
        without = ", ".join(row.action.value for row in table if row.action not in used)
        yield f"  {machine.value:<12} {len(used):>3} of {len(table):>3} rows{'  missing: ' + without if without else ''}"
    done, total, missing = found.edges
    yield f"rows exercised: {found.percent:.1f} % (goal {GOAL}); rows in each of their states: {done} of {total}"
    if missing:
        yield "  not from: " + ", ".join(missing)
