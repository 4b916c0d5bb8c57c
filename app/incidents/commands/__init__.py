"""Everything that changes an incident: told at once, added to, reported in full, closed with what was done."""

from app.incidents.commands.acting import locked
from app.incidents.commands.closing import close, remind_due, report_in_full
from app.incidents.commands.reporting import Notice, report, stop_use
from app.incidents.commands.telling import acknowledge, add

__all__ = [
    "Notice",
    "acknowledge",
    "add",
    "close",
    "locked",
    "remind_due",
    "report",
    "report_in_full",
    "stop_use",
]
