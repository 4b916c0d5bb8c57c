"""Tables of accession. The agreement's text is not here: it stands under agreements/, named by version and hash."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.foundation.stored_files import StoredFile
from app.organizations.models import Organization, Person
from app.rules.roles import Capacity
from app.rules.workflow import AccessionState


class Accession(Base):
    """One organization joins in one capacity under one agreement version. A signature binds version id and text hash."""

    __tablename__ = "accession"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    capacity: Mapped[Capacity] = mapped_column(enum_text(Capacity, "accession_capacity"))
    agreement_version: Mapped[str] = mapped_column(String(40))
    agreement_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[AccessionState] = mapped_column(
        enum_text(AccessionState, "accession_state"), default=AccessionState.OPEN
    )
    opened_at: Mapped[datetime]
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    typed_name: Mapped[str | None] = mapped_column(String(120))
    statements: Mapped[list[str] | None]
    signed_at: Mapped[datetime | None]
    # Address, agent, how authenticated, consent text: what the evidence pages print.
    evidence: Mapped[JSONObject] = mapped_column(default=dict)
    on_paper: Mapped[bool] = mapped_column(default=False)
    decline_reason: Mapped[str | None]
    countersigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    countersigned_at: Mapped[datetime | None]
    # Notice of leaving (clause 19.6): when it was given or recorded, the day on which it came in writing, the day of leaving, and
    # when everybody was told and listings were withdrawn.
    notice_at: Mapped[datetime | None]
    notice_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    notice_received_on: Mapped[date | None]
    notice_reason: Mapped[str | None]
    notice_document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    notice_followed_at: Mapped[datetime | None]
    leaves_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    signatory: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[signatory_id])
    countersigned_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[countersigned_by_id])
    document: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[document_id])
    notice_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[notice_by_id])
    notice_document: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[notice_document_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(
            "uq_accession_live",
            "organization_id",
            "capacity",
            "agreement_version",
            unique=True,
            sqlite_where=text("state NOT IN ('ended','declined')"),
            postgresql_where=text("state NOT IN ('ended','declined')"),
        ),
        CheckConstraint(
            "state NOT IN ('signed','in_force','leaving') OR on_paper OR (signed_at IS NOT NULL AND signatory_id IS NOT NULL)",
            name="signed_by_somebody",
        ),
        CheckConstraint("state NOT IN ('in_force','leaving') OR countersigned_at IS NOT NULL", name="in_force_since"),
        CheckConstraint(
            "state <> 'leaving' OR (notice_at IS NOT NULL AND leaves_on IS NOT NULL)", name="leaves_on_a_day"
        ),
    )


class SigningCode(Base):
    """A one-time code sent to a signatory. Only its keyed hash is kept."""

    __tablename__ = "signing_code"

    id: Mapped[intpk]
    accession_id: Mapped[int] = mapped_column(ForeignKey("accession.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_signing_code_accession", "accession_id", "person_id"),)
