"""The life of a change that is asked for in a grant. Who must decide on it is a rule of its kinds: rules/changes.py."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class ChangeState(StrEnum):
    """What becomes of a change that is asked for in a grant."""

    ASKED = "asked"
    IN_DECISION = "in_decision"
    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    GIVEN_BACK = "given_back"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ISSUED = "issued"
    NOTED = "noted"


# A grant has at most one change on its way.
OPEN_CHANGES = frozenset({ChangeState.ASKED, ChangeState.IN_DECISION, ChangeState.APPROVED})

CHANGE_STATES: dict[ChangeState, tuple[str, str]] = {
    ChangeState.ASKED: (N_("Being checked"), "yellow"),
    ChangeState.IN_DECISION: (N_("With the data partner"), "yellow"),
    ChangeState.APPROVED: (N_("Approved, to be issued"), "green"),
    ChangeState.NOT_APPROVED: (N_("Not approved"), "red"),
    ChangeState.GIVEN_BACK: (N_("Given back"), "grey"),
    ChangeState.WITHDRAWN: (N_("Withdrawn"), "grey"),
    ChangeState.LAPSED: (N_("Lapsed"), "grey"),
    ChangeState.ISSUED: (N_("Issued"), "green"),
    ChangeState.NOTED: (N_("Noted"), "green"),
}

# What whoever is next does with an open change, and what the reader does where it is their turn.
TURN_WORDS: dict[ChangeState, tuple[str, str]] = {
    ChangeState.ASKED: (N_("checks it"), N_("Check it")),
    ChangeState.IN_DECISION: (N_("decides"), N_("Decide")),
    ChangeState.APPROVED: (N_("issues the newer grant"), N_("Issue the newer grant")),
}

# The same while the grant of an approved change is suspended, so that nothing is issued.
REST_WORDS = (
    N_("lifts the suspension when its reason is gone, or ends the grant"),
    N_("Lift the suspension when its reason is gone, or end the grant"),
)

C = ChangeState
_OPEN = (C.ASKED, C.IN_DECISION, C.APPROVED)

CHANGE = (
    row(A.CHECK_CHANGE, (C.ASKED,), C.IN_DECISION, E.CHANGE_CHECKED),
    row(A.GIVE_BACK_CHANGE, (C.ASKED,), C.GIVEN_BACK, E.CHANGE_GIVEN_BACK),
    # What the secretariat need not check goes to the data partner at once.
    row(A.FORWARD_CHANGE, (C.ASKED,), C.IN_DECISION, E.CHANGE_FORWARDED),
    row(A.APPROVE_CHANGE, (C.IN_DECISION,), C.APPROVED, E.CHANGE_APPROVED),
    row(A.NOT_APPROVE_CHANGE, (C.IN_DECISION,), C.NOT_APPROVED, E.CHANGE_NOT_APPROVED),
    row(A.UNDO_CHANGE_DECISION, (C.APPROVED, C.NOT_APPROVED), C.IN_DECISION, E.CHANGE_DECISION_UNDONE),
    # Where the data partner's rules want no decision, a check is enough, or nothing.
    row(A.WAVE_CHANGE_THROUGH, (C.ASKED, C.IN_DECISION), C.APPROVED, E.CHANGE_NEEDS_NO_DECISION),
    row(A.NOTE_CHANGE, (C.ASKED,), C.NOTED, E.CHANGE_NOTED),
    row(A.ISSUE_CHANGE, (C.APPROVED,), C.ISSUED, E.CHANGE_ISSUED),
    row(A.WITHDRAW_CHANGE, _OPEN, C.WITHDRAWN, E.CHANGE_WITHDRAWN),
    row(A.LAPSE_CHANGE, _OPEN, C.LAPSED, E.CHANGE_LAPSED),
    # A side of the grant has left the agreement, so nothing new can be granted, though the grant itself may run on.
    row(A.END_CHANGE, _OPEN, C.LAPSED, E.CHANGE_ENDED),
    row(A.REMIND_OF_CHANGE, _OPEN, None, E.CHANGE_REMINDED),
)
