"""Tables of correspondence: what people chose, and what came in by mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, enum_text, intpk
from app.rules.mail import Cadence, Topic


class MailSettings(Base):
    """When and in which language somebody wants mail; nothing kept means the defaults."""

    __tablename__ = "mail_settings"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # By the clock of the time zone, as 22:00.
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    # A mail to the person came back: shown to them until one arrives again.
    bounced_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_have_two_ends"),
    )


class MailChoice(Base):
    """One line of somebody's matrix: a group of mails, and when they want it."""

    __tablename__ = "mail_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    topic: Mapped[Topic] = mapped_column(enum_text(Topic, "mail_topic"), primary_key=True)
    cadence: Mapped[Cadence] = mapped_column(enum_text(Cadence, "mail_cadence"))

    __table_args__ = (CheckConstraint("topic NOT IN ('overdue','stopped','account')", name="some_mail_is_never_off"),)


class InboundState(StrEnum):
    """What became of a mail that came in. Only a held one keeps its text."""

    POSTED = "posted"
    HELD = "held"
    REFUSED = "refused"
    IGNORED = "ignored"
    DISCARDED = "discarded"


class InboundMessage(Base):
    """One mail that came to the reply address. Its digest makes a second delivery do nothing."""

    __tablename__ = "inbound_message"

    id: Mapped[intpk]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime]
    state: Mapped[InboundState] = mapped_column(enum_text(InboundState, "inbound_state"))
    why: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    thing: Mapped[str | None] = mapped_column(String(20))
    ref: Mapped[str | None] = mapped_column(String(80))
    held_from: Mapped[str | None] = mapped_column(String(254))
    held_text: Mapped[str | None]

    __table_args__ = (
        Index("ix_inbound_message_person", "person_id", "received_at"),
        CheckConstraint("state = 'held' OR held_text IS NULL", name="only_what_is_held_keeps_its_text"),
    )
