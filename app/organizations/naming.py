"""Exactly one named person for whatever an organization is waited for: the query that every part uses for its own waits.

`rules.ladder` says who of those who could act is named; here they are read, for any number of waits in the same statements.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.assignments import Assignment
from app.organizations.models import Membership, Organization, Person
from app.rules.actors import initials_of
from app.rules.ladder import Ladder, Named, next_of, taken_first
from app.rules.roles import Kind, Role


@dataclass(frozen=True)
class Name:
    """A person, as far as a status sentence needs one."""

    person_id: int
    name: str
    email: str

    @property
    def initials(self) -> str:
        """Two letters for the mark beside the name."""
        return initials_of(self.name)


@dataclass(frozen=True)
class Awaited:
    """One wait: the thing and its reference, the organization that is waited for, and the roles in it that act on it.

    Args:
        first: the person who is asked by name, while they hold one of the roles.
        lead: the person who acts whatever role they hold, while they are of the organization; before everyone else.
        own: the roles that act; `deputies` join when the time is over; `substitutes` act only where nobody else is there.
        barred: organizations whose people may not act on this one, such as the proposer's own.
        barred_people: people who may not, such as who declared a conflict of interest.
        since: when the wait began, where a name that was put on the thing in an earlier step counts no more (0042).
    """

    thing: str
    ref: str
    organization_id: int
    own: tuple[Role, ...]
    deputies: tuple[Role, ...] = ()
    substitutes: tuple[Role, ...] = ()
    first: int | None = None
    lead: int | None = None
    barred: frozenset[int] = frozenset()
    barred_people: frozenset[int] = frozenset()
    since: datetime | None = None


Key = tuple[str, str, int]


def named_for(session: Session, waits: Collection[Awaited]) -> dict[Key, Named[Name]]:
    """Who is named for each wait, by thing, reference and organization; `.at(percent)` is the one at a share of its time.

    Where an organization has nobody, the secretariat's officer is named, then its director. Four statements at most.
    """
    found = {key: next_of(ladder) for key, ladder in ladders_for(session, waits).items()}
    return {key: named for key, named in found.items() if named is not None}


def ladders_for(session: Session, waits: Collection[Awaited]) -> dict[Key, Ladder[Name]]:
    """Everyone who could be named for each wait, rung by rung; in `own` and `deputies` stand those who may end it."""
    known = _known(session, waits)
    return {(wait.thing, wait.ref, wait.organization_id): _ladder(wait, known) for wait in waits}


@dataclass(frozen=True)
class _Known:
    secretariat_id: int
    holders: dict[tuple[int, Role], list[Name]]
    belongs: dict[int, set[int]]
    names: dict[int, Name]
    taken: dict[Key, int]

    def holding(self, organization_id: int, roles: Sequence[Role], wait: Awaited) -> list[Name]:
        found = dict.fromkeys(name for role in roles for name in self.holders.get((organization_id, role), ()))
        return [
            name
            for name in found
            if not self.belongs[name.person_id] & wait.barred and name.person_id not in wait.barred_people
        ]


def _ladder(wait: Awaited, known: _Known) -> Ladder[Name]:
    own = known.holding(wait.organization_id, wait.own, wait)
    deputies = known.holding(wait.organization_id, wait.deputies, wait)
    asked = known.names.get(wait.first or 0)
    if asked is not None and asked in (*own, *deputies):
        own = [asked, *(name for name in own if name != asked)]
    taken = known.names.get(known.taken.get((wait.thing, wait.ref, wait.organization_id), 0))
    own = list(taken_first([*own, *([taken] if taken in deputies and taken is not None else [])], taken))
    lead = known.names.get(wait.lead or 0)
    if lead is not None and wait.organization_id in known.belongs[lead.person_id]:
        own = [lead, *(name for name in own if name != lead)]
    officers = known.holding(known.secretariat_id, (Role.OFFICER, Role.DIRECTOR), wait)
    return Ladder(
        own,
        [name for name in deputies if name not in own],
        known.holding(wait.organization_id, wait.substitutes, wait),
        officers or list(known.holders.get((known.secretariat_id, Role.DIRECTOR), ())),
    )


def _known(session: Session, waits: Collection[Awaited]) -> _Known:
    secretariat_id = session.scalar(select(Organization.id).where(Organization.kind == Kind.SECRETARIAT)) or 0
    wanted = {wait.organization_id for wait in waits} | {secretariat_id}
    statement = (
        select(Membership.organization_id, Membership.role, Person.id, Person.name, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.ended_at.is_(None), Person.active, Membership.organization_id.in_(wanted))
        .order_by(Membership.since, Person.id)
    )
    holders: dict[tuple[int, Role], list[Name]] = defaultdict(list)
    names: dict[int, Name] = {}
    for organization_id, role, person_id, name, email in session.execute(statement):
        names[person_id] = Name(person_id, name, email)
        holders[organization_id, role].append(names[person_id])
    belongs: dict[int, set[int]] = defaultdict(set)
    current = select(Membership.person_id, Membership.organization_id).where(
        Membership.ended_at.is_(None), Membership.person_id.in_(names)
    )
    for person_id, organization_id in session.execute(current):
        belongs[person_id].add(organization_id)
    return _Known(secretariat_id, holders, belongs, names, _taken(session, waits))


def _taken(session: Session, waits: Collection[Awaited]) -> dict[Key, int]:
    row = Assignment
    wanted = row.thing.in_({wait.thing for wait in waits}) & row.ref.in_({wait.ref for wait in waits})
    since = {(wait.thing, wait.ref, wait.organization_id): wait.since for wait in waits}
    return {
        key: each.person_id
        for each in session.scalars(select(row).where(wanted))
        if (begun := since.get(key := (each.thing, each.ref, each.organization_id))) is None
        or each.assigned_at >= begun
    }
