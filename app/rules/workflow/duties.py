"""The life of a duty: open, done with evidence, then accepted, or returned with words; or waived with a reason."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class DutyState(StrEnum):
    """Where one dated promise of a grant stands."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"


_D = DutyState

DUTY = (
    row(A.DO_DUTY, (_D.OPEN, _D.RETURNED), _D.DONE, E.DUTY_DONE),
    row(A.ADD_EVIDENCE, (_D.OPEN, _D.RETURNED, _D.DONE), None, E.EVIDENCE_ADDED),
    row(A.ACCEPT_DUTY, (_D.DONE,), _D.ACCEPTED, E.DUTY_ACCEPTED),
    row(A.RETURN_DUTY, (_D.DONE,), _D.RETURNED, E.DUTY_RETURNED),
    row(A.WAIVE_DUTY, (_D.OPEN, _D.RETURNED), _D.WAIVED, E.DUTY_WAIVED),
    row(A.DATE_DUTY, (_D.OPEN, _D.RETURNED), None, E.DUTY_DATED),
    # The use ended before its day: nobody has to do it any more.
    row(A.LAPSE_DUTY, (_D.OPEN, _D.RETURNED), _D.WAIVED, E.DUTY_LAPSED),
    row(A.SETTLE_DUTY, (_D.OPEN, _D.RETURNED), _D.ACCEPTED, E.DUTY_SETTLED),
    row(A.REMIND_OF_DUTY, (_D.OPEN, _D.RETURNED, _D.DONE), None, E.DUTY_REMINDED),
)

# The member must act on these; on what is done the data partner must.
OWED = frozenset({_D.OPEN, _D.RETURNED})
READ_NEXT = frozenset({_D.DONE})
SETTLED = frozenset({_D.ACCEPTED, _D.WAIVED})

DUTY_STATES: dict[DutyState, tuple[str, str]] = {
    _D.OPEN: (N_("To do"), "yellow"),
    _D.DONE: (N_("Done, being read"), "info"),
    _D.RETURNED: (N_("Came back"), "red"),
    _D.ACCEPTED: (N_("Accepted"), "green"),
    _D.WAIVED: (N_("Waived"), "grey"),
}
