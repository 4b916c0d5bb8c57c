"""Who took a case, of all those who could: one person for each organization that is waited for.

A case is named by its thing ("proposal", "listing", "accession", …) and its public reference, so that every part can use it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.foundation.base import Base, intpk
from app.organizations.models import Membership, Person
from app.rules.actors import Actor
from app.rules.taking import COLLEAGUES


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


@dataclass(frozen=True)
class Taken:
    """Who took a case, and when."""

    person_id: int
    name: str
    at: datetime


@dataclass(frozen=True)
class Colleagues:
    """Of some cases: who took each, of the reader's organizations, the reader included; and whether anybody else could."""

    takers: Mapping[tuple[str, str], Taken]
    is_alone: bool


def is_with_colleague(
    viewer: Actor,
    thing: str,
    ref: ColumnElement[str],
    since: SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None],
) -> ColumnElement[bool]:
    """The cases that a colleague of the viewer took since they came into the state they are in, and can still act on."""
    return exists().where(
        Assignment.thing == thing,
        Assignment.ref == ref,
        Assignment.assigned_at >= since,
        Assignment.person_id != viewer.person_id,
        *_of_own(viewer),
    )


def colleagues(session: Session, viewer: Actor, cases: Collection[tuple[str, str]]) -> Colleagues:
    """Who took which of these cases, by thing and reference. Two statements."""
    if not cases:
        return Colleagues({}, is_alone=True)
    things, refs = {thing for thing, _ref in cases}, {ref for _thing, ref in cases}
    taken = (
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.thing.in_(things), Assignment.ref.in_(refs), *_of_own(viewer))
    )
    found = {(row.thing, row.ref): Taken(row.person_id, name, row.assigned_at) for row, name in session.execute(taken)}
    others = select(Membership.id).join(Person, Person.id == Membership.person_id)
    here = Membership.organization_id.in_(viewer.organizations_with(*COLLEAGUES))
    acting = Membership.role.in_(COLLEAGUES) & Membership.ended_at.is_(None) & Person.active
    could = others.where(here, Membership.person_id != viewer.person_id, acting).limit(1)
    return Colleagues(found, is_alone=session.scalar(could) is None)


def _of_own(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """Those of the viewer's organizations, by somebody who can still act for it."""
    person = aliased(Person)
    can_still_act = exists().where(
        Membership.person_id == Assignment.person_id,
        Membership.organization_id == Assignment.organization_id,
        Membership.role.in_(COLLEAGUES),
        Membership.ended_at.is_(None),
        person.id == Assignment.person_id,
        person.active,
    )
    return Assignment.organization_id.in_(viewer.organizations_with(*COLLEAGUES)), can_still_act


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
