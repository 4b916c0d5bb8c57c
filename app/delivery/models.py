"""Tables of deliveries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.base import Base, enum_text, intpk
from app.foundation.stored_files import StoredFile
from app.grants.models import Grant
from app.organizations.models import Person
from app.rules.workflow import DeliveryState


class Delivery(Base):
    """What one grant gives: how it is reached, or the result itself where no data moves."""

    __tablename__ = "delivery"

    id: Mapped[intpk]
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id"), unique=True)
    mode: Mapped[str] = mapped_column(String(40))
    state: Mapped[DeliveryState] = mapped_column(
        enum_text(DeliveryState, "delivery_state"), default=DeliveryState.PREPARING
    )
    # When the wait for whoever is next began: the clock counts from here.
    state_since: Mapped[datetime]
    instructions: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    result_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    provided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    provided_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    # Whether the data partner holds something open for it (rules/delivery), and who switched it off last.
    is_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    switched_off_at: Mapped[datetime | None]
    switched_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What the member said was missing, until it is provided anew.
    missing: Mapped[str] = mapped_column(default="")
    reminded: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    grant: Mapped[Grant] = relationship(lazy="raise")
    result: Mapped[StoredFile | None] = relationship(lazy="raise")
    provided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[provided_by_id])
    switched_off_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[switched_off_by_id])
    secrets: Mapped[list["DeliverySecret"]] = relationship(lazy="raise", order_by="DeliverySecret.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_delivery_state", "state", "state_since"),
        CheckConstraint(
            "state NOT IN ('provided','arrived') OR provided_at IS NOT NULL", name="provided_has_its_moment"
        ),
        CheckConstraint(
            "state <> 'switched_off' OR (NOT is_open AND switched_off_at IS NOT NULL)", name="off_has_its_moment"
        ),
    )


class DeliverySecret(Base):
    """A password or key for one named person. The text is encrypted, shown once, and erased when it was seen or withdrawn."""

    __tablename__ = "delivery_secret"

    id: Mapped[intpk]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ciphertext: Mapped[str | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    __table_args__ = (
        Index(
            "uq_delivery_secret_waiting",
            "delivery_id",
            unique=True,
            sqlite_where=text("seen_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("seen_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint(
            "(seen_at IS NULL AND withdrawn_at IS NULL) OR ciphertext IS NULL", name="kept_only_until_seen"
        ),
    )
