"""The shapes that reactions and handlers share."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.files import FileStore
from app.history.queries import Happening


@dataclass(frozen=True)
class Work:
    """What a handler may use. It reads and does what is slow first, and returns what is to be written."""

    settings: Mapping[str, object]
    files: FileStore
    reading: Callable[[], AbstractContextManager[Session]]
    now: datetime
    # The message that is being handled.
    message_id: int = 0

    @property
    def public_url(self) -> str:
        """The address under which people reach this installation, without a slash at its end."""
        return str(self.settings["PUBLIC_URL"]).rstrip("/")


Apply = Callable[[Session], None]
# Slow and unsafe work happens in the handler; what it returns is run in one short transaction with the message's end.
Handler = Callable[[Work, JSONObject], Apply | None]
# A reaction only reads, and enqueues further messages: one per e-mail or document.
Reaction = Callable[[Session, Happening, Work], None]
Job = Callable[[Session, datetime], None]
# Like a job, but slow: it may wait for another server, so it opens short transactions of its own.
Writing = Callable[[], AbstractContextManager[Session]]
Chore = Callable[[Work, Writing], object]
