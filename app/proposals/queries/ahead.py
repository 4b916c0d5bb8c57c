"""What comes by date while a proposal waits: when the one who is named is reminded, and who is asked where it stays open."""

from dataclasses import dataclass
from datetime import date, datetime

from app.organizations.naming import Name
from app.proposals.queries.clock import has_come
from app.proposals.queries.whose_turn import Holder, WhoseTurn, when_at
from app.rules.calendar import DEPUTY_JOINS_AT, REMIND_AT, SECRETARIAT_JOINS_AT
from app.rules.turns import Turn


@dataclass(frozen=True)
class Asked:
    """Who is asked from a day on, or from a moment, where hours count."""

    name: Name
    when: date


@dataclass(frozen=True)
class Ahead:
    """Of the holder that has used most of its time: its reminders up to the due day, who joins then, who takes over later."""

    reminders: tuple[date, ...]
    joins: Asked | None
    takes_over: Asked | None


def ahead_of(turn: WhoseTurn, now: datetime) -> Ahead | None:
    """What is still to come; None where nobody waits by a date. A team is asked by nobody else: what it leaves open is parked."""
    clocks = [(holder.progress.percent, holder) for holder in turn.holders if holder.progress and holder.named]
    if not clocks:
        return None
    _percent, holder = max(clocks, key=lambda each: each[0])
    days = (when_at(share, holder, turn.since) for share in REMIND_AT if share <= DEPUTY_JOINS_AT)
    reminders = dict.fromkeys(day for day in days if day is not None and not has_come(day, now))
    if turn.turn is Turn.CHANGING:
        return Ahead(tuple(reminders), None, None)
    joins, last = (_asked(holder, share, turn.since, now) for share in (DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT))
    return Ahead(tuple(reminders), joins, last)


def _asked(holder: Holder, share: int, since: datetime | None, now: datetime) -> Asked | None:
    """Whoever joins at this share of the time, if somebody does and it is still to come."""
    named, when = holder.named, when_at(share, holder, since)
    who = named.at(share) if named else None
    if named is None or who is None or when is None or has_come(when, now):
        return None
    return Asked(who, when) if who not in named.asked(share - 1) else None
