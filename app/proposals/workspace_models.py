"""Tables of the review workspace: suggested edits, what each reader has read, and what a reader has begun to write."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.organizations.models import Organization, Person
from app.rules.workflow import SuggestionState


class Suggestion(Base):
    """Another text for one answer, proposed by somebody in the review; the team accepts or declines it."""

    __tablename__ = "suggestion"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    # The version that its author had read.
    version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    answer_key: Mapped[str] = mapped_column(String(40))
    old_text: Mapped[str]
    new_text: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    state: Mapped[SuggestionState] = mapped_column(
        enum_text(SuggestionState, "suggestion_state"), default=SuggestionState.OPEN
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The organization for which the author speaks.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What the team answered when it declined.
    answer_words: Mapped[str] = mapped_column(default="")

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    organization: Mapped[Organization] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_suggestion_proposal", "proposal_id", "state"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_a_moment"),
        CheckConstraint("state <> 'declined' OR answer_words <> ''", name="declined_with_words"),
        CheckConstraint("old_text <> new_text", name="changes_something"),
    )


class Reading(Base):
    """Somebody has read one version of a proposal, and everything that was said about it until then."""

    __tablename__ = "reading"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    read_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "proposal_id", "version_id"),)


class Desk(StrEnum):
    """The pages on which somebody reviews a proposal. Each has its own checklist, so a reader of two has notes on each."""

    REVIEW = "review"
    INTAKE = "intake"
    VERDICT = "verdict"


class ReviewDraft(Base):
    """What one reader has marked and begun to write on one page of a review, by the names of its fields; nobody else reads it."""

    __tablename__ = "review_draft"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    desk: Mapped[Desk] = mapped_column(enum_text(Desk, "review_desk"))
    fields: Mapped[JSONObject] = mapped_column(default=dict)
    # What was begun and then went out with an answer: whoever takes the answer back finds it on the page again.
    said: Mapped[JSONObject] = mapped_column(default=dict)
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "proposal_id", "desk"),)
