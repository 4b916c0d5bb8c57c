"""Harvesting: how often a source is read, what becomes of what is new, and what may be taken without being looked at."""

import calendar
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.foundation.words import N_
from app.rules.workflow import HarvestState


class Schedule(StrEnum):
    """How often a source is read."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    BY_HAND = "by_hand"


class NewOnes(StrEnum):
    """What becomes of a dataset that was not there before, once somebody takes it."""

    DRAFT = "draft"
    CHECK = "check"
    PUBLISH = "publish"


class RunState(StrEnum):
    """How far one reading of a source has come."""

    # Waiting to be read, or being read.
    OPEN = "open"
    FAILED = "failed"
    # Nothing to look at.
    NOTHING = "nothing"
    # Somebody has to look at what was found.
    FOUND = "found"
    # What was chosen is being brought in.
    TAKING = "taking"
    SETTLED = "settled"
    # A later reading found it again, together with what came since.
    REPLACED = "replaced"


class Kind(StrEnum):
    """What was found about one dataset."""

    CREATED = "created"
    CHANGED = "changed"
    VANISHED = "vanished"
    BACK = "back"
    REFUSED = "refused"


class Answer(StrEnum):
    """What became of what was found. A row that was refused waits for nobody here: it is mended at the source."""

    WAITING = "waiting"
    CHOSEN = "chosen"
    TAKEN = "taken"
    LEFT = "left"
    REFUSED = "refused"


# At most one of them at a time for one source.
AT_WORK = frozenset({RunState.OPEN, RunState.TAKING})
# Tries of one run, and how long after each failed one the next begins.
WAITS_BETWEEN_TRIES = (timedelta(minutes=1), timedelta(minutes=10))

SCHEDULE_NAMES: dict[Schedule, str] = {
    Schedule.DAILY: N_("Every day"),
    Schedule.WEEKLY: N_("Every week"),
    Schedule.MONTHLY: N_("Every month"),
    Schedule.BY_HAND: N_("Only when somebody asks for it"),
}
NEW_ONES_NAMES: dict[NewOnes, str] = {
    NewOnes.DRAFT: N_("They become drafts"),
    NewOnes.CHECK: N_("They go to the secretariat's check where nothing is missing, otherwise they become drafts"),
    NewOnes.PUBLISH: N_("They are listed at once where they have a title and a description"),
}
RUN_STATES: dict[RunState, tuple[str, str]] = {
    RunState.OPEN: (N_("Being read"), "info"),
    RunState.FAILED: (N_("Could not be read"), "red"),
    RunState.NOTHING: (N_("Nothing to look at"), "grey"),
    RunState.FOUND: (N_("To be looked at"), "yellow"),
    RunState.TAKING: (N_("Being brought in"), "info"),
    RunState.SETTLED: (N_("Settled"), "green"),
    RunState.REPLACED: (N_("Replaced by a later reading"), "grey"),
}
# Which shape a page takes for each.
RUN_SHAPES: dict[RunState, str] = {
    RunState.OPEN: "reading",
    RunState.FAILED: "broken",
    RunState.NOTHING: "over",
    RunState.FOUND: "looking",
    RunState.TAKING: "taking",
    RunState.SETTLED: "over",
    RunState.REPLACED: "over",
}
SOURCE_SHAPES: dict[HarvestState, str] = {
    HarvestState.ON: "read",
    HarvestState.PAUSED: "resting",
    HarvestState.FAILING: "broken",
    HarvestState.ENDED: "gone",
}
ANSWERS: dict[Answer, tuple[str, str]] = {
    Answer.WAITING: (N_("Waits"), "yellow"),
    Answer.CHOSEN: (N_("Being brought in"), "info"),
    Answer.TAKEN: (N_("Taken"), "green"),
    Answer.LEFT: (N_("Left as it is"), "grey"),
    Answer.REFUSED: (N_("Refused"), "red"),
}
KIND_NAMES: dict[Kind, tuple[str, str]] = {
    Kind.CREATED: (N_("New at the source"), N_("Taken, each becomes a listing.")),
    Kind.CHANGED: (N_("Changed at the source"), N_("Taken, the listing says what the source says now.")),
    Kind.VANISHED: (
        N_("No longer at the source"),
        N_("Taken, the listing is paused with this reason. Nothing is deleted, and grants run on."),
    ),
    Kind.BACK: (N_("Back at the source"), N_("Taken, the listing is open to proposals again.")),
    Kind.REFUSED: (N_("Cannot be read"), N_("Mend these at the source. The other datasets are not held up.")),
}

# The fields of a listing as a steward reads them. What is not here has its own name.
FIELD_NAMES: dict[str, str] = {
    "title": N_("Title"),
    "description": N_("Description"),
    "summary": N_("In one sentence"),
    "publisher": N_("Publisher"),
    "keywords": N_("Keywords"),
    "themes": N_("Themes"),
    "countries": N_("Countries"),
    "coverage_start": N_("Covers from"),
    "coverage_end": N_("Covers until"),
    "frequency": N_("Updated"),
    "languages": N_("Languages"),
    "contact": N_("Contact"),
    "license_text": N_("License at the source"),
    "landing_page": N_("Page at the source"),
    "release": N_("Version"),
    "spatial_resolution": N_("Spatial resolution"),
    "dictionary": N_("Columns"),
    "unit": N_("One row is"),
    "size": N_("Size"),
}
# What a change may touch and still be taken unseen, where the steward has said so. Everything else, above all what sets terms
# of use, who may see it, how it is reached or how sensitive it is, is looked at by a person.
UNSEEN = frozenset(FIELD_NAMES) - {"license_text"}
# Words in the name of a property that make it one about conditions, wherever it stands.
_CONDITIONS = re.compile(
    r"licen[cs]e|right|polic|permission|prohibit|obligation|condition|terms|restrict|usage|access(?!url)|sensitiv|embargo|odrl",
    re.IGNORECASE,
)
FOREIGN = "foreign:"


def as_allowed(new_ones: NewOnes, *, unchecked: bool) -> NewOnes:
    """What becomes of new ones: those that were to be listed at once go to the check where each dataset is checked."""
    return NewOnes.CHECK if new_ones is NewOnes.PUBLISH and not unchecked else new_ones


def may_pass_unseen(field: str) -> bool:
    """Whether a change of this field says nothing about who may use the data, and how."""
    if field.startswith(FOREIGN):
        return not _CONDITIONS.search(field.removeprefix(FOREIGN))
    return field in UNSEEN


def conditions_in(value: object, path: str = "") -> dict[str, str]:
    """Every part of a nested value that is about conditions, by its path: two values whose parts are equal differ elsewhere."""
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for name, held in value.items():
            here = f"{path}/{name}"
            found |= {here: repr(held)} if _CONDITIONS.search(str(name)) else conditions_in(held, here)
        return found
    if isinstance(value, list):
        return {key: part for n, held in enumerate(value) for key, part in conditions_in(held, f"{path}/{n}").items()}
    return {}


def is_a_flood(vanished: int, known: int) -> bool:
    """Whether so much is gone at once that somebody looks before it is paused: more than a fifth, and more than one."""
    return vanished > 1 and vanished * 5 > known


def next_reading(schedule: Schedule, planned: datetime, now: datetime) -> datetime | None:
    """When the source is read next, at the hour of its first reading; None where only a person asks for it."""
    if schedule is Schedule.BY_HAND:
        return None
    found = planned
    while found <= now:
        found = _later(schedule, found)
    return found


def _later(schedule: Schedule, moment: datetime) -> datetime:
    if schedule is not Schedule.MONTHLY:
        return moment + timedelta(days=1 if schedule is Schedule.DAILY else 7)
    year, month = divmod(moment.year * 12 + moment.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
