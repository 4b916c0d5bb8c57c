"""What can be published, on which grounds a data partner may object, and how long it may read (clause 17)."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.foundation.words import N_
from app.rules.calendar import Calendar, Length, add_working_days
from app.rules.terms.values import Unit
from app.rules.workflow.outputs import OutputState
from app.rules.workflow.states import GrantState

REVIEW = Length(10, Unit.WORKING_DAY)  # clause 17.2, where the terms have no opinion
EMERGENCY_REVIEW = Length(48, Unit.HOUR)  # clause 17.2
TEST = Length(5, Unit.WORKING_DAY)  # clause 17.5
CHANGES = Length(15, Unit.WORKING_DAY)
AGAIN = Length(1, Unit.WORKING_DAY)  # once an answer was taken back after the time had run out
EMERGENCY = "dev.emergency"
MOST_LINES = 1500  # of a text that are read on the page
MOST_REQUESTS = 200  # in one request

# Outputs are submitted as long as what they rest on was ever granted: clause 17 lives on for drafts not yet published.
MAY_SUBMIT = frozenset(GrantState) - {GrantState.AWAITING_SIGNATURE}

# Outputs that are on their way: somebody is next.
STILL_OPEN = frozenset(
    {OutputState.IN_READING, OutputState.CHANGES_ASKED, OutputState.WITH_SECRETARIAT, OutputState.CLEARED}
)


class OutputKind(StrEnum):
    """What an output is."""

    PAPER = "paper"
    BRIEF = "brief"
    MAP = "map"
    INDICATOR = "indicator"
    DATASET = "dataset"
    TOOL = "tool"
    TALK = "talk"
    OTHER = "other"


OUTPUT_KINDS: dict[OutputKind, str] = {
    OutputKind.PAPER: N_("Paper or report"),
    OutputKind.BRIEF: N_("Brief or note"),
    OutputKind.MAP: N_("Map or picture"),
    OutputKind.INDICATOR: N_("Indicator or table"),
    OutputKind.DATASET: N_("Derived data"),
    OutputKind.TOOL: N_("Code, method or tool"),
    OutputKind.TALK: N_("Talk or training"),
    OutputKind.OTHER: N_("Something else"),
}


class Ground(StrEnum):
    """The three grounds on which a data partner may object; never the finding (clauses 17.3 and 17.4)."""

    IDENTIFIES = "identifies_or_reveals"
    WRONG = "wrong_about_data"
    NAME = "name_or_logo"


GROUNDS: dict[Ground, str] = {
    Ground.IDENTIFIES: N_("It identifies a person, or reveals a secret"),
    Ground.WRONG: N_("It describes the data wrongly"),
    Ground.NAME: N_("It uses a name or logo against clause 9"),
}


def answer_by(since: datetime, length: Length, calendar: Calendar) -> datetime:
    """Until when an answer is in time, in UTC: the end of the last working day of whoever is waited for, as it ends where they
    are; where hours count, they run day and night.
    """
    if length.unit is Unit.HOUR:
        return since + timedelta(hours=length.amount)
    day = add_working_days(calendar.day_of(since), length.amount, calendar)
    return calendar.begin_of(day + timedelta(days=1)) - timedelta(seconds=1)
