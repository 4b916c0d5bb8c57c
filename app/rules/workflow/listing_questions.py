"""The life of a question on a dataset's page: open until it is answered, and hidden where it should not stand there."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    HIDDEN = "hidden"


_Q = QuestionState

QUESTION_STATES: dict[QuestionState, tuple[str, str]] = {
    _Q.OPEN: (N_("Waits for an answer"), "yellow"),
    _Q.ANSWERED: (N_("Answered"), "green"),
    _Q.HIDDEN: (N_("Hidden"), "grey"),
}

LISTING_QUESTION = (
    # An answer can be written again, better.
    row(A.ANSWER_QUESTION, (_Q.OPEN, _Q.ANSWERED), _Q.ANSWERED, E.QUESTION_ANSWERED),
    row(A.HIDE_QUESTION, (_Q.OPEN, _Q.ANSWERED), _Q.HIDDEN, E.QUESTION_HIDDEN),
    # Hiding can be a mistake. What was answered comes back with its answer; what was not waits anew.
    row(A.SHOW_QUESTION, (_Q.HIDDEN,), _Q.OPEN, E.QUESTION_SHOWN),
    row(A.SHOW_ANSWERED_QUESTION, (_Q.HIDDEN,), _Q.ANSWERED, E.QUESTION_SHOWN),
    row(A.REMIND_OF_QUESTION, (_Q.OPEN,), None, E.QUESTION_REMINDED),
)
