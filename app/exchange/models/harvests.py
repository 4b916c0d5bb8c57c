"""Tables of harvesting: a source, each reading of it, what each found, and which datasets came from where."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Dataset
from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.organizations.models import Organization, Person
from app.rules.harvests import Answer, Kind, NewOnes, RunState, Schedule
from app.rules.workflow import HarvestState


class HarvestSource(Base):
    """A catalog at an address, which is read on a schedule for one data partner."""

    __tablename__ = "harvest_source"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(2000))
    # What the catalog is, as the first look found; empty before.
    form: Mapped[str] = mapped_column(String(60), default="")
    schedule: Mapped[Schedule] = mapped_column(enum_text(Schedule, "harvest_schedule"))
    new_ones: Mapped[NewOnes] = mapped_column(enum_text(NewOnes, "harvest_new_ones"))
    # Who has said that changes of what is listed are taken unseen, where that may be; they answer for it while they are steward.
    trusted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Who is asked first; otherwise any steward.
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[HarvestState] = mapped_column(enum_text(HarvestState, "harvest_state"))
    state_since: Mapped[datetime]
    state_reason: Mapped[str | None]
    # What the server said of the file that was read last.
    etag: Mapped[str] = mapped_column(String(300), default="")
    modified: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    planned_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    asked: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[asked_id])
    trusted_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[trusted_by_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_harvest_source_organization", "organization_id", "state"),
        Index("ix_harvest_source_planned", "planned_at"),
        CheckConstraint("state <> 'ended' OR planned_at IS NULL", name="ended_is_not_planned"),
    )


class HarvestRun(Base):
    """One reading of a source: when, what was found in numbers, and what went wrong in words."""

    __tablename__ = "harvest_run"

    id: Mapped[intpk]
    source_id: Mapped[int] = mapped_column(ForeignKey("harvest_source.id"))
    state: Mapped[RunState] = mapped_column(enum_text(RunState, "harvest_run_state"), default=RunState.OPEN)
    # Empty where the schedule asked for it.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    # What holds for it from then on: see `queries.choices`.
    said: Mapped[JSONObject] = mapped_column(default=dict)
    # How many rows were read, and how many of them were as they are listed.
    rows: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    # How many were found of each kind.
    counts: Mapped[JSONObject] = mapped_column(default=dict)
    # What is to be mended in the catalog and in rows that can be taken: how much, and the first of it.
    remarked: Mapped[int] = mapped_column(default=0, server_default="0")
    remarks: Mapped[list[JSONObject]] = mapped_column(default=list, server_default="[]")

    source: Mapped[HarvestSource] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_harvest_run_at_work",
            "source_id",
            unique=True,
            sqlite_where=text("state IN ('open','taking')"),
            postgresql_where=text("state IN ('open','taking')"),
        ),
        Index("ix_harvest_run_source", "source_id", "id"),
        Index("ix_harvest_run_state", "state"),
        CheckConstraint("state <> 'failed' OR problem <> ''", name="failed_says_why"),
    )


class Finding(Base):
    """What one reading found about one dataset, and what became of it."""

    __tablename__ = "harvest_finding"

    id: Mapped[intpk]
    run_id: Mapped[int] = mapped_column(ForeignKey("harvest_run.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(enum_text(Kind, "harvest_finding_kind"))
    answer: Mapped[Answer] = mapped_column(enum_text(Answer, "harvest_finding_answer"))
    # Its row in the file that was read; 0 where it is not in it.
    row: Mapped[int]
    identifier: Mapped[str] = mapped_column(String(500))
    title: Mapped[str]
    # As the catalog writes it; empty where it names none.
    publisher: Mapped[str] = mapped_column(String(300), default="", server_default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"))
    # Field by field: what is listed, what the source says, and whether it could be taken unseen.
    changes: Mapped[list[JSONObject]] = mapped_column(default=list)
    problem: Mapped[str] = mapped_column(default="")
    remedy: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    dataset: Mapped[Dataset | None] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_harvest_finding_run", "run_id", "answer", "kind"),
        Index("ix_harvest_finding_identifier", "identifier", "answer"),
    )


class HarvestedDataset(Base):
    """A dataset that a source holds, or held; `paused_at` where its listing rests because it is gone from there."""

    __tablename__ = "harvested_dataset"

    source_id: Mapped[int] = mapped_column(ForeignKey("harvest_source.id"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    is_there: Mapped[bool] = mapped_column(default=True)
    paused_at: Mapped[datetime | None]

    dataset: Mapped[Dataset] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("dataset_id", "source_id"),)
