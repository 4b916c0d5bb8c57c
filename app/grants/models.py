"""Tables of grants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Dataset
from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.foundation.stored_files import StoredFile
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal
from app.rules.workflow import GrantState


class Grant(Base):
    """One data partner's permission on one proposal. `record` is the grant; the letter is its printed copy."""

    __tablename__ = "grant"

    id: Mapped[intpk]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    data_partner_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    title: Mapped[str]
    state: Mapped[GrantState] = mapped_column(
        enum_text(GrantState, "grant_state"), default=GrantState.AWAITING_SIGNATURE
    )
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    record: Mapped[JSONObject]
    record_hash: Mapped[str] = mapped_column(String(64))
    agreement_version: Mapped[str] = mapped_column(String(40))
    agreement_hash: Mapped[str] = mapped_column(String(64))
    # 64 random bits in the letter's QR code: whoever holds the letter may see more than the register shows.
    verify_token: Mapped[str] = mapped_column(String(32))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    state_since: Mapped[datetime]
    state_reason: Mapped[str] = mapped_column(default="")
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    data_partner: Mapped[Organization] = relationship(lazy="raise", foreign_keys=[data_partner_id])
    member: Mapped[Organization] = relationship(lazy="raise", foreign_keys=[member_id])
    issued_by: Mapped[Person] = relationship(lazy="raise")
    letter: Mapped[StoredFile | None] = relationship(lazy="raise")
    datasets: Mapped[list["GrantDataset"]] = relationship(lazy="raise")
    duties: Mapped[list["Duty"]] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("proposal_version_id", "data_partner_id"),
        UniqueConstraint("proposal_id", "data_partner_id"),
        Index("ix_grant_state_ends", "state", "ends_on"),
        Index("ix_grant_member", "member_id"),
        CheckConstraint("starts_on < ends_on", name="starts_before_it_ends"),
        CheckConstraint(
            "state IN ('awaiting_signature','revoked') OR letter_id IS NOT NULL", name="in_force_has_a_letter"
        ),
        CheckConstraint("state NOT IN ('revoked','suspended') OR state_reason <> ''", name="stopped_has_a_reason"),
    )


class GrantDataset(Base):
    """A dataset that a grant covers, by the item that was approved."""

    __tablename__ = "grant_dataset"

    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True, index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("proposal_item.id"), unique=True)

    dataset: Mapped[Dataset] = relationship(lazy="raise")


class Duty(Base):
    """A dated promise of a grant: report, clear an output, attribute, delete."""

    __tablename__ = "duty"

    id: Mapped[intpk]
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    kind: Mapped[str] = mapped_column(String(40))
    clause: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_duty_grant", "grant_id"), Index("ix_duty_due", "due_on"))
