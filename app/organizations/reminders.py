"""When somebody was last reminded of a thing that waits: kept beside the things, so that no part keeps it for itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, intpk
from app.organizations.naming import Awaited
from app.rules.calendar import Progress


@dataclass(frozen=True)
class Timed:
    """A wait that runs: who is awaited, since when, and its clock at this moment."""

    awaited: Awaited
    since: datetime
    clock: Progress


class WaitReminder(Base):
    """The share of its time, in percent, at which somebody was last reminded. A wait that began anew is another one."""

    __tablename__ = "wait_reminder"

    id: Mapped[intpk]
    thing: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(60))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    since: Mapped[datetime]
    percent: Mapped[int]

    __table_args__ = (UniqueConstraint("thing", "ref", "organization_id"),)
