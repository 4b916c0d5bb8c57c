"""Who took a case, of all those who could: one person for each organization that is waited for.

A case is named by its thing ("proposal", "listing", "accession", …) and its public reference, so that every part can use it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.base import Base, intpk


class Assignment(Base):
    """One person took it, or was handed it by a colleague. Whether that person may still act is asked each time."""

    __tablename__ = "assignment"

    id: Mapped[intpk]
    thing: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(60))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("thing", "ref", "organization_id"),
        Index("ix_assignment_person", "person_id"),
    )


def assigned_to(session: Session, thing: str, refs: Collection[str]) -> dict[tuple[str, int], int]:
    """Who took each of these cases, by reference and organization, in one statement."""
    found = select(Assignment.ref, Assignment.organization_id, Assignment.person_id)
    wanted = found.where(Assignment.thing == thing, Assignment.ref.in_(refs))
    return {(ref, organization_id): person_id for ref, organization_id, person_id in session.execute(wanted)}


def assign(
    session: Session, thing: str, ref: str, organization_id: int, person_id: int, by_id: int, now: datetime
) -> Assignment:
    """Note who has the case from now on. Whoever calls it has asked who may, and holds the case's lock."""
    of = (Assignment.thing == thing) & (Assignment.ref == ref) & (Assignment.organization_id == organization_id)
    row = session.scalar(select(Assignment).where(of).with_for_update())
    if row is None:
        row = Assignment(thing=thing, ref=ref, organization_id=organization_id)
        session.add(row)
    row.person_id, row.assigned_by_id, row.assigned_at = person_id, by_id, now
    session.flush()
    return row
