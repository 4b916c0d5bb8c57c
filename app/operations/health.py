"""Whether the parts of an installation work, each with the command that mends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.foundation.installation import installation
from app.outbox import queries as outbox
from app.outbox.models import MessageState

WORKER_SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Check:
    """One part: whether it works, what was seen, and what mends it."""

    name: str
    is_fine: bool
    seen: str
    remedy: str = ""


def health(session: Session, smtp_url: str, is_demo: bool, now: datetime) -> list[Check]:
    """Database, worker and mail, as they are this moment."""
    database = _database(session)
    if not database.is_fine:
        return [database]
    return [database, _worker(session, now), _mail(session, smtp_url, is_demo)]


def _database(session: Session) -> Check:
    try:
        session.execute(text("SELECT 1"))
        ready = installation(session) is not None
    except SQLAlchemyError as error:
        return Check(
            "database",
            False,
            f"does not answer: {type(error).__name__}",
            "Start it, or set DATABASE_URL; then: flask init",
        )
    return Check("database", ready, "answers" if ready else "is empty", "" if ready else "flask init")


def _worker(session: Session, now: datetime) -> Check:
    row = installation(session)
    seen = row.worker_seen_at if row else None
    late = outbox.overdue(session, now)
    if seen is None or now - seen > WORKER_SILENT_AFTER:
        since = "never seen" if seen is None else f"last seen {seen:%Y-%m-%d %H:%M} UTC"
        return Check("worker", False, since, "flask worker run")
    return Check(
        "worker",
        late == 0,
        "runs" if late == 0 else f"runs, {late} messages are late",
        "flask outbox list" if late else "",
    )


def _mail(session: Session, smtp_url: str, is_demo: bool) -> Check:
    failed = outbox.counts_by_state(session).get(MessageState.FAILED, 0)
    if failed:
        return Check(
            "mail",
            False,
            f"{failed} messages were given up",
            "flask outbox list --state failed; then: flask outbox retry ID",
        )
    if smtp_url:
        return Check("mail", True, "is sent by SMTP")
    if is_demo:
        return Check("mail", True, "is kept in the demo mailbox")
    return Check(
        "mail", False, "has no server", "Set SMTP_URL, for example smtp://user:password@mail.example.org:587?starttls=1"
    )
