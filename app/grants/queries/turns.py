"""Whose turn it is on what becomes of a grant: the day, exactly one named person, who stands in, and who could act at all."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.queries.barred import Barred, barred
from app.organizations.calendars import calendars
from app.organizations.models import Organization
from app.organizations.naming import Awaited, Name, ladders_for
from app.organizations.queries import secretariat
from app.proposals.models import Proposal
from app.rules.calendar import Calendar, Progress, Wait, progress
from app.rules.ladder import Ladder, Named, next_of
from app.rules.roles import Role


@dataclass(frozen=True)
class Share:
    """How far a wait has come that is not counted in working days: the share of its time, its day, and whether that is over."""

    percent: int
    due: date | None
    is_over: bool


# What tells how far a wait has come, in the calendar of whoever is waited for.
Clock = Callable[[Calendar, datetime], Progress | Share]


@dataclass(frozen=True)
class Waiting:
    """One wait on a grant.

    Args:
        wait: its length, counted from `since`; or a clock of its own.
        since: when it began; a name that was put on it before counts no more.
        organization_id: who is waited for; None for the secretariat.
        own: the roles that act; `deputies` join when the time is over; `substitutes` follow it up where nobody can act.
        of_office: the roles in the secretariat that may act too, once it has joined.
        decided_by: who decided it, where whoever decides does not go on with it.
        is_own: whether the member's own people act, so that nobody is barred for being of the member.
        is_led: whether the project lead acts first, while of the member.
        is_followed: whether the deputies only see to it that it is done.
    """

    thing: str
    ref: str
    grant: Grant
    wait: Wait | Clock
    since: datetime
    organization_id: int | None
    own: tuple[Role, ...]
    deputies: tuple[Role, ...] = ()
    substitutes: tuple[Role, ...] = ()
    of_office: tuple[Role, ...] = ()
    decided_by: int | None = None
    is_own: bool = False
    is_led: bool = False
    is_followed: bool = False

    def clock(self, calendar: Calendar, now: datetime) -> Progress | Share:
        """How far it has come."""
        if isinstance(self.wait, Wait):
            return progress(self.wait, self.since, now, calendar=calendar)
        return self.wait(calendar, now)


@dataclass(frozen=True)
class Turn:
    """The answer: whom it waits for and by when.

    `own` are those of the organization that is waited for who could end the wait, who acts first in front; `helpers` those of
    the secretariat who could as well.
    """

    organization: str
    clock: Progress | Share
    own: tuple[Name, ...]
    helpers: tuple[Name, ...]
    named: Named[Name] | None

    @property
    def acting(self) -> tuple[Name, ...]:
        """Everyone who could end the wait."""
        return (*self.own, *self.helpers)

    @property
    def next(self) -> Name | None:
        """The one who is named now; None only where nobody is left at all."""
        return self.named.at(self.clock.percent) if self.named else None

    @property
    def acts(self) -> Name | None:
        """Who is to do it: the one who is named, unless they can only follow it up; None where nobody is there who could."""
        return self.next if self.next in self.acting else next(iter(self.acting), None)

    @property
    def has_it(self) -> Name | None:
        """The one whom a page names: who is to do it; where nobody is there who could, who sees to it."""
        return self.acts or self.next

    @property
    def stands_in(self) -> Name | None:
        """Who of the same organization stands in for the one who is to do it."""
        other = self.named.backup(self.clock.percent) if self.named and self.acts in self.own else None
        return other if other in self.own and other != self.acts else None

    @property
    def follows_up(self) -> Name | None:
        """Who is named and cannot do it, but sees to it that it is done."""
        return self.next if self.next not in self.acting else None

    @property
    def joins(self) -> Name | None:
        """Who is asked too, next, where it stays open."""
        return self.named.joins(self.clock.percent) if self.named else None

    def asked(self, percent: int | None = None) -> tuple[Name, ...]:
        """Everyone whose turn it has become by this share of the time, or by now."""
        return self.named.asked(self.clock.percent if percent is None else percent) if self.named else ()

    def is_asked(self, person_id: int | None) -> bool:
        """Whether it is this person's turn now."""
        return any(name.person_id == person_id for name in self.asked())

    def could_act(self, person_id: int | None) -> bool:
        """Whether this person could end the wait."""
        return any(name.person_id == person_id for name in self.acting)

    def is_colleague(self, person_id: int | None) -> bool:
        """Whether this person could end it for the organization that is waited for."""
        return any(name.person_id == person_id for name in self.own)


