"""One thing in the inbox, whatever part of the product it comes from. Parts below the inbox make them in their queries."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from app.rules.calendar import Progress


class Group(StrEnum):
    """Where a row stands in the inbox, in this order."""

    OVERDUE = "overdue"
    YOURS = "yours"
    OTHERS = "others"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Row:
    """Verb and object, who it comes from, and by when.

    `sentence` is what to do, untranslated, with gaps that `facts` fill; `lines` are names and references as they are.
    `endpoint` and `values` say where it is done; `button` is the words on its button, untranslated.
    """

    group: Group
    sentence: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    initials: str
    tone: str
    endpoint: str
    values: tuple[tuple[str, str], ...]
    button: str = ""
    due: date | None = None
    clock: Progress | None = None
    since: datetime | None = None
    # What it is known by where several are chosen at once, what can be done with it there, untranslated, and the address that
    # takes it from a named colleague.
    ref: str = ""
    choosing: str = ""
    taking: str = ""
    # Thing and reference of a case that a colleague may take instead, the moment from which a name on it counts, and whose it is.
    take: tuple[str, str] | None = None
    take_since: datetime | None = None
    taker: str = ""

    @property
    def when(self) -> date | None:
        """The day by which it is due, or the moment, where hours count."""
        return self.clock.when if self.clock else self.due

    @property
    def place(self) -> tuple[date, time]:
        """Where it stands among others by date: a moment comes before the end of its day, what has no date comes last."""
        return self.clock.place if self.clock else (self.due or date.max, time.max)

    @property
    def is_yours(self) -> bool:
        """Whether the reader must act."""
        return self.group in (Group.OVERDUE, Group.YOURS)


@dataclass(frozen=True)
class Done:
    """Something the reader did lately."""

    name: str
    title: str
    thing: str
    reference: str
    at: datetime


def mine(is_overdue: bool) -> Group:
    """The group of something that the reader must do."""
    return Group.OVERDUE if is_overdue else Group.YOURS
