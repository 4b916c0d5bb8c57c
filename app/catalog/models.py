"""Tables of the catalog."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.organizations.models import Organization, Person
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity, Visibility
from app.rules.workflow import ListingState, QuestionState


class Dataset(Base):
    """A dataset and its listing. Texts are the data partner's own; the rules on its use are `DatasetCondition` rows."""

    __tablename__ = "dataset"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    # The publisher's own identifier; importing the same one again updates instead of doubling.
    identifier: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[ListingState] = mapped_column(enum_text(ListingState, "listing_state"), default=ListingState.DRAFT)
    # Since when it is in this state, and what was said with it: a message, why it pauses, why it was withdrawn.
    state_since: Mapped[datetime]
    state_reason: Mapped[str | None]
    visibility: Mapped[Visibility] = mapped_column(
        enum_text(Visibility, "listing_visibility"), default=Visibility.PUBLIC
    )
    # What
    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    publisher: Mapped[str] = mapped_column(default="")
    keywords: Mapped[list[str]] = mapped_column(default=list)
    unit: Mapped[str] = mapped_column(default="")
    size: Mapped[str] = mapped_column(default="")
    good_for: Mapped[list[str]] = mapped_column(default=list)
    not_good_for: Mapped[list[str]] = mapped_column(default=list)
    dictionary: Mapped[list[JSONObject]] = mapped_column(default=list)
    sample: Mapped[JSONObject | None]
    # What the columns of an uploaded sample look like (app.catalog.profiles); the rows it was made from are not kept.
    profile: Mapped[JSONObject | None]
    # Where and when
    coverage_start: Mapped[date | None] = mapped_column(Date)
    coverage_end: Mapped[date | None] = mapped_column(Date)
    spatial_resolution: Mapped[str] = mapped_column(default="")
    frequency: Mapped[Frequency] = mapped_column(enum_text(Frequency, "listing_frequency"), default=Frequency.UNKNOWN)
    languages: Mapped[list[str]] = mapped_column(default=list)
    contact: Mapped[str] = mapped_column(default="")
    release: Mapped[str] = mapped_column(default="")
    license_text: Mapped[str] = mapped_column(default="")
    landing_page: Mapped[str] = mapped_column(default="")
    # How it is shared
    collaborative_type: Mapped[CollaborativeType | None] = mapped_column(
        enum_text(CollaborativeType, "collaborative_type")
    )
    access_mode: Mapped[AccessMode | None] = mapped_column(enum_text(AccessMode, "access_mode"))
    sensitivity: Mapped[Sensitivity | None] = mapped_column(enum_text(Sensitivity, "sensitivity"))
    delivery_steps: Mapped[str] = mapped_column(default="")
    extra_questions: Mapped[list[str]] = mapped_column(default=list)
    # Answers as they were typed that cannot be used yet, by field, so that saving loses nothing.
    typed: Mapped[JSONObject] = mapped_column(default=dict)
    # Where an answer came from that nobody has looked at yet, by field: a key of app.catalog.prefilling.SOURCES.
    prefilled: Mapped[JSONObject] = mapped_column(default=dict)
    # What an import carried that has no field here; it comes back out on export.
    foreign: Mapped[JSONObject] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    listed_at: Mapped[datetime | None]
    # Of what was imported last, so that the same file changes nothing the second time.
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    conditions: Mapped[list["DatasetCondition"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    countries: Mapped[list["DatasetCountry"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    themes: Mapped[list["DatasetTheme"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    admitted: Mapped[list["AdmittedOrganization"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def country_codes(self) -> list[str]:
        """The countries by code; they must be loaded."""
        return [row.country for row in self.countries]

    @property
    def theme_codes(self) -> list[str]:
        """The themes by code; they must be loaded."""
        return [row.theme for row in self.themes]

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("organization_id", "identifier"),
        Index("ix_dataset_state_listed", "state", "listed_at"),
        CheckConstraint("state <> 'listed' OR listed_at IS NOT NULL", name="listed_since"),
        CheckConstraint("state <> 'listed' OR (title <> '' AND description <> '')", name="listed_has_text"),
    )


class ListingChange(Base):
    """One change of a listing, numbered in the order of the transactions: what is derived from listings follows it.

    Whoever writes one has recorded the event of the change before and so holds the history's lock until the transaction
    ends; no smaller number can come after a larger one.
    """

    __tablename__ = "listing_change"

    seq: Mapped[intpk]
    dataset_id: Mapped[int] = mapped_column(BigInteger)


class DatasetCountry(Base):
    """A country that a dataset covers, as ISO 3166-1 alpha-2, or WORLD."""

    __tablename__ = "dataset_country"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(String(3), primary_key=True, index=True)


class DatasetTheme(Base):
    """A theme of a dataset, from rules/vocabulary."""

    __tablename__ = "dataset_theme"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class AdmittedOrganization(Base):
    """An organization that may know of a listing shown to named organizations only."""

    __tablename__ = "admitted_organization"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True, index=True)


class DatasetCondition(Base):
    """A typed parameter of one of the agreement's clauses, set by the data partner for this dataset (layer L3)."""

    __tablename__ = "dataset_condition"

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True)
    parameter: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[JSONObject]


class DatasetRelease(Base):
    """One release of a dataset: its label, the day it came, what is new, and the period that it covers."""

    __tablename__ = "dataset_release"

    id: Mapped[intpk]
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    released_on: Mapped[date] = mapped_column(Date)
    notes: Mapped[str] = mapped_column(default="")
    covers_from: Mapped[date | None] = mapped_column(Date)
    covers_to: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("dataset_id", "label"),)


class DatasetQuestion(Base):
    """A question on a dataset's page, with its answer. Readers see the asker's organization, not the person."""

    __tablename__ = "dataset_question"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[QuestionState] = mapped_column(
        enum_text(QuestionState, "listing_question_state"), default=QuestionState.OPEN
    )
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(Text, default="")
    # Since when it stands on the page again; its answer is waited for anew from then on.
    shown_at: Mapped[datetime | None]
    # The last share of the wait at which somebody was reminded, in percent.
    reminded: Mapped[int | None]

    dataset: Mapped[Dataset] = relationship(lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    __table_args__ = (
        Index("ix_dataset_question_dataset", "dataset_id", "state"),
        CheckConstraint("state <> 'answered' OR answer <> ''", name="answered_has_answer"),
        CheckConstraint("state <> 'hidden' OR hidden_reason <> ''", name="hidden_has_reason"),
    )
