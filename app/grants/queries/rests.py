"""How long grants were suspended: days that count for nobody who could do nothing meanwhile.

A suspension rests until it is lifted or its grant expires: from then on whoever issues what follows it can do so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.queries.turns import Clock
from app.history.models import HistoryEvent
from app.rules.calendar import Calendar, Progress, Wait, progress, working_days_between
from app.rules.events import Event

_BEGIN, _ENDS = Event.GRANT_SUSPENDED, (Event.SUSPENSION_LIFTED, Event.GRANT_EXPIRED)


@dataclass(frozen=True)
class Rests:
    """The suspensions of some grants that are over, by number: from when to when."""

    of_grant: Mapping[str, tuple[tuple[datetime, datetime], ...]]

    def days(self, grant: Grant, since: datetime, calendar: Calendar) -> int:
        """The working days on which the grant was suspended, from this moment on."""
        spans = self.of_grant.get(grant.number, ())
        return sum(
            working_days_between(calendar.day_of(max(begun, since)), calendar.day_of(lifted), calendar)
            for begun, lifted in spans
            if lifted > since
        )

    def clock(self, grant: Grant, wait: Wait, since: datetime) -> Clock:
        """The clock of a wait that stands still while its grant is suspended."""

        def told(calendar: Calendar, now: datetime) -> Progress:
            return progress(wait, since, now, self.days(grant, since, calendar), calendar=calendar)

        return told


NONE = Rests({})


def rests_of(session: Session, grants: Iterable[Grant]) -> Rests:
    """The suspensions of these grants that are over, in one statement."""
    numbers = {grant.number for grant in grants}
    if not numbers:
        return NONE
    of_them = (HistoryEvent.thing == "grant", HistoryEvent.thing_ref.in_(numbers))
    found = select(HistoryEvent.thing_ref, HistoryEvent.type, HistoryEvent.at)
    rows = session.execute(found.where(*of_them, HistoryEvent.type.in_((_BEGIN, *_ENDS))).order_by(HistoryEvent.seq))
    begun: dict[str, datetime] = {}
    spans: dict[str, tuple[tuple[datetime, datetime], ...]] = {}
    for number, kind, at in rows:
        if kind == _BEGIN:
            begun[number] = at
        elif number in begun:
            spans[number] = (*spans.get(number, ()), (begun.pop(number), at))
    return Rests(spans)
