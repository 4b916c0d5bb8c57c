"""The outbox table."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, JSONObject, enum_text, intpk


class MessageState(StrEnum):
    """Waiting (also between tries), done, given up after the last try, held by an operator, or gone with another one."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    HELD = "held"
    JOINED = "joined"


class OutboxMessage(Base):
    """One e-mail, one PDF, one reaction. A worker leases it, tries, and records how it went."""

    __tablename__ = "outbox_message"

    id: Mapped[intpk]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[JSONObject]
    about: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[MessageState] = mapped_column(enum_text(MessageState, "message_state"), default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    # Messages of one key that wait at the same time go as one: the first to be due takes the others along.
    batch_key: Mapped[str | None] = mapped_column(String(200))
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"))
    # Whom an e-mail goes to, so that everybody can read which mails went to them.
    recipient: Mapped[str | None] = mapped_column(String(254))

    __table_args__ = (
        Index("ix_outbox_message_due", "state", "due_at"),
        Index("ix_outbox_message_about", "about"),
        Index("ix_outbox_message_batch", "batch_key", "state"),
        Index("ix_outbox_message_recipient", "recipient", "created_at"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_a_moment"),
        CheckConstraint("(state = 'joined') = (joined_id IS NOT NULL)", name="joined_names_its_carrier"),
    )
