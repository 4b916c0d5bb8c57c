"""What the operator sees of the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.outbox.models import MessageState, OutboxMessage


def messages(
    session: Session, state: MessageState | None = None, kind: str | None = None, limit: int = 100
) -> Sequence[OutboxMessage]:
    """The newest messages, optionally of one state or kind."""
    statement = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(OutboxMessage.state == state)
    if kind is not None:
        statement = statement.where(OutboxMessage.kind == kind)
    return session.scalars(statement).all()


def mails(session: Session, limit: int, recipient: str = "") -> Sequence[OutboxMessage]:
    """The newest e-mails as they leave, optionally to one address; what went along with another one is part of that one."""
    statement = select(OutboxMessage).where(OutboxMessage.kind == "mail.send", OutboxMessage.joined_id.is_(None))
    if recipient:
        statement = statement.where(OutboxMessage.recipient == recipient)
    found = session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(limit)).all()
    return [message for message in found if not message.payload.get("dropped")]


@dataclass(frozen=True)
class MailFigures:
    """How many e-mails were due in some days, and how many of them were given up."""

    due: int
    failed: int

    @property
    def is_worrying(self) -> bool:
        """Whether more than 3 in 100 did not leave: then something is wrong beyond a mistyped address."""
        return self.failed * 100 > self.due * MOST_FAILED_PERCENT


MOST_FAILED_PERCENT = 3


def mail_figures(session: Session, since: datetime) -> MailFigures:
    """The e-mails that were due since a moment."""
    found = dict(
        session.execute(
            select(OutboxMessage.state, func.count())
            .where(OutboxMessage.kind == "mail.send", OutboxMessage.joined_id.is_(None))
            .where(OutboxMessage.created_at > since)
            .group_by(OutboxMessage.state)
        ).all()
    )
    return MailFigures(sum(found.values()), found.get(MessageState.FAILED, 0))


def counts_by_state(session: Session) -> dict[MessageState, int]:
    """How many messages are in each state."""
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return dict(rows.all())


def overdue(session: Session, now: datetime, grace: timedelta = timedelta(minutes=5)) -> int:
    """Messages that should have been tried by now: when there are any, no worker is running."""
    due = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.due_at < now - grace)
    return session.scalar(select(func.count()).select_from(OutboxMessage).where(due)) or 0
