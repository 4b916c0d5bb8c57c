"""How much each person of the secretariat has open now: the same table of open waits, counted by who is named."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.organizations.models import Membership, Organization, Person
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import named_now, settle
from app.rules.actors import Actor
from app.rules.roles import Kind, Role


@dataclass(frozen=True)
class Load:
    """One person's open proposals, and how many of them are overdue."""

    person_id: int
    name: str
    open: int
    overdue: int


def workload(session: Session, viewer: Actor, now: datetime) -> list[Load]:
    """The load of each officer and director, the largest first; for the secretariat alone. One statement."""
    if not viewer.is_secretariat:
        return []
    settle(session)
    named = named_now(now).label("named")
    is_over = case((OpenWait.over_at <= now, 1), else_=0)
    by_person = (
        select(named, func.count().label("open"), func.sum(is_over).label("overdue"))
        .where(OpenWait.due_on.is_not(None))
        .group_by(named)
        .subquery()
    )
    statement = (
        select(Person.id, Person.name, by_person.c.open, by_person.c.overdue)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(by_person, by_person.c.named == Person.id)
        .where(
            Organization.kind == Kind.SECRETARIAT,
            Membership.role.in_((Role.OFFICER, Role.DIRECTOR)),
            Membership.ended_at.is_(None),
            Person.active,
        )
        .distinct()
    )
    found = [Load(key, name, count or 0, over or 0) for key, name, count, over in session.execute(statement)]
    return sorted(found, key=lambda load: (-load.open, load.name))
