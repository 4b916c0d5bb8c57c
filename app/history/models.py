"""The history: rows without personal data that are never changed, their erasable details, and the head of the tree."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DDL, BigInteger, CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject

_SHA256 = 64


class HistoryEvent(Base):
    """One thing that happened. Its leaf is the hash of this row alone, so it names no person and holds no free text."""

    __tablename__ = "history_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(60))
    actor_pid: Mapped[UUID | None]
    acting_for: Mapped[str | None] = mapped_column(String(80))
    thing: Mapped[str] = mapped_column(String(20))
    thing_ref: Mapped[str] = mapped_column(String(80))
    version_hash: Mapped[str | None] = mapped_column(String(_SHA256))
    agreement_version: Mapped[str | None] = mapped_column(String(40))
    agreement_hash: Mapped[str | None] = mapped_column(String(_SHA256))
    authentication: Mapped[str] = mapped_column(String(40))
    request_id: Mapped[str | None] = mapped_column(String(40))
    commitment: Mapped[str] = mapped_column(String(_SHA256))
    leaf_hash: Mapped[str] = mapped_column(String(_SHA256))

    detail: Mapped["HistoryDetail | None"] = relationship(back_populates="event", lazy="raise")

    __table_args__ = (Index("ix_history_event_thing", "thing", "thing_ref", "seq"),)


class HistoryDetail(Base):
    """What a person reads about an event, with the salt of its commitment. Erasing it leaves the leaf unlinkable."""

    __tablename__ = "history_detail"

    seq: Mapped[int] = mapped_column(ForeignKey("history_event.seq"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(_SHA256))
    payload: Mapped[JSONObject]

    event: Mapped[HistoryEvent] = relationship(back_populates="detail", lazy="raise")


class LogHead(Base):
    """The one row that every append locks: how many events there are, and the right edge of their Merkle tree."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    edge: Mapped[list[str]]
    root: Mapped[str] = mapped_column(String(_SHA256))

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER history_event_no_{verb} BEFORE {verb.upper()} ON history_event "
    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    for verb in ("update", "delete")
)
POSTGRESQL_GUARDS = (
    (
        "CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$"
    ),
    (
        "CREATE TRIGGER history_event_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON history_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only()"
    ),
)

for _dialect, _statements in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRESQL_GUARDS)):
    for _statement in _statements:
        # DDL() reads % as a format mark; these statements have none to fill.
        ddl = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(HistoryEvent.__table__, "after_create", ddl)
