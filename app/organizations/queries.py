"""Reading organizations and people. What a person sees of an organization from inside takes the viewer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Invitation, Membership, Organization, Person
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor, Held
from app.rules.permissions import may
from app.rules.roles import CAPACITIES, HELD_ROLES, STANDS_IN, Capacity, Kind, Role

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")

ROLE_ORDER = tuple(Role)
# Asked in each request of somebody who is signed in, so that it is put together once.
_HELD = (
    select(Membership.organization_id, Organization.kind, Membership.role)
    .join(Organization, Organization.id == Membership.organization_id)
    .where(Membership.person_id == bindparam("person_id"), Membership.ended_at.is_(None))
)


@dataclass(frozen=True)
class Colleague:
    """One person of an organization with the roles held in it, in the order of the roles."""

    person_id: int
    pid: UUID
    name: str
    email: str
    job_title: str
    roles: tuple[Role, ...]
    has_second_factor: bool
    since: datetime

    @property
    def initials(self) -> str:
        """Two letters for the mark beside the name."""
        words = self.name.split()
        return (words[0][0] + words[-1][0]).upper() if words else "?"


def organization(session: Session, organization_id: int) -> Organization:
    """One organization by its key; raises NotFound."""
    row = session.get(Organization, organization_id)
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def organization_by_slug(session: Session, slug: str) -> Organization:
    """One organization by its address; raises NotFound. Its public facts may be shown to anyone."""
    row = session.scalar(select(Organization).where(Organization.slug == slug))
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def organization_seen_by(session: Session, viewer: Actor, slug: str) -> Organization:
    """One organization from inside; raises NotFound for those who have no business there."""
    row = organization_by_slug(session, slug)
    if not may(standing(viewer, row), Action.VIEW_ORGANIZATION):
        raise NotFound(NOT_THERE)
    return row


def secretariat(session: Session) -> Organization:
    """The secretariat; raises NotFound before `flask init`."""
    row = session.scalar(select(Organization).where(Organization.kind == Kind.SECRETARIAT))
    if row is None:
        raise NotFound(N_("There is no secretariat yet. Run: flask init"))
    return row


def organizations(session: Session) -> list[Organization]:
    """Every organization but the secretariat, by name."""
    statement = select(Organization).where(Organization.kind != Kind.SECRETARIAT).order_by(Organization.name)
    return list(session.scalars(statement))


def organizations_of_kinds(session: Session, kinds: Collection[Kind]) -> list[Organization]:
    """Every organization of one of these kinds, by name."""
    return list(session.scalars(select(Organization).where(Organization.kind.in_(kinds)).order_by(Organization.name)))


def organizations_as(session: Session, capacity: Capacity) -> list[Organization]:
    """Every organization of a kind that may accede in this capacity, by name."""
    return organizations_of_kinds(session, [kind for kind, held in CAPACITIES.items() if capacity in held])


def organizations_of(session: Session, viewer: Actor) -> list[Organization]:
    """The organizations that the viewer belongs to, by name."""
    statement = select(Organization).where(Organization.id.in_(viewer.organization_ids)).order_by(Organization.name)
    return list(session.scalars(statement))


@dataclass(frozen=True)
class Row:
    """A line of the secretariat's list."""

    slug: str
    name: str
    kind: Kind
    country: str | None
    people: int
    invited: int
    since: datetime


