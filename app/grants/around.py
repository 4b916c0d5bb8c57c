"""What the parts above show on a grant's page. The factory hands it in, because they stand above this one.

A part has a tuple of `Section`s, and perhaps a function for links; the factory joins them in the order of the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from flask import Flask, current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.grants.queries.grants import SeenGrant
from app.rules.actors import Actor


class Place(StrEnum):
    """Where on the page a section stands."""

    TOP = "top"  # between the status sentence and the two columns: what somebody must do now
    BESIDE = "beside"  # in the narrow column, below the box with the letter
    DUTIES = "duties"  # in the wide column, first: what was promised, and when
    MAIN = "main"  # in the wide column, below what was granted


# What the template needs, or None where this viewer is shown no such section.
Context = Callable[[Session, Actor, SeenGrant, datetime], Mapping[str, object] | None]
# Words, already in the reader's language, and addresses.
Links = Callable[[Session, Actor, SeenGrant, datetime], list[tuple[str, str]]]


@dataclass(frozen=True)
class Section:
    """One section: its template sees the page's own names, and what `context` answers as `part`."""

    place: Place
    template: str
    context: Context


@dataclass(frozen=True)
class Shown:
    """A section as it is shown to one viewer."""

    template: str
    part: Mapping[str, object]


@dataclass(frozen=True)
class Published:
    """An output of a grant as everyone may know it."""

    title: str
    address: str
    doi: str
    published_on: date


@dataclass(frozen=True)
class Recognized:
    """A file that is no letter, but known to a part above by its bytes: what its verdict says."""

    verdict: str
    number: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str | Markup], ...]


def _nothing_published(_session: Session, _numbers: Sequence[str]) -> Mapping[str, Sequence[Published]]:
    return {}


def _none_open(_session: Session, _numbers: Sequence[str]) -> Mapping[str, Sequence[str]]:
    return {}


@dataclass(frozen=True)
class Around:
    """All that the parts above add to the page, in the order in which it is shown."""

    sections: tuple[Section, ...] = ()
    links: tuple[Links, ...] = ()
    # What the register shows beside a grant, and who knows a file by its SHA-256 where it is no letter.
    published: Callable[[Session, Sequence[str]], Mapping[str, Sequence[Published]]] = _nothing_published
    recognizers: tuple[Callable[[Session, str], Recognized | None], ...] = ()
    # Titles of outputs that are on their way to publication, by grant: a close-out and a withdrawal concern them.
    unpublished: Callable[[Session, Sequence[str]], Mapping[str, Sequence[str]]] = _none_open

    def recognized(self, session: Session, sha256: str) -> Recognized | None:
        """What the parts above know of a file; None where none of them knows it."""
        return next((known for ask in self.recognizers if (known := ask(session, sha256)) is not None), None)

    def shown(self, session: Session, viewer: Actor, seen: SeenGrant, now: datetime) -> dict[str, list[Shown]]:
        """The sections for one viewer, by place."""
        found: dict[str, list[Shown]] = {place.value: [] for place in Place}
        for section in self.sections:
            part = section.context(session, viewer, seen, now)
            if part is not None:
                found[section.place.value].append(Shown(section.template, part))
        return found

    def links_of(self, session: Session, viewer: Actor, seen: SeenGrant, now: datetime) -> list[tuple[str, str]]:
        """The links for one viewer."""
        return [link for of_part in self.links for link in of_part(session, viewer, seen, now)]


_KEY = "onepact_around_grants"


def init_around(app: Flask, around: Around) -> None:
    """Keep what is added with the app."""
    app.extensions[_KEY] = around


def around() -> Around:
    """What the parts above add, asked for by routes."""
    return cast(Around, current_app.extensions.get(_KEY, Around()))
