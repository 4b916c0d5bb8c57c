"""Everything that changes a duty."""

from app.duties.commands.answering import accept, return_with_words, waive
from app.duties.commands.certifying import Deletion, certify
from app.duties.commands.doing import Given, add_evidence, do, save_report, send_report
from app.duties.commands.reminding import remind_due, restrict_overdue
from app.duties.commands.winding_up import follow_last_day, lapse_what_is_left, settle_standing, wind_up

__all__ = [
    "Deletion",
    "Given",
    "accept",
    "add_evidence",
    "certify",
    "do",
    "follow_last_day",
    "lapse_what_is_left",
    "remind_due",
    "restrict_overdue",
    "return_with_words",
    "save_report",
    "send_report",
    "settle_standing",
    "waive",
    "wind_up",
]
