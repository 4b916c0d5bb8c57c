"""Tables of the steps of a review: what was sent to whom, verdicts, votes, conflicts of interest; and declared crises."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.rules.pipelines import Step
from app.rules.verdicts import StepOutcome, VoteChoice


class VersionDataset(Base):
    """One dataset that a sent version asks for: its data partner knows of the proposal by this, and by no draft."""

    __tablename__ = "proposal_version_dataset"

    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)

    __table_args__ = (Index("ix_proposal_version_dataset_dataset", "dataset_id"),)


class StepVerdict(Base):
    """How one step of the review ended on one version. Another version needs another verdict."""

    __tablename__ = "step_verdict"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    version_hash: Mapped[str] = mapped_column(String(64))
    step: Mapped[Step] = mapped_column(enum_text(Step, "verdict_step"))
    outcome: Mapped[StepOutcome] = mapped_column(enum_text(StepOutcome, "verdict_outcome"))
    words: Mapped[str] = mapped_column(default="")
    checklist: Mapped[JSONObject] = mapped_column(default=dict)
    # Of a vote: how many were for, against, abstained, and how many had to vote.
    counts: Mapped[JSONObject] = mapped_column(default=dict)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        # Two who close a vote at once: the second finds it closed.
        Index(
            "uq_step_verdict_effective",
            "proposal_version_id",
            "step",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_step_verdict_proposal", "proposal_id"),
        CheckConstraint("outcome <> 'declined' OR words <> ''", name="no_needs_words"),
        CheckConstraint("outcome <> 'looked_at' OR words <> ''", name="findings_are_words"),
    )


class CommitteeVote(Base):
    """One member's vote on one version, changeable until the vote closes; a new version is voted on anew."""

    __tablename__ = "committee_vote"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    version_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    choice: Mapped[VoteChoice] = mapped_column(enum_text(VoteChoice, "vote_choice"))
    words: Mapped[str] = mapped_column(default="")
    cast_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("proposal_version_id", "person_id"),
        Index("ix_committee_vote_proposal", "proposal_id"),
        CheckConstraint("choice <> 'against' OR words <> ''", name="against_needs_words"),
    )


class UndoableAct(Base):
    """What somebody did in a review and may take back for ten minutes (rules/undoing): how the proposal stood before, and the
    place and the counters of its rows as the act left them, by which it is seen that nobody has gone on since.
    """

    __tablename__ = "undoable_act"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    action: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The moment of its events, its comments and its verdict too.
    at: Mapped[datetime]
    before: Mapped[JSONObject]
    left: Mapped[JSONObject]
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_undoable_act_proposal", "proposal_id", "at"),)


class ConflictOfInterest(Base):
    """A person's own word that they are too close to a proposal to decide on it; a director may lift it, with a reason."""

    __tablename__ = "conflict_of_interest"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    declared_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lift_reason: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_conflict_current",
            "proposal_id",
            "person_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
            name="lifted_with_a_reason",
        ),
    )


class Crisis(Base):
    """A crisis that a director declared: for whose countries, from when until when."""

    __tablename__ = "crisis"

    id: Mapped[intpk]
    title: Mapped[str] = mapped_column(String(120))
    countries: Mapped[list[str]]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),)
