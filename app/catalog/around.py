"""What the parts above add to a dataset's page. The factory hands it in, because they stand above this one.

A part has a tuple of `Section`s, and perhaps `Representation`s: the same listing, or the list of them, in another form. The
factory joins them in the order of the page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from flask import Flask, current_app
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.catalog.models import Dataset
from app.catalog.starting import Opener
from app.rules.actors import Actor


class Place(StrEnum):
    """Where on the page a section stands."""

    HEAD = "head"  # in <head>: links and data for programs, nothing that is shown
    TOP = "top"  # above the title
    MAIN = "main"  # below the dataset's own sections
    END = "end"  # last: where to go on from here


# What the template needs, or None where this viewer is shown no such section.
Context = Callable[[Session, Actor, Dataset, datetime], Mapping[str, object] | None]


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
class Representation:
    """A listing in another form, given to those who ask the page's address for its media type."""

    media_type: str
    # The address at which this form alone stands; None where the listing has nothing for it.
    address: Callable[[Dataset], str | None]
    answer: Callable[[Dataset], Response]


@dataclass(frozen=True)
class ListRepresentation:
    """The list of datasets in another form, given to those who ask /datasets for its media type. It reads the request itself."""

    media_type: str
    answer: Callable[[], Response]


@dataclass(frozen=True)
class Around:
    """All that the parts above add, in the order in which it is shown."""

    sections: tuple[Section, ...] = ()
    representations: tuple[Representation, ...] = ()
    of_list: tuple[ListRepresentation, ...] = ()
    # Reads a file that describes datasets, so that a draft can begin with it.
    opener: Opener | None = None

    def shown(self, session: Session, viewer: Actor, dataset: Dataset, now: datetime) -> dict[str, list[Shown]]:
        """The sections for one viewer, by place."""
        found: dict[str, list[Shown]] = {place.value: [] for place in Place}
        for section in self.sections:
            part = section.context(session, viewer, dataset, now)
            if part is not None:
                found[section.place.value].append(Shown(section.template, part))
        return found

    def forms_of(self, dataset: Dataset) -> dict[str, Representation]:
        """The forms in which this listing is there beside its page, by media type."""
        return {one.media_type: one for one in self.representations if one.address(dataset) is not None}


_KEY = "onepact_around_datasets"


def init_around(app: Flask, around: Around) -> None:
    """Keep what is added with the app."""
    app.extensions[_KEY] = around


def around() -> Around:
    """What the parts above add, asked for by routes."""
    return cast(Around, current_app.extensions.get(_KEY, Around()))
