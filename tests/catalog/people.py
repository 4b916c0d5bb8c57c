"""Organizations and people of the catalog's tests, with just what its rules ask for."""

from datetime import UTC, datetime
from itertools import count

from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.organizations.models import Membership, Organization, Person
from app.rules.actors import Actor, Held
from app.rules.roles import Capacity, Kind, Role
from app.rules.workflow import AccessionState

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
_serial = count(1)


def organization(session: Session, kind: Kind = Kind.PARTNER, name: str = "", **fields: object) -> Organization:
    """An organization of a kind."""
    serial = next(_serial)
    row = Organization(
        name=name or f"Organization {serial}", kind=kind, created_at=NOW,
        **{"slug": f"org-{serial}", "defaults": {}, "aliases": [], **fields},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def acceded(session: Session, partner: Organization) -> Organization:
    """The same organization, its accession as a data partner in force."""
    session.add(
        Accession(
            reference=f"AC-T{next(_serial)}", organization_id=partner.id, capacity=Capacity.DATA_PARTNER,
            agreement_version="2026-1", agreement_hash="0" * 64, state=AccessionState.IN_FORCE, opened_at=NOW,
            on_paper=True, countersigned_at=datetime(2026, 2, 1, tzinfo=UTC), evidence={},
        )
    )  # fmt: skip
    session.flush()
    return partner


def partner(session: Session, name: str = "", **fields: object) -> Organization:
    """A data partner that has acceded."""
    return acceded(session, organization(session, Kind.PARTNER, name, **fields))


def person(session: Session, at: Organization, *roles: Role) -> Person:
    """Somebody who holds these roles there."""
    serial = next(_serial)
    row = Person(
        email=f"person{serial}@example.org", name=f"Ada Person{serial}", created_at=NOW, active=True,
        tf_primary_method="authenticator", tf_totp_secret="x",
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(Membership(person_id=row.id, organization_id=at.id, role=role, since=NOW) for role in roles)
    session.flush()
    return row


def actor(at: Organization, *roles: Role, who: Person | None = None) -> Actor:
    """An actor who holds these roles there, as the rules see them."""
    return Actor(
        who.id if who else None,
        who.pid if who else None,
        who.name if who else "Ada",
        who.email if who else "ada@example.org",
        frozenset(Held(at.id, at.kind, role) for role in roles),
        "password+totp",
        NOW,
        has_second_factor=True,
    )
