"""What waits for a person, gathered from every part: overdue, their turn, waiting on others, unfinished, lately done.

A fixed number of statements, whatever is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.foundation.clock import now as this_moment
from app.history.models import HistoryDetail, HistoryEvent
from app.inbox.sources import SOURCES
from app.rules.actors import Actor
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.tasks import Done, Group, Row

DONE_DAYS = 14
_MOST_DONE = 8


@dataclass(frozen=True)
class Inbox:
    """Everything in it, grouped."""

    rows: tuple[Row, ...]
    done: tuple[Done, ...]

    def of(self, group: str) -> tuple[Row, ...]:
        """The rows of one group, the earliest date first."""
        return tuple(row for row in self.rows if row.group == group)

    @property
    def yours(self) -> tuple[Row, ...]:
        """What waits for the reader."""
        return tuple(row for row in self.rows if row.is_yours)

    @property
    def next(self) -> Row | None:
        """The next thing that will concern the reader, when nothing waits for them now."""
        return next((row for row in self.rows if row.due), None)


def inbox(session: Session, viewer: Actor, now: datetime) -> Inbox:
    """The inbox of one person."""
    rows = [row for source in SOURCES for row in source.rows(session, viewer, now)]
    ordered = sorted(rows, key=lambda row: (list(Group).index(row.group), row.due or date.max, row.lines))
    return Inbox(tuple(ordered), tuple(_done(session, viewer, now)))


def waiting_for(session: Session, actor: Actor) -> int:
    """How many things wait for this person: as many rows as the inbox shows as theirs. One statement for all that can be
    counted by the database.
    """
    moment = this_moment()
    counts = [source.count(session, actor, moment) for source in SOURCES]
    numbers = [each for each in counts if isinstance(each, int)]
    asked = [each for each in counts if not isinstance(each, int)]
    return sum(numbers) + sum(session.execute(select(*asked)).one())


def _done(session: Session, viewer: Actor, now: datetime) -> Sequence[Done]:
    """What the viewer did in the last two weeks, as the history has it; writing at a draft is not news."""
    quiet = (Event.PROPOSAL_EDITED, Event.LISTING_EDITED, Event.TEAM_CHANGED, Event.ACT_DENIED)
    statement = (
        select(HistoryEvent, HistoryDetail.payload)
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(
            HistoryEvent.actor_pid == viewer.pid,
            HistoryEvent.at > now - timedelta(days=DONE_DAYS),
            or_(*(HistoryEvent.thing == thing for thing in ("proposal", "grant", "listing", "accession"))),
            HistoryEvent.type.not_in([event.value for event in quiet]),
        )
        .order_by(HistoryEvent.seq.desc())
        .limit(_MOST_DONE)
    )
    return [
        Done(EVENT_NAMES[Event(row.type)], str((payload or {}).get("title") or ""), row.thing, row.thing_ref, row.at)
        for row, payload in session.execute(statement)
    ]
