"""Tables of grants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Dataset
from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.foundation.stored_files import StoredFile
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal
from app.rules.workflow import DutyState, GrantState, SubGrantState


def _unique(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows that a condition names, on both databases."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Grant(Base):
    """One data partner's permission on one proposal. `record` is the grant; the letter is its printed copy."""

    __tablename__ = "grant"

    id: Mapped[intpk]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    proposal_version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"))
    data_partner_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    title: Mapped[str]
    state: Mapped[GrantState] = mapped_column(
        enum_text(GrantState, "grant_state"), default=GrantState.AWAITING_SIGNATURE
    )
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    record: Mapped[JSONObject]
    record_hash: Mapped[str] = mapped_column(String(64))
    agreement_version: Mapped[str] = mapped_column(String(40))
    agreement_hash: Mapped[str] = mapped_column(String(64))
    # 64 random bits in the letter's QR code: whoever holds the letter may see more than the register shows.
    verify_token: Mapped[str] = mapped_column(String(32))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    state_since: Mapped[datetime]
    state_reason: Mapped[str] = mapped_column(default="")
    # Why it was stopped, as a code of rules/stopping.py; the words beside it are in `state_reason`.
    state_ground: Mapped[str | None] = mapped_column(String(40))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    # The last share, in percent, at which somebody was reminded of what the grant itself waits for, the end of its suspension
    # or its close-out, and when: a wait that began later is another one.
    wait_reminded: Mapped[int | None]
    wait_reminded_at: Mapped[datetime | None]
    # The grant that this one amends or renews; and the number of the one that took this one's place.
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"))
    successor_number: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    data_partner: Mapped[Organization] = relationship(lazy="raise", foreign_keys=[data_partner_id])
    member: Mapped[Organization] = relationship(lazy="raise", foreign_keys=[member_id])
    issued_by: Mapped[Person] = relationship(lazy="raise")
    letter: Mapped[StoredFile | None] = relationship(lazy="raise")
    datasets: Mapped[list["GrantDataset"]] = relationship(lazy="raise")
    duties: Mapped[list["Duty"]] = relationship(lazy="raise")
    people: Mapped[list["GrantPerson"]] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        # One first grant for a proposal and a data partner, one of them in force at a time, and no forks: a successor that
        # was revoked before its seal never began.
        _unique("uq_grant_first", "proposal_id", "data_partner_id", where="predecessor_id IS NULL"),
        _unique("uq_grant_in_force", "proposal_id", "data_partner_id", where="state IN ('active','suspended')"),
        _unique("uq_grant_successor", "predecessor_id", where="state <> 'revoked' OR sealed_at IS NOT NULL"),
        Index("ix_grant_state_ends", "state", "ends_on"),
        Index("ix_grant_member", "member_id"),
        CheckConstraint("starts_on < ends_on", name="starts_before_it_ends"),
        CheckConstraint(
            "state IN ('awaiting_signature','revoked') OR letter_id IS NOT NULL", name="in_force_has_a_letter"
        ),
        CheckConstraint("state NOT IN ('revoked','suspended') OR state_reason <> ''", name="stopped_has_a_reason"),
        CheckConstraint("(state = 'replaced') = (successor_number IS NOT NULL)", name="replaced_names_its_successor"),
    )


class GrantDataset(Base):
    """A dataset that a grant covers, by the item that was approved."""

    __tablename__ = "grant_dataset"

    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True, index=True)
    # None where the dataset came with an amendment: its decision is the change's.
    item_id: Mapped[int | None] = mapped_column(ForeignKey("proposal_item.id"), index=True)

    dataset: Mapped[Dataset] = relationship(lazy="raise")


class Duty(Base):
    """A dated promise of a grant: report, clear an output, attribute, delete."""

    __tablename__ = "duty"

    id: Mapped[intpk]
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    kind: Mapped[str] = mapped_column(String(40))
    clause: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(Date)
    # How far it has come; app/duties holds what is done with it. `done_at` is empty while the member still owes it.
    state: Mapped[DutyState] = mapped_column(enum_text(DutyState, "duty_state"), default=DutyState.OPEN)
    state_since: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    # Why it came back or was waived, or what the data partner said of it.
    words: Mapped[str] = mapped_column(default="")
    # Of a duty that comes again, the how manieth this one is.
    round: Mapped[int] = mapped_column(default=1)
    # The last step of the reminders that went out for this wait.
    reminded: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("grant_id", "kind", "round"),
        Index("ix_duty_due", "due_on"),
        CheckConstraint("state NOT IN ('returned','waived') OR words <> ''", name="answered_with_words"),
        CheckConstraint("state NOT IN ('open','returned') OR done_at IS NULL", name="owed_is_not_done"),
    )


class GrantPerson(Base):
    """Somebody whom a grant names: they may handle the data until `ended_at` (clause 11.1)."""

    __tablename__ = "grant_person"

    id: Mapped[intpk]
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    organization_name: Mapped[str] = mapped_column(String(160), default="")
    is_lead: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        _unique("uq_grant_person_current", "grant_id", "email", where="ended_at IS NULL"),
        Index("ix_grant_person_person", "person_id"),
    )


class SubGrant(Base):
    """A grant handed over within its limits, to a client government or a consultant of the member."""

    __tablename__ = "subgrant"

    id: Mapped[intpk]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    # The grant under which it stands now: that of its number, or the successor that carries it.
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"))
    state: Mapped[SubGrantState] = mapped_column(
        enum_text(SubGrantState, "subgrant_state"), default=SubGrantState.TO_SIGN
    )
    state_since: Mapped[datetime]
    state_reason: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(40))
    organization_name: Mapped[str] = mapped_column(String(160))
    country: Mapped[str] = mapped_column(String(2), default="")
    person_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    datasets: Mapped[list[str]]
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    record: Mapped[JSONObject]
    record_hash: Mapped[str] = mapped_column(String(64))
    verify_token: Mapped[str] = mapped_column(String(32))
    # Of the link by which the recipient answers; the link itself is only in the mail.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    # Typed name, statements, how the recipient proved who they are, address and agent: what the letter prints.
    evidence: Mapped[JSONObject] = mapped_column(default=dict)
    sealed_at: Mapped[datetime | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    # The last share of the wait for a signature at which somebody was reminded, in percent.
    reminded: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    grant: Mapped[Grant] = relationship(lazy="raise")
    letter: Mapped[StoredFile | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_subgrant_grant", "grant_id", "state"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint(
            "state <> 'active' OR (letter_id IS NOT NULL AND accepted_at IS NOT NULL)", name="in_force_has_a_letter"
        ),
        CheckConstraint(
            "state NOT IN ('offered','accepted','active') OR signed_at IS NOT NULL", name="offered_is_signed"
        ),
    )
