"""Everything that changes the catalog."""

from app.catalog.commands.checking import pause, publish, resume, return_with_message, send_to_check, withdraw
from app.catalog.commands.writing import create, save_page

__all__ = ["create", "pause", "publish", "resume", "return_with_message", "save_page", "send_to_check", "withdraw"]
