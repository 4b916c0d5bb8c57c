"""The table of imports: by page and by program, for a look and for good."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.organizations.models import Organization
from app.rules.imports import ImportState

_NOT_STOPPED = text("state <> 'failed'")


class ImportedListing(Base):
    """A listing that an import created, changed or found as it was."""

    __tablename__ = "imported_listing"

    import_id: Mapped[int] = mapped_column(ForeignKey("catalog_import.id"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True, index=True)


class CatalogImport(Base):
    """One catalog that comes in: what was asked for, how far it is, what was found, and the rows that were refused."""

    __tablename__ = "catalog_import"

    id: Mapped[intpk]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    # How whoever asked for it had proved who they are, and whether on a page; otherwise a program asked.
    authentication: Mapped[str] = mapped_column(String(40))
    by_page: Mapped[bool] = mapped_column(default=False)
    # The look that it follows: what was shown then is what is brought in.
    look_id: Mapped[int | None] = mapped_column(ForeignKey("catalog_import.id"))
    # How it is read, and whose the datasets of each publisher are, from its beginning to its end (`queries.choices`).
    said: Mapped[JSONObject] = mapped_column(default=dict)
    # Nothing is written, or what is new is listed at once.
    is_trial: Mapped[bool]
    publishes: Mapped[bool]
    state: Mapped[ImportState] = mapped_column(enum_text(ImportState, "import_state"), default=ImportState.RUNNING)
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    # How many of them are listed by it, and how many rows were refused.
    listed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    # The first of the refused rows, each with field, value, problem and remedy.
    refusals: Mapped[list[JSONObject]] = mapped_column(default=list)
    # What else is shown of it: see `commands.findings`.
    found: Mapped[JSONObject] = mapped_column(default=dict)
    problem: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_catalog_import_organization", "organization_id", "id"),
        Index("ix_catalog_import_file", "file_id", "id"),
        # A look is followed once, unless what followed it stopped.
        Index(
            "uq_catalog_import_look", "look_id", unique=True, sqlite_where=_NOT_STOPPED, postgresql_where=_NOT_STOPPED
        ),
        CheckConstraint("(state = 'running') = (done_at IS NULL)", name="running_has_no_end"),
    )