def overview(session: Session, viewer: Actor) -> list[Row]:
    """Every organization but the secretariat with its number of people, for those who may look inside all of them."""
    if not viewer.consortium_roles & {Role.OFFICER, Role.DIRECTOR, Role.AUDITOR, Role.OPERATOR}:
        return []
    people = (
        select(func.count(func.distinct(Membership.person_id)))
        .where(Membership.organization_id == Organization.id, Membership.ended_at.is_(None))
        .scalar_subquery()
    )
    invited = (
        select(func.count(Invitation.id))
        .where(
            Invitation.organization_id == Organization.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    statement = select(Organization, people, invited).where(Organization.kind != Kind.SECRETARIAT)
    return [
        Row(row.slug, row.name, row.kind, row.country, count, waiting, row.created_at)
        for row, count, waiting in session.execute(statement.order_by(Organization.name))
    ]


def organization_taking_part(
    session: Session, slug: str, acceded: frozenset[str] | None, capacity: Capacity
) -> Organization:
    """One organization as the public may know it: of this capacity and acceded; raises NotFound otherwise."""
    row = organization_by_slug(session, slug)
    if capacity not in CAPACITIES[row.kind] or (acceded is not None and row.slug not in acceded):
        raise NotFound(NOT_THERE)
    return row


@dataclass(frozen=True)
class Gap:
    """A role that hangs on one person, or on nobody: work stops if that person is away."""

    role: Role
    add: Role
    held_by: str | None


def gaps(organization: Organization, people: Sequence[Colleague]) -> list[Gap]:
    """Which roles of the organization hang on fewer than two people."""
    found = []
    for role, stand_in in STANDS_IN.items():
        holders = [each.name for each in people if {role, stand_in} & set(each.roles)]
        if role in HELD_ROLES[organization.kind] and len(holders) < ENOUGH:
            found.append(Gap(role, stand_in if holders else role, holders[0] if holders else None))
    return found


ENOUGH = 2


def person(session: Session, person_id: int) -> Person:
    """One person by key; raises NotFound."""
    row = session.get(Person, person_id)
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, however it was capitalized; None when there is none."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def people_of(session: Session, organization_id: int, viewer: Actor) -> list[Colleague]:
    """The people of an organization with their roles, by name; nobody for those who may not look inside."""
    if not may(standing(viewer, organization(session, organization_id)), Action.VIEW_ORGANIZATION):
        return []
    return colleagues(session, organization_id)


def colleagues(session: Session, organization_id: int) -> list[Colleague]:
    """The people of an organization, for callers that have asked who may know."""
    statement = (
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organization_id == organization_id, Membership.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    held: dict[int, tuple[Person, list[Membership]]] = {}
    for membership, row in session.execute(statement):
        held.setdefault(row.id, (row, []))[1].append(membership)
    return [_colleague(row, memberships) for row, memberships in held.values()]


def _colleague(row: Person, memberships: Sequence[Membership]) -> Colleague:
    roles = tuple(sorted((m.role for m in memberships), key=ROLE_ORDER.index))
    since = min(m.since for m in memberships)
    return Colleague(
        row.id, row.pid, row.name, row.email, row.job_title, roles, row.tf_primary_method is not None, since
    )


def held_by(session: Session, person_id: int) -> frozenset[Held]:
    """Every role that the person holds at this moment."""
    return frozenset(Held(*row) for row in session.execute(_HELD, {"person_id": person_id}))


def stewards_of(session: Session, organization_id: int) -> list[Person]:
    """Who decides on the organization's datasets: stewards first, deputies after, each by how long they have been it."""
    stewards = _holders(session, organization_id, Role.STEWARD)
    return stewards + [deputy for deputy in deputies_of(session, organization_id) if deputy not in stewards]


def deputies_of(session: Session, organization_id: int) -> list[Person]:
    """The deputy data stewards of an organization."""
    return _holders(session, organization_id, Role.DEPUTY)


def signatories_of(session: Session, organization_id: int) -> list[Person]:
    """Who may bind the organization."""
    return _holders(session, organization_id, Role.SIGNATORY)


def focal_points_of(session: Session, organization_id: int) -> list[Person]:
    """Who manages the organization's people."""
    return _holders(session, organization_id, Role.FOCAL_POINT)


def officers(session: Session) -> list[Person]:
    """The secretariat's officers."""
    return list(session.scalars(_holding(Role.OFFICER)))


def directors(session: Session) -> list[Person]:
    """The secretariat's directors."""
    return list(session.scalars(_holding(Role.DIRECTOR)))


def holders(session: Session, organization_id: int, roles: Collection[Role]) -> list[Person]:
    """Who holds one of these roles in an organization, each once, in the order of the roles."""
    found = [person for role in roles for person in _holders(session, organization_id, role)]
    return list(dict.fromkeys(found))


def _holders(session: Session, organization_id: int, role: Role) -> list[Person]:
    return list(session.scalars(_holding(role).where(Membership.organization_id == organization_id)))


def _holding(role: Role) -> Select[Person]:
    return (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == role, Membership.ended_at.is_(None), Person.active)
        .order_by(Membership.since, Person.id)
    )


def open_invitations(session: Session, organization_id: int) -> list[Invitation]:
    """Invitations that were neither accepted nor withdrawn, newest first; the expired ones too, so that they can be renewed."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.organization_id == organization_id,
                Invitation.accepted_at.is_(None),
                Invitation.withdrawn_at.is_(None),
            )
            .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        )
    )


def names_of(session: Session, pids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these people, by the key under which the history knows them."""
    found = select(Person.pid, Person.name).where(Person.pid.in_(pids))
    return dict(session.execute(found).all()) if pids else {}
