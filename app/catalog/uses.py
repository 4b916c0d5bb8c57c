"""What the catalog shows of uses and waits.

Proposals and grants stand above this part, so that they tell it through a provider.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from app.rules.actors import Actor


@dataclass(frozen=True)
class Use:
    """One use of a dataset, as the register shows it to everyone."""

    number: str
    title: str
    member: str
    until: str
    state: str
    tone: str
    outcome: str
    href: str


@dataclass(frozen=True)
class Wait:
    """How long answers on a dataset took, in working days; where it had too few, those of its data partner (`is_partners`)."""

    median: int
    low: int
    high: int
    count: int
    is_partners: bool = False


@dataclass(frozen=True)
class Grant:
    """A grant on a dataset that is in force, for those who decide on the dataset."""

    number: str
    member: str
    until: str
    href: str


@dataclass(frozen=True)
class Effect:
    """What taking a dataset out of the catalog touches: grants that run on, and proposals that ask for it and are open."""

    grants: tuple[Grant, ...] = ()
    proposals: int = 0


class Provider(Protocol):
    """Who knows of uses. Each answer is public, or already cut to what the viewer may know."""

    def uses_of(self, session: Session, viewer: Actor, dataset_id: int) -> Sequence[Use]:
        """Who uses the dataset, newest first."""

    def use_counts(self, session: Session, dataset_ids: Iterable[int]) -> Mapping[int, int]:
        """How many uses each dataset has had; those without are left out."""

    def waits(self, session: Session, dataset_ids: Iterable[int]) -> Mapping[int, Wait]:
        """How long answers on each dataset took, or on its data partner's; those without enough of either are left out.

        A data partner's come from what everyone may know of, so that they are the same for every viewer and tell of nothing else.
        """

    def in_force(self, session: Session, dataset_id: int) -> int:
        """How many grants on the dataset are in force, whatever becomes of its listing."""

    def effect(self, session: Session, dataset_id: int) -> Effect:
        """What pausing or withdrawing the dataset touches. For its stewards and the secretariat alone."""


class _Nobody:
    """Stands in until somebody registers: nothing is known of any use."""

    def uses_of(self, session: Session, viewer: Actor, dataset_id: int) -> Sequence[Use]:
        return ()

    def use_counts(self, session: Session, dataset_ids: Iterable[int]) -> Mapping[int, int]:
        return {}

    def waits(self, session: Session, dataset_ids: Iterable[int]) -> Mapping[int, Wait]:
        return {}

    def in_force(self, session: Session, dataset_id: int) -> int:
        return 0

    def effect(self, session: Session, dataset_id: int) -> Effect:
        return Effect()


_provider: Provider = _Nobody()


def register(provider: Provider) -> None:
    """Take the one who knows; the factory calls this once."""
    global _provider  # noqa: PLW0603 - one provider per process, set before the first request
    _provider = provider


def provider() -> Provider:
    """Whom to ask."""
    return _provider
