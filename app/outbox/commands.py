"""Putting messages into the outbox, taking them out under a lease, and recording how it went."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

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
    batch_key: str | None = None,
    recipient: str | None = None,
) -> OutboxMessage:
    """Add one message to the caller's transaction. `about` is the public reference it concerns, for the operator.

    Args:
        due_at: not before this moment.
        batch_key: messages with one key that wait at the same time leave as one, when the first of them is due.
        recipient: the address that an e-mail goes to.
    """
    message = OutboxMessage(kind=kind, payload=payload, about=about, created_at=now, due_at=due_at or now)
    message.batch_key, message.recipient = batch_key, recipient
    session.add(message)
    return message


def lease(session: Session, now: datetime, leave: frozenset[str] = frozenset()) -> OutboxMessage | None:
    """Take the next due message for `LEASE`, so that no other worker takes it; None when nothing is due.

    Of several messages with one batch key only the first to be due is taken, and it takes the others along: their
    payloads stand under `joined` in its own, oldest first. From then on it is a batch of its own, which later messages
    do not join, so that every try sends the same.

    Args:
        leave: kinds of message that are not taken.
    """
    free = (OutboxMessage.leased_until.is_(None)) | (OutboxMessage.leased_until < now)
    message = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.due_at <= now, free)
        .where(OutboxMessage.kind.not_in(leave), ~_has_one_before_it())
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is not None:
        message.leased_until = now + LEASE
        message.attempts += 1
        if message.batch_key is not None:
            _take_along(session, message)
        session.flush()
    return message


def _has_one_before_it() -> ColumnElement[bool]:
    """Whether another message of the same batch is due earlier.

    Then this one is nobody's to lease: two workers never hold two parts of one batch, and never wait for each other.
    """
    first = aliased(OutboxMessage)
    is_earlier = (first.due_at < OutboxMessage.due_at) | (
        (first.due_at == OutboxMessage.due_at) & (first.id < OutboxMessage.id)
    )
    return exists().where(first.batch_key == OutboxMessage.batch_key, first.state == MessageState.WAITING, is_earlier)


def _take_along(session: Session, message: OutboxMessage) -> None:
    """One that another worker holds is left to it: a more urgent one may have arrived between the two, and taken the lead."""
    others = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.batch_key == message.batch_key, OutboxMessage.state == MessageState.WAITING)
        .where(OutboxMessage.id != message.id, OutboxMessage.kind == message.kind)
        .order_by(OutboxMessage.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    message.batch_key = None
    if not others:
        return
    message.payload = {**message.payload, "joined": [other.payload for other in others]}
    for other in others:
        other.state, other.joined_id, other.leased_until = MessageState.JOINED, message.id, None


def rewrite(session: Session, message_id: int, payload: JSONObject) -> None:
    """Keep what a message has become: the mail as it was sent."""
    _locked(session, message_id).payload = payload


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
    if message.state not in (MessageState.DONE, MessageState.JOINED):
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
