"""Everything that changes the catalog."""

from app.catalog.commands.checking import (
    pause,
    publish,
    restore_with_partner,
    resume,
    return_with_message,
    send_to_check,
    withdraw,
    withdraw_with_partner,
)
from app.catalog.commands.completing import complete_together
from app.catalog.commands.sampling import drop_sample, keep_sample, make_rows_up
from app.catalog.commands.together import decide_together, send_together
from app.catalog.commands.writing import create, save_page

__all__ = [
    "complete_together",
    "create",
    "decide_together",
    "drop_sample",
    "keep_sample",
    "make_rows_up",
    "pause",
    "publish",
    "restore_with_partner",
    "resume",
    "return_with_message",
    "save_page",
    "send_to_check",
    "send_together",
    "withdraw",
    "withdraw_with_partner",
]
