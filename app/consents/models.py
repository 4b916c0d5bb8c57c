"""Tables of standing consents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.organizations.models import Organization, Person
from app.proposals.models import Decision
from app.rules.workflow import ConsentState


class StandingConsent(Base):
    """A data partner's rule. It acts while it is on, and while whoever switched it on still decides for the data partner."""

    __tablename__ = "standing_consent"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(120), default="")
    criteria: Mapped[JSONObject] = mapped_column(default=dict)
    criteria_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[ConsentState] = mapped_column(enum_text(ConsentState, "consent_state"), default=ConsentState.DRAFT)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # What was tried on the past last: the hash of the criteria, when, and what it would have done.
    simulated_hash: Mapped[str | None] = mapped_column(String(64))
    simulated_at: Mapped[datetime | None]
    simulation: Mapped[JSONObject] = mapped_column(default=dict)
    switched_on_at: Mapped[datetime | None]
    switched_on_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    switched_off_at: Mapped[datetime | None]
    off_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    switched_on_by: Mapped[Person | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_standing_consent_organization", "organization_id", "state"),
        CheckConstraint(
            "state <> 'on' OR (switched_on_by_id IS NOT NULL AND simulated_hash = criteria_hash)",
            name="on_after_a_trial",
        ),
    )


class ConsentUse(Base):
    """One decision that a rule made, with the criteria as they were then."""

    __tablename__ = "consent_use"

    id: Mapped[intpk]
    consent_id: Mapped[int] = mapped_column(ForeignKey("standing_consent.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    criteria: Mapped[JSONObject]
    used_at: Mapped[datetime]

    consent: Mapped[StandingConsent] = relationship(lazy="raise")
    decision: Mapped[Decision] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("decision_id"), Index("ix_consent_use_consent", "consent_id"))
