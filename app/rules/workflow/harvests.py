"""The life of a harvest source: a catalog elsewhere that is read on a schedule."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class HarvestState(StrEnum):
    """Read on its schedule, resting, or read on its schedule though it could not be read lately."""

    ON = "on"
    PAUSED = "paused"
    FAILING = "failing"
    ENDED = "ended"


_H = HarvestState
_KEPT = (_H.ON, _H.PAUSED, _H.FAILING)

HARVEST = (
    row(A.EDIT_HARVEST, _KEPT, None, E.HARVEST_EDITED),
    row(A.RUN_HARVEST, (_H.ON, _H.FAILING), None, E.HARVEST_ASKED),
    row(A.NOTE_FOUND, _KEPT, None, E.HARVEST_FOUND),
    row(A.TAKE_FOUND, _KEPT, None, E.HARVEST_TAKEN),
    row(A.LEAVE_FOUND, _KEPT, None, E.HARVEST_LEFT),
    row(A.PAUSE_HARVEST, (_H.ON, _H.FAILING), _H.PAUSED, E.HARVEST_PAUSED),
    row(A.RESUME_HARVEST, (_H.PAUSED,), _H.ON, E.HARVEST_RESUMED),
    row(A.FAIL_HARVEST, (_H.ON,), _H.FAILING, E.HARVEST_FAILED),
    row(A.RECOVER_HARVEST, (_H.FAILING,), _H.ON, E.HARVEST_RECOVERED),
    row(A.END_HARVEST, _KEPT, _H.ENDED, E.HARVEST_ENDED),
    row(A.REMIND_OF_FOUND, _KEPT, None, E.HARVEST_REMINDED),
)

HARVEST_STATES: dict[HarvestState, tuple[str, str]] = {
    _H.ON: (N_("On"), "green"),
    _H.PAUSED: (N_("Paused"), "yellow"),
    _H.FAILING: (N_("Cannot be read"), "red"),
    _H.ENDED: (N_("Given up"), "grey"),
}
# Read by date.
READ_BY_DATE = frozenset({_H.ON, _H.FAILING})
