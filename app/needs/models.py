"""Tables of data needs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, enum_text, intpk
from app.organizations.models import Organization, Person
from app.rules.pledges import PledgeKind
from app.rules.workflow import NeedState


class DataNeed(Base):
    """A question that a decision waits for, and the data that would answer it."""

    __tablename__ = "data_need"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question: Mapped[str]
    decision: Mapped[str]
    decide_by: Mapped[date | None] = mapped_column(Date)
    # ISO 3166-1 alpha-2, or WORLD.
    country: Mapped[str] = mapped_column(String(3))
    wanted: Mapped[str]
    state: Mapped[NeedState] = mapped_column(enum_text(NeedState, "need_state"), default=NeedState.OPEN)
    state_since: Mapped[datetime]
    # What was said when it was met or closed.
    state_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    # When the secretariat answered first; it is waited for until then.
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    answers: Mapped[list["NeedAnswer"]] = relationship(lazy="raise", order_by="NeedAnswer.id")
    supports: Mapped[list["NeedSupport"]] = relationship(lazy="raise", order_by="NeedSupport.id")
    pledges: Mapped[list["NeedPledge"]] = relationship(lazy="raise", order_by="NeedPledge.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_data_need_state", "state", "created_at"),
        CheckConstraint("question <> '' AND wanted <> ''", name="need_says_what_for"),
    )


class NeedAnswer(Base):
    """What the secretariat or a data partner says to a need."""

    __tablename__ = "need_answer"

    id: Mapped[intpk]
    need_id: Mapped[int] = mapped_column(ForeignKey("data_need.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    words: Mapped[str]
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")


class NeedSupport(Base):
    """Another member that needs the same; the person is who said so."""

    __tablename__ = "need_support"

    id: Mapped[intpk]
    need_id: Mapped[int] = mapped_column(ForeignKey("data_need.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    organization: Mapped[Organization] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("need_id", "organization_id"),)


class NeedPledge(Base):
    """What a data partner would give: one of each kind, perhaps with the dataset that fits."""

    __tablename__ = "need_pledge"

    id: Mapped[intpk]
    need_id: Mapped[int] = mapped_column(ForeignKey("data_need.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[PledgeKind] = mapped_column(enum_text(PledgeKind, "pledge_kind"))
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"))
    words: Mapped[str]
    at: Mapped[datetime]

    organization: Mapped[Organization] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("need_id", "organization_id", "kind"),)
