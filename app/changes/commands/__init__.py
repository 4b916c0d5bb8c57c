"""Everything that changes what becomes of a grant."""

from app.changes.commands.asking import ask, check, give_back, withdraw
from app.changes.commands.by_date import (
    remind_of_changes,
    remind_of_close_outs,
    remind_of_signatures,
    remind_of_suspensions,
)
from app.changes.commands.closing import close
from app.changes.commands.deciding import approve, not_approve, undo
from app.changes.commands.following import end_changes_with, follow_end, lapse_by_date
from app.changes.commands.issuing import issue_successor
from app.changes.commands.reminding import remind_of_ends
from app.changes.commands.reminding_recipients import remind_of_offers
from app.changes.commands.settings import set_wishes

__all__ = [
    "approve", "ask", "check", "close", "end_changes_with", "follow_end", "give_back", "issue_successor", "lapse_by_date",
    "not_approve", "remind_of_changes", "remind_of_close_outs", "remind_of_ends", "remind_of_offers", "remind_of_signatures",
    "remind_of_suspensions", "set_wishes", "undo", "withdraw",
]  # fmt: skip
