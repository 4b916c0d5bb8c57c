"""Reading what people chose about their mail, which mails went to them, and replies that are held for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.correspondence.models import InboundMessage, InboundState, MailChoice, MailSettings
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.outbox.models import MessageState, OutboxMessage
from app.rules.actors import Actor
from app.rules.mail import DEFAULTS, Cadence, Topic
from app.rules.mail_hours import Hours

SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 200
# Why a mail that came in is nobody's reply: none of its addresses carries a mark.
NO_MARK = "no_mark"
NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


@dataclass(frozen=True)
class Preferences:
    """What one person wants, with the defaults where they chose nothing."""

    choices: Mapping[Topic, Cadence]
    hours: Hours
    language: str
    bounced_at: datetime | None

    def cadence(self, topic: Topic) -> Cadence:
        """When mails of this group go to the person; what nobody can turn off goes now."""
        return self.choices.get(topic, Cadence.NOW)


@dataclass(frozen=True)
class SentMail:
    """One mail as its recipient may read of it: never its text, which may hold a code."""

    subject: str
    at: datetime
    state: MessageState
    due_at: datetime
    parts: int


def preferences(session: Session, person_id: int) -> Preferences:
    """What one person wants."""
    row = session.get(MailSettings, person_id)
    chosen = session.execute(select(MailChoice.topic, MailChoice.cadence).where(MailChoice.person_id == person_id))
    choices = {**DEFAULTS, **dict(chosen.all())}
    if row is None:
        return Preferences(choices, Hours(), "en", None)
    hours = Hours(row.time_zone, _clock(row.quiet_from), _clock(row.quiet_until))
    return Preferences(choices, hours, row.language, row.bounced_at)


def mails_to(session: Session, viewer: Actor, now: datetime) -> list[SentMail]:
    """The mails of the last 30 days to the viewer's own address, newest first."""
    found = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.kind == "mail.send", OutboxMessage.recipient == viewer.email)
        .where(OutboxMessage.created_at > now - SHOWN_FOR, OutboxMessage.state != MessageState.JOINED)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        SentMail(
            str(row.payload.get("subject", "")),
            row.done_at or row.created_at,
            row.state,
            row.due_at,
            _parts(row.payload),
        )
        for row in found
        if not row.payload.get("dropped")
    ]


def held_replies(session: Session, viewer: Actor) -> Sequence[InboundMessage]:
    """The viewer's own replies that came from another address and wait for a word, oldest first."""
    return session.scalars(
        select(InboundMessage)
        .where(InboundMessage.person_id == viewer.person_id, InboundMessage.state == InboundState.HELD)
        .order_by(InboundMessage.id)
    ).all()


def held_reply(session: Session, viewer: Actor, inbound_id: int) -> InboundMessage:
    """One of the viewer's own held replies; raises NotFound."""
    row = session.get(InboundMessage, inbound_id)
    if row is None or row.person_id != viewer.person_id or row.state is not InboundState.HELD:
        raise NotFound(NOT_THERE)
    return row


def is_known(session: Session, digest: str) -> bool:
    """Whether this very mail was handled already."""
    return session.scalar(select(InboundMessage.id).where(InboundMessage.digest == digest)) is not None


def posted_since(session: Session, person_id: int, since: datetime) -> int:
    """How many replies somebody posted by mail since a moment: many in an hour are a machine answering a machine."""
    found = select(func.count()).select_from(InboundMessage)
    return (
        session.scalar(
            found.where(
                InboundMessage.person_id == person_id,
                InboundMessage.state == InboundState.POSTED,
                InboundMessage.received_at > since,
            )
        )
        or 0
    )


def was_pointed_on(session: Session, person_id: int, since: datetime) -> bool:
    """Whether somebody was told since a moment that a mail of theirs reached nobody, and where to write."""
    found = select(InboundMessage.id).where(
        InboundMessage.person_id == person_id,
        InboundMessage.state == InboundState.REFUSED,
        InboundMessage.why == NO_MARK,
        InboundMessage.received_at > since,
    )
    return session.scalar(found.limit(1)) is not None


def answered_since(session: Session, person_id: int, since: datetime) -> int:
    """How many replies of somebody were refused or held since a moment: each of them was answered by a mail."""
    found = select(func.count()).select_from(InboundMessage)
    return (
        session.scalar(
            found.where(
                InboundMessage.person_id == person_id,
                InboundMessage.state.in_((InboundState.REFUSED, InboundState.HELD)),
                InboundMessage.received_at > since,
            )
        )
        or 0
    )


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _parts(payload: Mapping[str, object]) -> int:
    parts = payload.get("parts")
    return len(parts) if isinstance(parts, list) else 1
