"""Tables of joint proposals and of changing the lead."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, enum_text, intpk
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal
from app.rules.workflow import CoApplicantState, HandoverState


class CoApplicant(Base):
    """A further member that stands behind a joint proposal."""

    __tablename__ = "co_applicant"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[CoApplicantState] = mapped_column(
        enum_text(CoApplicantState, "co_applicant_state"), default=CoApplicantState.NAMED
    )
    named_at: Mapped[datetime]
    # The share of the time at which its focal point was last reminded.
    reminded: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("proposal_id", "organization_id"),
        Index("ix_co_applicant_organization", "organization_id", "state"),
    )


class Handover(Base):
    """Somebody was asked to take the lead of a proposal; one open request at a time."""

    __tablename__ = "lead_handover"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[HandoverState] = mapped_column(
        enum_text(HandoverState, "lead_handover_state"), default=HandoverState.OFFERED
    )
    asked_at: Mapped[datetime]
    # The share of the time at which the one who was asked was last reminded.
    reminded: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    to: Mapped[Person] = relationship(lazy="raise", foreign_keys=[to_id])

    __table_args__ = (
        Index(
            "uq_lead_handover_open",
            "proposal_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index("ix_lead_handover_to", "to_id", "state"),
    )
