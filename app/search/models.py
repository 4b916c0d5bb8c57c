"""Tables of searching: what people saved, and which listings they were told of."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.base import Base, enum_text, intpk
from app.rules.mail import Cadence


class SavedSearch(Base):
    """A search that somebody keeps, and how often new listings are looked for."""

    __tablename__ = "saved_search"

    id: Mapped[intpk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    # The search as it stands in an address (`app.search.addresses`), and its hash: nobody keeps the same one twice.
    question: Mapped[str]
    question_hash: Mapped[str] = mapped_column(String(64))
    cadence: Mapped[Cadence] = mapped_column(enum_text(Cadence, "search_cadence"))
    created_at: Mapped[datetime]
    # What was listed before this is not new.
    since: Mapped[datetime]
    look_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("person_id", "question_hash"),
        Index("ix_saved_search_look", "cadence", "look_at"),
    )


class FoundListing(Base):
    """A listing that the person of a saved search was told of: once."""

    __tablename__ = "found_listing"

    saved_search_id: Mapped[int] = mapped_column(ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True)
    found_at: Mapped[datetime]
