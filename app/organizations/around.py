"""What the parts above know of an organization. The factory hands it in, because they stand above this one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.organizations.commands.vouching import Terms
from app.organizations.models import Organization
from app.rules.actors import Actor
from app.rules.roles import CAPACITY_NAMES, Capacity


@dataclass(frozen=True)
class Taker:
    """Somebody who could take a piece of work on."""

    person_id: int
    name: str


@dataclass(frozen=True)
class OpenWork:
    """Something that waits for a person, and who could take it on. `may_end`: it can also end with the person's leaving."""

    title: str
    href: str
    key: str = ""
    kind: str = ""
    takers: tuple[Taker, ...] = ()
    may_end: bool = False


@dataclass(frozen=True)
class Passing:
    """What waits for a person and is asked of others once they leave: what it is known by, and what it is, in words."""

    key: str
    what: str


@dataclass(frozen=True)
class AgreementState:
    """Where an organization stands with the common agreement in one capacity, as a sentence."""

    capacity: Capacity
    sentence: str
    href: str
    is_in_force: bool

    @property
    def name(self) -> str:
        """What the capacity is called."""
        return CAPACITY_NAMES[self.capacity]


def _no_agreements(_session: Session, _viewer: Actor, _organization_id: int) -> list[AgreementState]:
    return []


def _no_work(_session: Session, _organization_id: int, _person_id: int) -> list[OpenWork]:
    return []


def _nothing_passes(_session: Session, _organization_id: int, _person_id: int, _now: datetime) -> list[Passing]:
    return []


def _nothing_to_hand_on(
    _session: Session, _actor: Actor, _organization_id: int, _person_id: int, _takers: Mapping[str, int], _now: datetime
) -> None:
    return None


def _no_terms(_session: Session, _organization_id: int) -> Terms | None:
    return None


def _no_page(_session: Session, _viewer: Actor, _organization: Organization) -> str | None:
    return None


def _not_known(_session: Session, _capacity: Capacity) -> frozenset[str] | None:
    return None


@dataclass(frozen=True)
class Around:
    """The questions. `acceded_as` answers with slugs, or None where it is not known: then nobody is left out.

    `page_of`: the address of the page on which the viewer finds what the organization lists; None where that is nothing.
    """

    agreements_of: Callable[[Session, Actor, int], list[AgreementState]] = _no_agreements
    acceded_as: Callable[[Session, Capacity], frozenset[str] | None] = _not_known
    open_work_of: Callable[[Session, int, int], list[OpenWork]] = _no_work
    passing_from: Callable[[Session, int, int, datetime], list[Passing]] = _nothing_passes
    hand_on: Callable[[Session, Actor, int, int, Mapping[str, int], datetime], None] = _nothing_to_hand_on
    terms_of: Callable[[Session, int], Terms | None] = _no_terms
    page_of: Callable[[Session, Actor, Organization], str | None] = _no_page


_KEY = "onepact_around_organizations"


def init_around(app: Flask, around: Around) -> None:
    """Keep the answers' functions with the app."""
    app.extensions[_KEY] = around


def around() -> Around:
    """What the parts above know, asked for by routes."""
    return cast(Around, current_app.extensions.get(_KEY, Around()))
