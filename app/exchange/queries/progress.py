"""How far an import is."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.outbox.models import MessageState, OutboxMessage


@dataclass(frozen=True)
class ImportProgress:
    """How far a large import is: rows read, created, updated, unchanged, refused; what went wrong, if it did."""

    counts: tuple[int, ...]
    is_done: bool
    problem: str


def import_progress(session: Session, about: str, kind: str) -> ImportProgress | None:
    """How far the import is whose messages are about this; None when it was never started."""
    found = select(OutboxMessage).where(OutboxMessage.about == about, OutboxMessage.kind == kind)
    message = session.scalar(found.order_by(OutboxMessage.id.desc()).limit(1))
    if message is None:
        return None
    given = message.payload["counts"]
    counts = tuple(int(str(count)) for count in given) if isinstance(given, list) else (0, 0, 0, 0, 0)
    problem = message.last_error or "" if message.state is MessageState.FAILED else ""
    return ImportProgress(counts, message.state is MessageState.DONE, problem)
