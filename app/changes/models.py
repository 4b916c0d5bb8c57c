"""Tables of changes: what is asked of a grant, what a data partner wants to decide, reminders, codes of a hand-over."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.grants.models import Grant, SubGrant
from app.organizations.models import Person
from app.rules.workflow import ChangeState

_ON_ITS_WAY = text("state IN ('asked','in_decision','approved')")


class GrantChange(Base):
    """What a project lead asks to be different in a grant. `content` is what everyone is shown; a decision binds to its hash."""

    __tablename__ = "grant_change"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    # Codes of rules/changes.ChangeKind.
    kinds: Mapped[list[str]]
    state: Mapped[ChangeState] = mapped_column(enum_text(ChangeState, "change_state"), default=ChangeState.ASKED)
    # When the wait that runs now began.
    state_since: Mapped[datetime]
    wanted: Mapped[JSONObject]
    content: Mapped[JSONObject]
    content_hash: Mapped[str] = mapped_column(String(64))
    why: Mapped[str]
    # What was done so far: a renewal is decided on it (clause 19.3).
    report: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    authentication: Mapped[str] = mapped_column(String(40), default="")
    # Words of whoever decided, gave it back or withdrew it.
    words: Mapped[str] = mapped_column(default="")
    # The effective terms of each dataset as they were decided on, and the hash of all of them.
    terms: Mapped[JSONObject] = mapped_column(default=dict)
    terms_hash: Mapped[str] = mapped_column(String(64), default="")
    # The last share of the wait that runs now at which somebody was reminded, in percent.
    reminded: Mapped[int | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    grant: Mapped[Grant] = relationship(lazy="raise", foreign_keys=[grant_id])
    successor: Mapped[Grant | None] = relationship(lazy="raise", foreign_keys=[successor_id])
    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_grant_change_grant", "grant_id"),
        Index("ix_grant_change_state", "state", "state_since"),
        # Two changes cannot be on their way at once: each would start from what the other replaces.
        Index("uq_grant_change_open", "grant_id", unique=True, sqlite_where=_ON_ITS_WAY, postgresql_where=_ON_ITS_WAY),
        CheckConstraint("(state = 'issued') = (successor_id IS NOT NULL)", name="issued_has_a_successor"),
        CheckConstraint("state <> 'not_approved' OR words <> ''", name="no_needs_words"),
    )


class ChangeRule(Base):
    """Whether a data partner wants to decide on one kind of change; without a row the rules table's own answer holds."""

    __tablename__ = "change_rule"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    decides: Mapped[bool]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class GrantReminder(Base):
    """One reminder of a grant's end, so that none is sent twice."""

    __tablename__ = "grant_reminder"

    id: Mapped[intpk]
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    days: Mapped[int]
    sent_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("grant_id", "days"),)


class SubGrantCode(Base):
    """A one-time code for the recipient of a hand-over. Only its keyed hash is kept."""

    __tablename__ = "subgrant_code"

    id: Mapped[intpk]
    subgrant_id: Mapped[int] = mapped_column(ForeignKey("subgrant.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    subgrant: Mapped[SubGrant] = relationship(lazy="raise")

    __table_args__ = (Index("ix_subgrant_code_subgrant", "subgrant_id", "sent_at"),)
