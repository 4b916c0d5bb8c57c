"""What waits for a person, gathered from every part: overdue, their turn, waiting on others, unfinished, lately done.

A fixed number of statements, whatever is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.foundation.clock import now as this_moment
from app.inbox import from_proposals
from app.inbox.lately import done
from app.inbox.sources import SOURCES, About
from app.organizations.assignments import colleagues
from app.proposals.queries.waiting import NEAR_DAYS, Queue, counts
from app.rules.actors import Actor
from app.rules.tasks import Done, Group, Row

# The parts of the page are the queues of proposals, which alone may be long; every other part of the product adds its rows.
Part = Queue
SHOWN = 25


@dataclass(frozen=True)
class Inbox:
    """What is shown of each part, and how many there are in all."""

    parts: Mapping[Part, tuple[Row, ...]]
    counts: Mapping[Part, int]
    done: tuple[Done, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Everything that is shown, part by part."""
        return tuple(row for part in Part for row in self.parts[part])

    def of(self, group: str) -> tuple[Row, ...]:
        """The rows of one group, the earliest date first."""
        return tuple(row for row in self.rows if row.group == group)

    @property
    def yours(self) -> tuple[Row, ...]:
        """What waits for the reader, as far as it is shown."""
        return tuple(row for row in self.rows if row.is_yours)

    @property
    def yours_count(self) -> int:
        """How many things wait for the reader in all."""
        return sum(self.counts[part] for part in (Part.OVERDUE, Part.WEEK, Part.LATER))

    @property
    def next(self) -> Row | None:
        """The next thing that will concern the reader, when nothing waits for them now."""
        return next((row for row in self.rows if row.due), None)


def inbox(session: Session, viewer: Actor, now: datetime, about: About | None = None) -> Inbox:
    """The inbox of one person: the beginning of each part; narrowed to what is about one kind of thing."""
    others = around(session, viewer, now, about)
    begun, numbers = _of_proposals(session, viewer, now, about)
    found = [*begun, *others]
    parts = {part: _sorted(row for row in found if part_of(row, now) is part) for part in Part}
    more = {part: numbers[part] + sum(part_of(row, now) is part for row in others) for part in Part}
    return Inbox({part: rows[:SHOWN] for part, rows in parts.items()}, more, done(session, viewer, now))


def _of_proposals(
    session: Session, viewer: Actor, now: datetime, about: About | None
) -> tuple[list[Row], Mapping[Part, int]]:
    if about not in (None, About.PROPOSALS):
        return [], dict.fromkeys(Part, 0)
    return from_proposals.rows(session, viewer, now, SHOWN)


@dataclass(frozen=True)
class Stretch:
    """One page of one part."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    count: int


def stretch(
    session: Session, viewer: Actor, now: datetime, part: Part, number: int, about: About | None = None
) -> Stretch:
    """One page of one part, where it is longer than the inbox shows."""
    others = [row for row in around(session, viewer, now, about) if part_of(row, now) is part]
    has_proposals = about in (None, About.PROPOSALS)
    count = (counts(session, viewer, now)[part] if has_proposals else 0) + len(others)
    pages = max(-(-count // SHOWN), 1)
    number = min(max(number, 1), pages)
    of_proposals = from_proposals.rows_of(session, viewer, now, part, number * SHOWN) if has_proposals else []
    rows = _sorted([*of_proposals, *others])
    return Stretch(rows[(number - 1) * SHOWN : number * SHOWN], number, pages, count)


def part_of(row: Row, now: datetime) -> Part:
    """Where a row stands on the page: what is the reader's, by its date."""
    if row.group is Group.YOURS:
        is_soon = row.due is None or row.due <= now.date() + timedelta(days=NEAR_DAYS)
        return Part.WEEK if is_soon else Part.LATER
    return Part(row.group.value)


def around(session: Session, viewer: Actor, now: datetime, about: About | None = None) -> list[Row]:
    """The rows of every part of the product but proposals; one statement finds which of them have any."""
    sources = [source for source in SOURCES if about in (None, source.about)]
    columns = (source.some(viewer, now).label(source.name) for source in sources)
    there = session.execute(select(*columns)).one()
    parts = (source for source, has_some in zip(sources, there, strict=True) if has_some)
    found = [row for source in parts for row in source.rows(session, viewer, now)]
    return _with_takers(session, viewer, found)


def _with_takers(session: Session, viewer: Actor, rows: list[Row]) -> list[Row]:
    """What a colleague took waits for them, and no more for the viewer; the sources' counts leave it out too.

    Only what somebody else could take as well can be taken.
    """
    known = colleagues(session, viewer, [row.take for row in rows if row.take])
    found = []
    for row in rows:
        taken = known.takers.get(row.take) if row.take else None
        counts = taken is not None and row.take_since is not None and taken.at >= row.take_since
        if taken is not None and counts and taken.person_id != viewer.person_id:
            found.append(replace(row, group=Group.OTHERS, taker=taken.name, button=""))
        elif counts or (row.take_since is not None and known.is_alone):
            found.append(replace(row, take=None))
        else:
            found.append(row)
    return found


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.place, row.lines)))


def waiting_for(session: Session, actor: Actor) -> int:
    """How many things wait for this person: as many rows as the inbox shows as theirs. One statement; where a part has
    something of which only the rows tell whose it is, its rows are made.
    """
    moment = this_moment()
    asked: list[ColumnElement[Any]] = [from_proposals.count(session, actor, moment)]
    for source in SOURCES:
        number = source.count(actor, moment)
        asked.append((source.some(actor, moment) if number is None else number).label(source.name))
    total, *found = session.execute(select(*asked)).one()
    for source, number in zip(SOURCES, found, strict=True):
        if number is True:
            total += sum(row.is_yours for row in source.rows(session, actor, moment))
        else:
            total += number
    return int(total)
