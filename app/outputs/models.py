"""Tables of outputs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.foundation.stored_files import StoredFile
from app.grants.models import Grant
from app.organizations.models import Organization, Person
from app.rules.workflow import OutputState


class Output(Base):
    """Something made from the data that a grant lends, on its way to the public."""

    __tablename__ = "output"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    planned_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[OutputState] = mapped_column(enum_text(OutputState, "output_state"), default=OutputState.IN_READING)
    state_since: Mapped[datetime]
    # When whoever is next must have answered.
    answer_by: Mapped[datetime | None]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # SHA-256 of the file that was cleared; empty where only an address was given, which was enough once.
    cleared_sha256: Mapped[str] = mapped_column(String(64), default="")
    # Until when the data partner asked to wait with publication, and why (clause 17.6); once for each output.
    delayed_until: Mapped[date | None] = mapped_column(Date)
    delay_words: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str] = mapped_column(String(500), default="")
    doi: Mapped[str] = mapped_column(String(200), default="")
    # Where the data partner is named as the source.
    credit: Mapped[str] = mapped_column(default="")
    reminded: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    grant: Mapped[Grant] = relationship(lazy="raise")
    submitted_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[submitted_by_id])
    cleared_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[cleared_by_id])
    versions: Mapped[list["OutputVersion"]] = relationship(lazy="raise", order_by="OutputVersion.number")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_output_grant", "grant_id"),
        Index("ix_output_state", "state", "answer_by"),
        Index("ix_output_cleared_sha256", "cleared_sha256"),
        CheckConstraint(
            "state NOT IN ('cleared','published') OR cleared_at IS NOT NULL", name="cleared_has_its_moment"
        ),
        CheckConstraint("state <> 'published' OR published_on IS NOT NULL", name="published_has_its_day"),
        CheckConstraint(
            "delayed_until IS NULL OR (cleared_at IS NOT NULL AND delay_words <> '')", name="delay_has_a_reason"
        ),
    )


class OutputVersion(Base):
    """One version as it was submitted: a file, and perhaps an address where it can be read; before, an address alone."""

    __tablename__ = "output_version"

    id: Mapped[intpk]
    output_id: Mapped[int] = mapped_column(ForeignKey("output.id"))
    number: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    link: Mapped[str] = mapped_column(String(500), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(default="")
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    comments: Mapped[list["OutputComment"]] = relationship(lazy="raise", order_by="OutputComment.id")

    __table_args__ = (
        UniqueConstraint("output_id", "number"),
        CheckConstraint("file_id IS NOT NULL OR link <> ''", name="something_to_read"),
    )


class OutputComment(Base):
    """One remark on a line or page of a version, or an answer to one; a request for changes names its ground (clause 17.3)."""

    __tablename__ = "output_comment"

    id: Mapped[intpk]
    version_id: Mapped[int] = mapped_column(ForeignKey("output_version.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    # The line of a text, counted from 1; else the place in the author's words.
    line: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(60), default="")
    ground: Mapped[str] = mapped_column(String(40), default="")
    body: Mapped[str]
    posted_at: Mapped[datetime]
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("output_comment.id"))

    author: Mapped[Person] = relationship(lazy="raise")
    organization: Mapped[Organization | None] = relationship(lazy="raise")

    __table_args__ = (Index("ix_output_comment_version", "version_id"),)


class OutputDraft(Base):
    """A change that a reader means to ask for: with their own side until all of them are sent as one request."""

    __tablename__ = "output_draft"

    id: Mapped[intpk]
    version_id: Mapped[int] = mapped_column(ForeignKey("output_version.id"))
    # The side that reads: the data partner, or the secretariat where it tests.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    line: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(60), default="")
    ground: Mapped[str] = mapped_column(String(40))
    body: Mapped[str]
    saved_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (Index("ix_output_draft_version", "version_id", "organization_id"),)


class OutputAct(Base):
    """An answer to an output that whoever gave it may take back for ten minutes (rules/undoing): how it stood before, and the
    counters as the answer left them, by which it is seen that nobody has gone on since.
    """

    __tablename__ = "output_act"

    id: Mapped[intpk]
    output_id: Mapped[int] = mapped_column(ForeignKey("output.id"))
    action: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The moment of its event, and of what it asks for.
    at: Mapped[datetime]
    before: Mapped[JSONObject]
    left: Mapped[JSONObject]
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_output_act_output", "output_id", "at"),)
