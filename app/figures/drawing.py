"""Geometry of the figures' pictures: numbers only, the words come from the templates."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640.0
_ROOM = 56.0
_HIGH, _TOP, _STEP = 132.0, 16.0, 52.0


@dataclass(frozen=True)
class Range:
    """One line: where its median stands and how far nine in ten reach, on a line of WIDTH."""

    median: float
    p90: float


def ranges(rows: Sequence[tuple[float, int]]) -> tuple[Range, ...]:
    """Lines of median and 90th percentile on one scale from zero."""
    most = max((p90 for _median, p90 in rows), default=0) or 1
    scale = (WIDTH - _ROOM) / most
    return tuple(Range(round(max(median * scale, 3), 1), round(max(p90 * scale, 3), 1)) for median, p90 in rows)


@dataclass(frozen=True)
class Column:
    """One month: its place, and the stack from the ground up; y and height of each part."""

    x: float
    parts: tuple[tuple[float, float], ...]
    top: float
    total: int


def columns(stacks: Sequence[Sequence[int]]) -> tuple[Column, ...]:
    """Stacked columns side by side, the tallest as high as the picture."""
    most = max((sum(stack) for stack in stacks), default=0) or 1
    drawn = []
    for place, stack in enumerate(stacks):
        parts, ground = [], _TOP + _HIGH
        for number in stack:
            high = round(number * _HIGH / most, 1)
            ground -= high
            parts.append((round(ground, 1), high))
        drawn.append(Column(round(8 + place * _STEP, 1), tuple(parts), round(ground, 1), sum(stack)))
    return tuple(drawn)
