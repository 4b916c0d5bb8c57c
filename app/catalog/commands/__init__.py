"""Everything that changes the catalog."""

from app.catalog.commands.checking import pause, publish, resume, return_with_message, send_to_check, withdraw
from app.catalog.commands.writing import create, save_page, save_sample

__all__ = [
    "create",
    "pause",
    "publish",
    "resume",
    "return_with_message",
    "save_page",
    "save_sample",
    "send_to_check",
    "withdraw",
]
