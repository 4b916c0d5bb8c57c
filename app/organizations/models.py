"""Tables of organizations and people."""

import uuid
from datetime import datetime
from uuid import UUID

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, JSONObject, enum_text, intpk
from app.rules.restrictions import RestrictionKind
from app.rules.roles import Kind, Role
from app.rules.workflow import CardState


class Organization(Base):
    """A data partner, a member, both, or the secretariat."""

    __tablename__ = "organization"

    id: Mapped[intpk]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[Kind] = mapped_column(enum_text(Kind, "organization_kind"))
    country: Mapped[str | None] = mapped_column(String(2))
    website: Mapped[str | None] = mapped_column(String(300))
    about: Mapped[str] = mapped_column(default="")
    # Answers that forms start from: where data is kept, contact, usual access mode and so on.
    defaults: Mapped[JSONObject] = mapped_column(default=dict)
    aliases: Mapped[list[str]] = mapped_column(default=list)
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Whether its imports and harvests may be listed without a check of each: the secretariat says so.
    lists_unchecked: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organization", lazy="raise")

    __table_args__ = (
        Index(
            "uq_organization_single_secretariat",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'secretariat'"),
            postgresql_where=text("kind = 'secretariat'"),
        ),
    )


class Person(Base, UserMixin):
    """Somebody who can sign in. `pid` stands for the person where no personal data may be written."""

    __tablename__ = "person"

    id: Mapped[intpk]
    pid: Mapped[UUID] = mapped_column(default=uuid.uuid4, unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changing it ends every session of the person everywhere.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: uuid.uuid4().hex)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The time step of the last code taken, so that no code is taken twice.
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    # Keyed hashes: the codes themselves are shown once and not kept.
    mf_recovery_codes: Mapped[list[str] | None]
    locale: Mapped[str] = mapped_column(String(10), default="en")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", lazy="raise", foreign_keys="Membership.person_id"
    )

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security's own roles, of which nobody has any: rights come from memberships alone."""
        return []


class Membership(Base):
    """One role that a person holds in an organization, until it ends."""

    __tablename__ = "membership"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    # Which of the roles can be held is the constraint `held_role`; the enum also has those that are only derived.
    role: Mapped[Role] = mapped_column(enum_text(Role, "membership_role", constrained=False))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="raise", foreign_keys=[person_id])
    organization: Mapped[Organization] = relationship(back_populates="memberships", lazy="raise")

    __table_args__ = (
        Index(
            "uq_membership_current",
            "person_id",
            "organization_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_membership_organization", "organization_id", "role"),
        CheckConstraint(
            "role IN ('steward','deputy','signatory','focal_point','project_staff','officer','director','auditor',"
            "'reviewer','chair','ethics_reviewer','legal_reviewer')",
            name="held_role",
        ),
    )


class Invitation(Base):
    """A single-use, expiring way in. Only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[intpk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[str]]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organization: Mapped[Organization] = relationship(lazy="raise")

    __table_args__ = (Index("ix_invitation_organization", "organization_id"),)


class Restriction(Base):
    """What an organization may not do until something is mended; open while `ended_at` is empty."""

    __tablename__ = "restriction"

    id: Mapped[intpk]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[RestrictionKind] = mapped_column(enum_text(RestrictionKind, "restriction_kind"))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Why, and what mends it, in words for the organization's people.
    words: Mapped[str] = mapped_column(default="")
    # The public reference of what causes it, such as a grant's number; one open restriction per kind and cause.
    cause: Mapped[str] = mapped_column(String(80))

    __table_args__ = (
        Index(
            "uq_restriction_open",
            "organization_id",
            "kind",
            "cause",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Card(Base):
    """A focal point's word, for a year, that a person may lead proposals for the organization and send them."""

    __tablename__ = "card"

    id: Mapped[intpk]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[CardState] = mapped_column(enum_text(CardState, "card_state"), default=CardState.ASKED)
    asked_at: Mapped[datetime]
    # Empty where the card comes from the day on which cards began, and nobody had to be asked.
    vouched_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    # The version of the common agreement under which the organization stood when it vouched.
    agreement_version: Mapped[str | None] = mapped_column(String(40))
    agreement_hash: Mapped[str | None] = mapped_column(String(64))
    # The smallest number of days before the end at which a reminder has gone out.
    reminded_days: Mapped[int | None]
    # The share of the time at which whoever is asked to vouch was last reminded.
    reminded: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end_words: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    vouched_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[vouched_by_id])
    organization: Mapped[Organization] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_card_open",
            "organization_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('asked','valid')"),
            postgresql_where=text("state IN ('asked','valid')"),
        ),
        Index("ix_card_until", "state", "until"),
        CheckConstraint("state = 'asked' OR state = 'declined' OR until IS NOT NULL", name="valid_has_an_end"),
    )


class AddressChange(Base):
    """A new e-mail address that somebody asked for, until the link that was sent there is opened. Only its hash is kept."""

    __tablename__ = "address_change"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_address_change_person", "person_id"),)


class ApiToken(Base):
    """A program's way in for one person. The token is shown once; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Its beginning, by which its owner tells it from others.
    shown: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (Index("ix_api_token_person", "person_id"),)