def turn_on(session: Session, wait: Waiting | None, now: datetime) -> Turn | None:
    """The answer for one wait; None where nobody is waited for."""
    return turns(session, [wait], now)[wait.ref] if wait else None


def turns(session: Session, waiting: Iterable[Waiting | None], now: datetime) -> dict[str, Turn]:
    """The answers by reference, in the same statements for any number of waits; None among them is passed over."""
    waits = [wait for wait in waiting if wait is not None]
    if not waits:
        return {}
    office = secretariat(session).id
    of_wait = {wait.ref: office if wait.organization_id is None else wait.organization_id for wait in waits}
    rows = session.scalars(select(Organization).where(Organization.id.in_(set(of_wait.values())))).all()
    names, days = {row.id: row.name for row in rows}, calendars(session, rows)
    closed = barred(session, [wait.grant for wait in waits if not wait.is_own])
    leads = _leads(session, [wait.grant for wait in waits if wait.is_led])
    asked = {wait.ref: _awaited(wait, of_wait[wait.ref], closed, leads) for wait in waits}
    helping = [_helping(wait, office, closed) for wait in waits if wait.of_office]
    ladders = ladders_for(session, [*asked.values(), *helping])
    found = {}
    for wait in waits:
        key = of_wait[wait.ref]
        ladder = ladders[wait.thing, wait.ref, key]
        helpers = ladders.get((_HELPING, wait.ref, office), Ladder[Name](()))
        clock = wait.clock(days[key], now)
        own = tuple(dict.fromkeys((*ladder.own, *(() if wait.is_followed else ladder.deputies))))
        found[wait.ref] = Turn(names[key], clock, own, tuple(helpers.own), next_of(ladder))
    return found


_NOBODY = Barred(frozenset(), frozenset())
_HELPING = "helping"


def _leads(session: Session, grants: Collection[Grant]) -> dict[int, int]:
    """The project leads by proposal."""
    keys = {grant.proposal_id for grant in grants}
    found = select(Proposal.id, Proposal.lead_id).where(Proposal.id.in_(keys))
    return dict(session.execute(found).all()) if keys else {}


def _awaited(wait: Waiting, organization_id: int, closed: dict[int, Barred], leads: dict[int, int]) -> Awaited:
    bars = closed.get(wait.grant.id, _NOBODY) if not wait.is_own else _NOBODY
    decided = frozenset(() if wait.decided_by is None else (wait.decided_by,))
    return Awaited(
        wait.thing,
        wait.ref,
        organization_id,
        wait.own,
        wait.deputies,
        wait.substitutes,
        lead=leads.get(wait.grant.proposal_id) if wait.is_led else None,
        barred=bars.organizations,
        barred_people=bars.people | decided,
        since=wait.since,
    )


def _helping(wait: Waiting, office: int, closed: dict[int, Barred]) -> Awaited:
    """The people of the secretariat who may do what the other organization is waited for."""
    bars = closed.get(wait.grant.id, _NOBODY)
    return Awaited(_HELPING, wait.ref, office, wait.of_office, barred=bars.organizations, barred_people=bars.people)


def of_partner(thing: str, ref: str, grant: Grant, wait: Wait | Clock, since: datetime, *office: Role) -> Waiting:
    """The data partner's steward is waited for, its deputy joins; these of the secretariat may do it as well."""
    own, deputies = (Role.STEWARD,), (Role.DEPUTY,)
    return Waiting(thing, ref, grant, wait, since, grant.data_partner_id, own, deputies, of_office=office)


def of_office(thing: str, ref: str, grant: Grant, wait: Wait | Clock, since: datetime) -> Waiting:
    """An officer is waited for, and a director joins; either may do it."""
    return Waiting(thing, ref, grant, wait, since, None, (Role.OFFICER,), (Role.DIRECTOR,))


def of_member(
    thing: str,
    ref: str,
    grant: Grant,
    wait: Wait | Clock,
    since: datetime,
    *office: Role,
    is_followed: bool = False,
) -> Waiting:
    """The project lead is waited for, and the focal point joins, who may do it too unless they only follow it up."""
    return Waiting(
        thing,
        ref,
        grant,
        wait,
        since,
        grant.member_id,
        (),
        (Role.FOCAL_POINT,),
        of_office=office,
        is_own=True,
        is_led=True,
        is_followed=is_followed,
    )
