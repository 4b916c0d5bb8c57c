"""The life of an output: read before publication, cleared or sent back, published with its address."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class OutputState(StrEnum):
    """Where an output stands. `WITH_SECRETARIAT`: the data partner did not answer in time (clause 17.5)."""

    IN_READING = "in_reading"
    CHANGES_ASKED = "changes_asked"
    WITH_SECRETARIAT = "with_secretariat"
    CLEARED = "cleared"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_O = OutputState

OUTPUT = (
    row(A.COMMENT_ON_OUTPUT, (_O.IN_READING, _O.CHANGES_ASKED, _O.WITH_SECRETARIAT), None, E.OUTPUT_COMMENTED),
    row(A.ASK_OUTPUT_CHANGES, (_O.IN_READING,), _O.CHANGES_ASKED, E.OUTPUT_RETURNED),
    row(A.CLEAR_OUTPUT, (_O.IN_READING, _O.WITH_SECRETARIAT), _O.CLEARED, E.OUTPUT_CLEARED),
    row(A.RESUBMIT_OUTPUT, (_O.CHANGES_ASKED,), _O.IN_READING, E.OUTPUT_RESUBMITTED),
    row(A.ESCALATE_OUTPUT, (_O.IN_READING,), _O.WITH_SECRETARIAT, E.OUTPUT_ESCALATED),
    row(A.CLEAR_BY_SILENCE, (_O.IN_READING,), _O.CLEARED, E.OUTPUT_CLEARED_BY_SILENCE),
    row(A.CLEAR_AFTER_TEST, (_O.WITH_SECRETARIAT,), _O.CLEARED, E.OUTPUT_CLEARED_AFTER_TEST),
    row(A.RETURN_AFTER_TEST, (_O.WITH_SECRETARIAT,), _O.CHANGES_ASKED, E.OUTPUT_RETURNED),
    # Clause 17.6: once, for the days that the terms allow, counted from the clearance.
    row(A.DELAY_OUTPUT, (_O.CLEARED,), None, E.OUTPUT_DELAYED),
    row(A.PUBLISH_OUTPUT, (_O.CLEARED,), _O.PUBLISHED, E.OUTPUT_PUBLISHED),
    row(
        A.WITHDRAW_OUTPUT,
        (_O.IN_READING, _O.CHANGES_ASKED, _O.WITH_SECRETARIAT, _O.CLEARED),
        _O.WITHDRAWN,
        E.OUTPUT_WITHDRAWN,
    ),
    # Taken back by whoever did it, for ten minutes and while it stands as they left it: `rules/undoing`.
    row(A.UNDO_READING, (_O.CLEARED, _O.CHANGES_ASKED), _O.IN_READING, E.OUTPUT_ANSWER_UNDONE),
    row(A.UNDO_TEST, (_O.CLEARED, _O.CHANGES_ASKED), _O.WITH_SECRETARIAT, E.OUTPUT_ANSWER_UNDONE),
    row(A.REMIND_OF_OUTPUT, (_O.IN_READING, _O.CHANGES_ASKED, _O.WITH_SECRETARIAT), None, E.OUTPUT_REMINDED),
)

OUTPUT_STATES: dict[OutputState, tuple[str, str]] = {
    _O.IN_READING: (N_("Being read"), "yellow"),
    _O.CHANGES_ASKED: (N_("Changes needed"), "red"),
    _O.WITH_SECRETARIAT: (N_("With the secretariat"), "yellow"),
    _O.CLEARED: (N_("Cleared"), "green"),
    _O.PUBLISHED: (N_("Published"), "green"),
    _O.WITHDRAWN: (N_("Withdrawn"), "grey"),
}
