"""Who is named for a wait: exactly one person at every moment, and one who stands in.

Each part that makes somebody wait gives the people who could act, rung by rung; the share of the time that is used says how
far up it has gone. A rung that nobody stands on is passed over, so that a name is there as long as anybody at all is.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Ladder(Generic[T]):
    """Everyone who could act on a wait. In each rung: who took it first, then who holds the role longest.

    Only active people who hold the role now, without a conflict of interest. `own` act; `deputies` join when the time is over,
    and take the place of `own` where there is nobody; `substitutes` only take that place; the `secretariat` takes over last.
    """

    own: Sequence[T]
    deputies: Sequence[T] = ()
    substitutes: Sequence[T] = ()
    secretariat: Sequence[T] = ()


@dataclass(frozen=True)
class Named(Generic[T]):
    """The answer: who acts first, who joins on the due day, who takes over; any of them may be the same person."""

    first: T
    deputy: T | None
    last: T | None
    is_substitute: bool

    def at(self, percent: int) -> T:
        """The one who is named when this share of the time is used."""
        if percent >= SECRETARIAT_JOINS_AT and self.last is not None:
            return self.last
        if percent >= DEPUTY_JOINS_AT and self.deputy is not None:
            return self.deputy
        return self.first

    def asked(self, percent: int) -> tuple[T, ...]:
        """Everyone whose turn it has become by then, without repeats: who was asked first stays asked."""
        joined = [self.deputy] if percent >= DEPUTY_JOINS_AT else []
        taken = [self.last] if percent >= SECRETARIAT_JOINS_AT else []
        return tuple(dict.fromkeys(each for each in (self.first, *joined, *taken) if each is not None))

    def joins(self, percent: int) -> T | None:
        """Who is asked too, next, where it stays open; None once everyone was asked."""
        later = self.asked(SECRETARIAT_JOINS_AT)
        return next((each for each in later if each not in self.asked(percent)), None)

    def backup(self, percent: int) -> T | None:
        """Who stands in for the one named then; None where there is nobody else."""
        now = self.at(percent)
        return next((each for each in (self.deputy, self.last, self.first) if each is not None and each != now), None)


def next_of(ladder: Ladder[T]) -> Named[T] | None:
    """Who is named for this wait; None only where nobody at all is left on any rung."""
    rungs = (ladder.own, ladder.deputies, ladder.substitutes, ladder.secretariat)
    first = next((rung[0] for rung in rungs if rung), None)
    if first is None:
        return None
    others = [each for each in (*ladder.own, *ladder.deputies) if each != first]
    deputy = next((each for each in ladder.deputies if each != first), None)
    last = next((each for each in ladder.secretariat if each != first), None)
    if deputy is None and not ladder.deputies:
        deputy = next(iter(others), None)
    return Named(first, deputy, last, is_substitute=not ladder.own)


def taken_first(people: Sequence[T], assigned: T | None) -> tuple[T, ...]:
    """The people with the one who took the case in front; one who may not act any more is not put there."""
    if assigned is None or assigned not in people:
        return tuple(people)
    return (assigned, *(each for each in people if each != assigned))
