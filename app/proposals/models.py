"""Tables of use proposals."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Dataset
from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.organizations.models import Organization, Person
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, MemberState, ProposalState


class Proposal(Base):
    """A member asks to use datasets. The answers are a draft until sent; what was sent is a `ProposalVersion`."""

    __tablename__ = "proposal"

    id: Mapped[intpk]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(default="")
    answers: Mapped[JSONObject] = mapped_column(default=dict)
    # Answers that were filled in and not touched since: key to where they came from (rules/questions.Source).
    prefilled: Mapped[JSONObject] = mapped_column(default=dict)
    # The last save of each answer: who, when, and from which open page; tells who is writing, and a save over a newer one.
    saves: Mapped[JSONObject] = mapped_column(default=dict)
    state: Mapped[ProposalState] = mapped_column(
        enum_text(ProposalState, "proposal_state"), default=ProposalState.DRAFT
    )
    pipeline: Mapped[str | None] = mapped_column(String(40))
    step: Mapped[str | None] = mapped_column(String(40))
    # Why this pipeline and not another: the rule, its sentence, and what fills its gaps (rules/routing.Route).
    routed_because: Mapped[JSONObject | None]
    # Whom a request for changes came from, so that the answer goes back there.
    returns_to: Mapped[str | None] = mapped_column(String(40))
    # When the wait that runs now began; every change of who is waited for sets it anew.
    waiting_since: Mapped[datetime | None]
    # Working days that those who review it had used in this step when their clock last stopped.
    used_days: Mapped[int] = mapped_column(default=0)
    # Each stretch in which data partners were waited for: from, to, and the keys of those; each counts it in its own calendar.
    review_runs: Mapped[list[JSONObject]] = mapped_column(default=list)
    # When it first passed the intake check: from then on those who review it know of it.
    passed_at: Mapped[datetime | None]
    # When it first reached its data partners: from then on they know of it.
    offered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # The share of the time at which somebody was last reminded to name a new lead, while there is none.
    lead_reminded: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("proposal_version.id", use_alter=True, name="fk_proposal_current_version")
    )
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship(lazy="raise")
    lead: Mapped[Person] = relationship(lazy="raise")
    items: Mapped[list["ProposalItem"]] = relationship(lazy="raise", back_populates="proposal")
    team: Mapped[list["TeamMember"]] = relationship(lazy="raise")
    current_version: Mapped["ProposalVersion | None"] = relationship(lazy="raise", foreign_keys=[current_version_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_proposal_state_waiting", "state", "waiting_since"),
        Index("ix_proposal_organization", "organization_id"),
        Index("ix_proposal_lead", "lead_id"),
        # Everything that a list counts and sorts by, so that it reads no answers.
        Index("ix_proposal_overview", "state", "sent_at", "ended_at", "step", "waiting_since", "id"),
        Index("ix_proposal_current_version", "current_version_id"),
        CheckConstraint("state = 'draft' OR sent_at IS NOT NULL OR state = 'withdrawn'", name="sent_has_a_moment"),
        CheckConstraint(
            "state NOT IN ('in_review','decided','issued') OR passed_at IS NOT NULL", name="reviewed_after_intake"
        ),
        CheckConstraint("state NOT IN ('decided','issued') OR decided_at IS NOT NULL", name="decided_has_a_moment"),
        CheckConstraint("state IN ('draft','withdrawn') OR current_version_id IS NOT NULL", name="sent_has_a_version"),
    )


class ProposalVersion(Base):
    """What was sent, frozen. Decisions bind to its hash."""

    __tablename__ = "proposal_version"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    content: Mapped[JSONObject]
    content_hash: Mapped[str] = mapped_column(String(64))
    agreement_version: Mapped[str] = mapped_column(String(40))
    agreement_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (UniqueConstraint("proposal_id", "number"),)


class ProposalItem(Base):
    """One dataset inside a proposal: the thing that its data partner decides on."""

    __tablename__ = "proposal_item"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    state: Mapped[ItemState] = mapped_column(enum_text(ItemState, "item_state"), default=ItemState.PENDING)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", use_alter=True, name="fk_item_decision"))
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(lazy="raise", back_populates="items")
    dataset: Mapped[Dataset] = relationship(lazy="raise")
    decision: Mapped["Decision | None"] = relationship(lazy="raise", foreign_keys=[decision_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("proposal_id", "dataset_id"),
        Index("ix_proposal_item_dataset", "dataset_id", "state"),
        CheckConstraint("(state IN ('pending','not_offered')) = (decision_id IS NULL)", name="decided_has_a_decision"),
    )


class Decision(Base):
    """A data partner's answer on one item, bound to the hash of the proposal version that the decider was shown."""

    __tablename__ = "decision"

    id: Mapped[intpk]
    item_id: Mapped[int] = mapped_column(ForeignKey("proposal_item.id"))
    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    version_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[ItemState] = mapped_column(enum_text(ItemState, "decision_outcome"))
    reason: Mapped[Reason | None] = mapped_column(enum_text(Reason, "decision_reason"))
    words: Mapped[str] = mapped_column(default="")
    # Grant conditions (layer L4): parameter name to value; and conditions in words.
    conditions: Mapped[JSONObject] = mapped_column(default=dict)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    authentication: Mapped[str] = mapped_column(String(40))
    # The standing consent that made it, by reference; the person above answers for the rule.
    by_rule: Mapped[str | None] = mapped_column(String(20))
    undone_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    # A later decision of the same data partner took its place; that one says which it replaced.
    superseded_at: Mapped[datetime | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    # The listing's terms as the decider was shown them, and their SHA-256 (canonical JSON); a grant rests on these, not on
    # what the listing says later. Decisions from before this was kept have none.
    terms: Mapped[JSONObject | None] = mapped_column(JSON(none_as_null=True))
    terms_hash: Mapped[str | None] = mapped_column(String(64))

    decided_by: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_decision_item", "item_id"),
        Index(
            "uq_decision_effective",
            "item_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL AND voided_at IS NULL AND superseded_at IS NULL"),
            postgresql_where=text("undone_at IS NULL AND voided_at IS NULL AND superseded_at IS NULL"),
        ),
        CheckConstraint("(terms IS NULL) = (terms_hash IS NULL)", name="terms_have_a_hash"),
        CheckConstraint("outcome NOT IN ('pending','not_offered')", name="is_an_outcome"),
        CheckConstraint("outcome <> 'not_approved' OR (reason IS NOT NULL AND words <> '')", name="no_needs_a_reason"),
    )


