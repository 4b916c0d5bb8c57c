"""The life of a data need: open until it is met, or nobody looks any more."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class NeedState(StrEnum):
    """Where a data need stands."""

    OPEN = "open"
    MET = "met"
    CLOSED = "closed"


# What it is called, and the tone of its tag.
NEED_STATES: dict[NeedState, tuple[str, str]] = {
    NeedState.OPEN: (N_("Open"), "yellow"),
    NeedState.MET: (N_("Met"), "green"),
    NeedState.CLOSED: (N_("Closed"), "grey"),
}

NEED = (
    row(A.ANSWER_NEED, (NeedState.OPEN,), None, E.NEED_ANSWERED),
    row(A.SUPPORT_NEED, (NeedState.OPEN,), None, E.NEED_SUPPORTED),
    row(A.LEAVE_NEED, (NeedState.OPEN,), None, E.NEED_LEFT),
    row(A.PLEDGE_TO_NEED, (NeedState.OPEN,), None, E.NEED_PLEDGED),
    row(A.TAKE_BACK_PLEDGE, (NeedState.OPEN,), None, E.PLEDGE_TAKEN_BACK),
    row(A.MEET_NEED, (NeedState.OPEN,), NeedState.MET, E.NEED_MET),
    row(A.CLOSE_NEED, (NeedState.OPEN,), NeedState.CLOSED, E.NEED_CLOSED),
    row(A.REMIND_OF_NEED, (NeedState.OPEN,), None, E.NEED_REMINDED),
)
