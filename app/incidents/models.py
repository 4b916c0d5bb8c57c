"""Tables of incidents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Dataset
from app.foundation.base import Base, enum_text, intpk
from app.grants.models import Grant
from app.organizations.models import Organization, Person
from app.rules.incidents import Because, Reports
from app.rules.workflow import IncidentState


class Incident(Base):
    """An event by which data was, or is likely to have been, seen, changed, lost or used against the terms (clause 16.1)."""

    __tablename__ = "incident"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"))
    what: Mapped[str]
    noticed_at: Mapped[datetime]
    personal_data: Mapped[str] = mapped_column(String(20))
    measures: Mapped[str] = mapped_column(default="")
    is_near_miss: Mapped[bool] = mapped_column(default=False)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime]
    # Until when the first notice had to be given, and until when the full report is due.
    notice_by: Mapped[datetime]
    full_report_by: Mapped[date] = mapped_column(Date)
    full_report: Mapped[str] = mapped_column(default="")
    state: Mapped[IncidentState] = mapped_column(enum_text(IncidentState, "incident_state"), default=IncidentState.OPEN)
    state_since: Mapped[datetime]
    # The side that owes the full report, as the rule said when it was reported.
    owed_by: Mapped[Reports] = mapped_column(enum_text(Reports, "incident_owed_by"), default=Reports.MEMBER)
    outcome: Mapped[str] = mapped_column(default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reminded: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    grant: Mapped[Grant] = relationship(lazy="raise")
    dataset: Mapped[Dataset | None] = relationship(lazy="raise")
    reported_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[reported_by_id])
    closed_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[closed_by_id])
    notices: Mapped[list["IncidentNotice"]] = relationship(lazy="raise", order_by="IncidentNotice.id")
    notes: Mapped[list["IncidentNote"]] = relationship(lazy="raise", order_by="IncidentNote.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_incident_grant", "grant_id"),
        Index("ix_incident_state", "state", "full_report_by"),
        CheckConstraint("state <> 'closed' OR outcome <> ''", name="closes_with_what_was_done"),
    )


class IncidentNotice(Base):
    """One organization that must be told, until when, and when somebody there took note of it."""

    __tablename__ = "incident_notice"

    id: Mapped[intpk]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    recipient: Mapped[str] = mapped_column(String(40))
    because: Mapped[Because] = mapped_column(enum_text(Because, "incident_notice_because"), default=Because.INCIDENT)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    due_at: Mapped[datetime]
    told_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organization: Mapped[Organization] = relationship(lazy="raise")
    acknowledged_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("incident_id", "recipient", "because"),)


class IncidentNote(Base):
    """A line that somebody added while the incident was open."""

    __tablename__ = "incident_note"

    id: Mapped[intpk]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str]
    # What was learned with it of whether personal data is touched; empty where nothing was.
    personal_data: Mapped[str] = mapped_column(String(20), default="")
    added_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (Index("ix_incident_note_incident", "incident_id"),)
