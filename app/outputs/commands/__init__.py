"""Everything that changes an output."""

from app.outputs.commands.by_date import answer_late, remind_due
from app.outputs.commands.publishing import publish, settle_when_over, withdraw
from app.outputs.commands.reading import Request, ask_changes, clear, comment, delay
from app.outputs.commands.submitting import Submission, resubmit, submit

__all__ = [
    "Request",
    "Submission",
    "answer_late",
    "ask_changes",
    "clear",
    "comment",
    "delay",
    "publish",
    "remind_due",
    "resubmit",
    "settle_when_over",
    "submit",
    "withdraw",
]
