"""Tables of what is done about duties; the duty itself is made with its grant (app/grants/models.py)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, intpk
from app.foundation.stored_files import StoredFile
from app.grants.models import Duty, Grant
from app.organizations.models import Person


class DutyEvidence(Base):
    """What shows that a duty was done: words, an address, a file."""

    __tablename__ = "duty_evidence"

    id: Mapped[intpk]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    body: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    given_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (Index("ix_duty_evidence_duty", "duty_id"),)


class DutyReport(Base):
    """The answers of a report, as they stand; sent once the duty is done."""

    __tablename__ = "duty_report"

    id: Mapped[intpk]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), unique=True)
    content: Mapped[JSONObject]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]

    duty: Mapped[Duty] = relationship(lazy="raise")


class DeletionCertificate(Base):
    """Who deleted what, how, where and when, signed with a typed name. Its text is hashed and never changes."""

    __tablename__ = "deletion_certificate"

    id: Mapped[intpk]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    content: Mapped[JSONObject]
    body: Mapped[str]
    body_sha256: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_name: Mapped[str] = mapped_column(String(120))
    authentication: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[datetime]

    grant: Mapped[Grant] = relationship(lazy="raise")
    signed_by: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_deletion_certificate_duty", "duty_id"),
        Index("ix_deletion_certificate_grant", "grant_id"),
        Index("ix_deletion_certificate_sha256", "body_sha256"),
    )
