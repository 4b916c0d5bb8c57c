"""The table of open waits: who is named for each proposal, worked out once and kept, so that long queues open fast."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, intpk


class OpenWait(Base):
    """One organization that a proposal waits for. `queries.whose_turn` is the truth; `queries.waits` keeps this equal to it.

    The moments are when each share of the time is reached in that organization's calendar; none where there is no date.
    """

    __tablename__ = "open_wait"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    turn: Mapped[str] = mapped_column(String(20))
    # Who was asked first, who joins on the due day, and who takes over half as long again later.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Nobody of those who should act is there: somebody else stands in until there is.
    is_substitute: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime | None]
    due_on: Mapped[date | None]
    half_at: Mapped[datetime | None]
    most_at: Mapped[datetime | None]
    full_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("proposal_id", "organization_id"),
        Index("ix_open_wait_person", "person_id", "due_on"),
        Index("ix_open_wait_deputy", "deputy_id", "full_at"),
        Index("ix_open_wait_officer", "officer_id", "late_at"),
        Index("ix_open_wait_organization", "organization_id"),
        Index("ix_open_wait_due", "due_on"),
    )
