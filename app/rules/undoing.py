"""What whoever did it can take back for ten minutes: one row for each act and the state it was done in."""

from dataclasses import dataclass
from datetime import timedelta

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.calendar import UNDO_MINUTES
from app.rules.workflow import OutputState as O
from app.rules.workflow import ProposalState as P

UNDO_TIME = timedelta(minutes=UNDO_MINUTES)


@dataclass(frozen=True)
class Undoing:
    """One row: an act, the state it was done in, and the act that takes it back, whose row in the workflow leads there again.

    `said` tells whoever did it what they did; `told` tells who heard of it, with the gaps `by` and `title`: of an output that of
    its grant, as its own is confidential.
    """

    done: A
    was: P | O
    undo: A
    said: str
    told: str


_ASKED = (N_("You asked for changes."), N_("%(by)s took back the request for changes on “%(title)s”."))
_ENDED = (
    N_("You did not take it up."),
    N_("“%(title)s” is being read again: %(by)s took back that it is not taken up."),
)
_CLOSED = (N_("You closed the vote."), N_("The vote on “%(title)s” is open again: %(by)s took back its closing."))
# What whoever heard of a taken back answer to an output is told.
READ_AGAIN = N_(
    "%(by)s took back the answer to an output of “%(title)s”, and reads it again. What a mail said before does not hold."
)
_CLEARED = (N_("You cleared this version."), READ_AGAIN)
_RETURNED = (N_("You asked for changes."), READ_AGAIN)

UNDOINGS = (
    Undoing(A.REQUEST_CHANGES, P.IN_INTAKE, A.UNDO_REQUEST_AT_INTAKE, *_ASKED),
    Undoing(A.REQUEST_CHANGES, P.IN_REVIEW, A.UNDO_REQUEST, *_ASKED),
    Undoing(A.REQUEST_CHANGES, P.CHANGES_REQUESTED, A.UNDO_ONE_REQUEST, *_ASKED),
    Undoing(A.CLOSE_AT_INTAKE, P.IN_INTAKE, A.REOPEN_INTAKE, *_ENDED),
    Undoing(A.DECLINE_IN_STEP, P.IN_REVIEW, A.REOPEN_STEP, *_ENDED),
    Undoing(A.CLOSE_VOTE, P.IN_REVIEW, A.REOPEN_VOTE, *_CLOSED),
    Undoing(A.CLEAR_OUTPUT, O.IN_READING, A.UNDO_READING, *_CLEARED),
    Undoing(A.ASK_OUTPUT_CHANGES, O.IN_READING, A.UNDO_READING, *_RETURNED),
    Undoing(A.CLEAR_OUTPUT, O.WITH_SECRETARIAT, A.UNDO_TEST, *_CLEARED),
    Undoing(A.CLEAR_AFTER_TEST, O.WITH_SECRETARIAT, A.UNDO_TEST, *_CLEARED),
    Undoing(A.RETURN_AFTER_TEST, O.WITH_SECRETARIAT, A.UNDO_TEST, *_RETURNED),
)
UNDO_ACTS = frozenset(row.undo for row in UNDOINGS)
_BY_ACT = {(row.done, row.was): row for row in UNDOINGS}


def undoing_of(done: A, was: P | O) -> Undoing:
    """The row of an act that was done in a state."""
    return _BY_ACT[done, was]
