"""Makes organizations, their people, and actors for tests."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.organizations.calendars import ClosedDay
from app.organizations.models import Card, Membership, Organization, Person
from app.organizations.queries import held_by
from app.rules.actors import Actor
from app.rules.roles import CAPACITIES, Capacity, Kind, Role
from app.rules.workflow import CardState

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)  # a Wednesday
_serial = count(1)


def make_organization(session: Session, kind: Kind = Kind.MEMBER, name: str = "", **fields: object) -> Organization:
    """An organization of a kind. There can be one secretariat only: ask `make_secretariat` for it."""
    serial = next(_serial)
    values: dict[str, object] = {"defaults": {}, "aliases": [], "country": "CH", "created_at": NOW, **fields}
    name = name or f"Harbor Institute {serial}"
    row = Organization(slug=f"harbor-{serial}", name=name, kind=kind, **values)
    session.add(row)
    session.flush()
    return row


def make_secretariat(session: Session) -> Organization:
    """The secretariat, made at the first call of a test."""
    known = session.query(Organization).filter_by(kind=Kind.SECRETARIAT).one_or_none()
    return known or make_organization(session, Kind.SECRETARIAT, "Secretariat")


def make_person(session: Session, at: Organization, *roles: Role, name: str = "", vouched: bool = True) -> Person:
    """Somebody who holds these roles there, with a second factor; vouched for where they may start proposals, unless told not."""
    serial = next(_serial)
    row = Person(
        email=f"person{serial}@example.org",
        name=name or f"Noor Lindqvist {serial}",
        created_at=NOW,
        active=True,
        job_title="General counsel",
        tf_primary_method="authenticator",
    )
    session.add(row)
    session.flush()
    session.add_all(Membership(person_id=row.id, organization_id=at.id, role=role, since=NOW) for role in roles)
    if vouched and _LEADS.intersection(roles) and Capacity.MEMBER in CAPACITIES[at.kind]:
        make_card(session, at, row)
    session.flush()
    return row


_LEADS = frozenset({Role.PROJECT_STAFF, Role.FOCAL_POINT})


def make_card(session: Session, at: Organization, person: Person, until: datetime | None = None) -> Card:
    """A focal point's word for somebody, for a long time or until a moment."""
    state, until = CardState.VALID, until or NOW + timedelta(days=2000)
    card = Card(
        organization_id=at.id, person_id=person.id, state=state, asked_at=NOW, since=NOW, until=until, end_words=""
    )
    session.add(card)
    session.flush()
    return card


def acting(session: Session, person: Person) -> Actor:
    """The person as the rules see them now."""
    held = held_by(session, person.id)
    return Actor(person.id, person.pid, person.name, person.email, held, "password+totp", NOW, has_second_factor=True)


def rest_on(session: Session, organization_id: int, *days: date) -> None:
    """Days on which an organization is closed."""
    session.add_all(ClosedDay(organization_id=organization_id, day=day, reason="Closed", added_at=NOW) for day in days)
    session.flush()
