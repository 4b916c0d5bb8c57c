"""How a number of working days spreads: the middle, and what nine in ten stay within."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# Fewer than so many would tell of single cases, and say little about the next one.
FEWEST = 3


@dataclass(frozen=True)
class Spread:
    """Of `count` cases: the median, the 90th percentile (nearest rank), the least and the most, in working days."""

    median: float
    p90: int
    low: int
    high: int
    count: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough cases to tell."""
        return self.count >= FEWEST


def spread(days: Sequence[int]) -> Spread | None:
    """The spread of these; None of none."""
    if not days:
        return None
    ordered = sorted(days)
    rank = max(-(-len(ordered) * 9 // 10), 1)
    return Spread(median(ordered), ordered[rank - 1], ordered[0], ordered[-1], len(ordered))
