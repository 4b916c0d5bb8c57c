"""One row of a life: an action, when it is possible, and what it leads to."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.actions import Action
from app.rules.events import Event


@dataclass(frozen=True)
class Transition:
    """One row: possible in `sources`, leads to `target` (None: the state stays), records `event` (None: a reading)."""

    action: Action
    sources: frozenset[StrEnum]
    target: StrEnum | None
    event: Event | None


def row(action: Action, sources: tuple[StrEnum, ...], target: StrEnum | None, event: Event | None) -> Transition:
    """A row of a table."""
    return Transition(action, frozenset(sources), target, event)
