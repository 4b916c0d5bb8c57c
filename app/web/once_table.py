"""The table of idempotency keys: a lost answer is repeated, a lost connection never doubles an act (safety.md §0.3)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base


class IdempotencyKey(Base):
    """What a key was used for, and where its answer led. Written in the transaction of the act itself."""

    __tablename__ = "idempotency_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500), default="")
    message: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime]
