"""Everything that changes an output."""

from app.outputs.commands.by_date import answer_late, remind_due
from app.outputs.commands.noting import change_note, note, remove_note, send_notes
from app.outputs.commands.publishing import publish, settle_when_over, withdraw
from app.outputs.commands.reading import Request, answer, ask_changes, clear, comment, delay
from app.outputs.commands.submitting import Submission, resubmit, submit
from app.outputs.commands.undoing import take_back

__all__ = [
    "Request",
    "Submission",
    "answer",
    "answer_late",
    "ask_changes",
    "change_note",
    "clear",
    "comment",
    "delay",
    "note",
    "publish",
    "remind_due",
    "remove_note",
    "resubmit",
    "send_notes",
    "settle_when_over",
    "submit",
    "take_back",
    "withdraw",
]
