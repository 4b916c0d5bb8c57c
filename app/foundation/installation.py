"""The one row that says what this installation is, and when its worker was last alive."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.base import Base


class Installation(Base):
    """The one row that says what this installation is."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    worker_seen_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


def installation(session: Session) -> Installation | None:
    """The row, or None before `flask init`."""
    return session.get(Installation, 1)
