"""Putting messages into the outbox, taking them out under a lease, and recording how it went."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import NotFound
from app.outbox.models import MessageState, OutboxMessage

LEASE = timedelta(minutes=3)
# Seconds to wait after each failed try; after the last one the message is given up and shown to the operator.
BACKOFF_SECONDS = (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600)


def enqueue(
    session: Session,
    kind: str,
    payload: JSONObject,
    now: datetime,
    about: str | None = None,
    due_at: datetime | None = None,
) -> OutboxMessage:
    """Add one message to the caller's transaction. `about` is the public reference it concerns, for the operator."""
    message = OutboxMessage(kind=kind, payload=payload, about=about, created_at=now, due_at=due_at or now)
    session.add(message)
    return message


def lease(session: Session, now: datetime, leave: frozenset[str] = frozenset()) -> OutboxMessage | None:
    """Take the next due message for `LEASE`, so that no other worker takes it; None when nothing is due.

    Args:
        leave: kinds of message that are not taken.
    """
    free = (OutboxMessage.leased_until.is_(None)) | (OutboxMessage.leased_until < now)
    message = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.due_at <= now, free)
        .where(OutboxMessage.kind.not_in(leave))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is not None:
        message.leased_until = now + LEASE
        message.attempts += 1
        session.flush()
    return message


def settle(session: Session, message_id: int, now: datetime) -> None:
    """Mark a leased message as done, in the transaction of its effect."""
    message = _locked(session, message_id)
    message.state, message.done_at, message.leased_until, message.last_error = MessageState.DONE, now, None, None


def postpone(session: Session, message_id: int, error: str, now: datetime) -> None:
    """Record a failed try and when the next one is due; after the last one the message has failed."""
    message = _locked(session, message_id)
    message.last_error, message.leased_until = error[:2000], None
    if message.attempts > len(BACKOFF_SECONDS):
        message.state = MessageState.FAILED
    else:
        message.due_at = now + timedelta(seconds=BACKOFF_SECONDS[message.attempts - 1])


def retry(session: Session, message_id: int, now: datetime) -> OutboxMessage:
    """Try a waiting, failed or held message again at once."""
    message = _locked(session, message_id)
    if message.state in (MessageState.FAILED, MessageState.HELD):
        message.leased_until = None
    if message.state is not MessageState.DONE:
        message.state, message.due_at, message.attempts = MessageState.WAITING, now, 0
    return message


def hold(session: Session, message_id: int) -> OutboxMessage:
    """Keep a message back until an operator retries it."""
    message = _locked(session, message_id)
    if message.state is MessageState.WAITING:
        message.state = MessageState.HELD
    return message


def _locked(session: Session, message_id: int) -> OutboxMessage:
    message = session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None:
        raise NotFound("There is no such message in the outbox.")
    return message
