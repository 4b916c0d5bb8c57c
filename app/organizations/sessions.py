"""Whom the session of a browser stands for at this moment: asked anew in each request, in one statement."""

from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.organizations.models import Membership, Organization, Person
from app.rules.actors import Actor, Held

# Of the tables, past the mapping of rows, and put together once.
_person, _membership, _organization = Person.__table__, Membership.__table__, Organization.__table__
_SIGNED_IN = (
    select(
        _person.c.id,
        _person.c.pid,
        _person.c.name,
        _person.c.email,
        _membership.c.organization_id,
        _organization.c.kind,
        _membership.c.role,
    )
    .select_from(_person)
    .outerjoin(_membership, and_(_membership.c.person_id == _person.c.id, _membership.c.ended_at.is_(None)))
    .outerjoin(_organization, _organization.c.id == _membership.c.organization_id)
    .where(_person.c.fs_uniquifier == bindparam("mark"), _person.c.active)
)


def actor_behind(
    session: Session, mark: str, authentication: str, authenticated_at: datetime, has_second_factor: bool
) -> Actor | None:
    """The person whose sessions carry this mark, with the roles held now; nobody where it is old or they are not active."""
    rows = session.execute(_SIGNED_IN, {"mark": mark}).all()
    if not rows:
        return None
    person_id, pid, name, email, *_first = rows[0]
    held = frozenset(Held(*row[4:]) for row in rows if row.role is not None)
    return Actor(person_id, pid, name, email, held, authentication, authenticated_at, has_second_factor)