class TeamMember(Base):
    """Somebody who works on the proposal, of whatever organization; the lead is one of them."""

    __tablename__ = "team_member"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    organization_name: Mapped[str] = mapped_column(String(160), default="")
    is_lead: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    # When they were last asked, where not only as they were added, and the share of the time at which they were last reminded.
    asked_at: Mapped[datetime | None]
    reminded: Mapped[int | None]
    # Whether the person accepted the duties of authorized users for themselves, under which text, and when.
    state: Mapped[MemberState] = mapped_column(enum_text(MemberState, "team_member_state"), default=MemberState.INVITED)
    answered_at: Mapped[datetime | None]
    agreement_version: Mapped[str | None] = mapped_column(String(40))
    agreement_hash: Mapped[str | None] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(default="")
    # The link for somebody without an account; only its hash is kept.
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_expires_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("proposal_id", "email"),
        Index("ix_team_member_person", "person_id"),
        Index("ix_team_member_email", "email"),
        Index(
            "ix_team_member_invited",
            "proposal_id",
            sqlite_where=text("state = 'invited'"),
            postgresql_where=text("state = 'invited'"),
        ),
    )


# The kind of a comment that asks the team for a change.
CHANGE_REQUEST = "change_request"


class Comment(Base):
    """One message of the conversation, internal to reviewers or to everyone on the proposal."""

    __tablename__ = "comment"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The organization for which the author speaks; internal comments stay inside it and the secretariat.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    about_answer: Mapped[str | None] = mapped_column(String(40))
    body: Mapped[str]
    is_internal: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(30), default="comment")
    posted_at: Mapped[datetime]
    # A request for changes that was taken back: nobody is shown it any more, the history keeps its words.
    withdrawn_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")

    __table_args__ = (Index("ix_comment_proposal", "proposal_id", "posted_at"),)


class Reminder(Base):
    """One reminder of one wait, so that none is sent twice: by date at a share of the time, or by hand."""

    __tablename__ = "reminder"

    id: Mapped[intpk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    # The proposal's waiting_since: a new wait is reminded anew.
    wait_began_at: Mapped[datetime]
    # The share of the time, in percent, at which it went out by date; None for one that a person sent.
    percent: Mapped[int | None]
    # Who was reminded; none in reminders from before each data partner had a clock of its own.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("proposal_id", "wait_began_at", "organization_id", "percent"),)
