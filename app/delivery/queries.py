"""Deliveries for those who have to do with them. Whether access is on is asked at each request, whatever the worker has done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.delivery.models import Delivery, DeliverySecret
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.models import Grant, GrantPerson
from app.grants.queries.rests import NONE, Rests, rests_of
from app.grants.queries.turns import Turn, Waiting, of_member, of_partner, turn_on
from app.grants.queries.verification import is_in_force, status_of
from app.grants.record import from_json
from app.grants.sides import sides
from app.grants.ways import way_name, ways_of
from app.organizations.calendars import calendars
from app.organizations.models import Membership, Person
from app.proposals.models import TeamMember
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Calendar, Progress, Wait, progress
from app.rules.delivery import SWITCHES_OFF, Path, Until, joined, path_of
from app.rules.grant_days import NOT_YET
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.visibility import sees
from app.rules.workflow import DeliveryState, Machine, MemberState

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
# What a member reaches data by: possible only while the grant gives a right, and only for people who accepted the terms.
OF_THE_MEMBER = frozenset({Action.READ_ACCESS, Action.SEE_SECRET})
# What the data partner does; whoever may do any of it reads what was provided at any time.
_OF_THE_PARTNER = frozenset({Action.PROVIDE_ACCESS, Action.SWITCH_ACCESS_OFF})
_CLOCKS = {
    DeliveryState.PREPARING: Wait.DELIVERY,
    DeliveryState.PROVIDED: Wait.ARRIVAL,
    DeliveryState.TO_SWITCH_OFF: Wait.SWITCH_OFF,
}


@dataclass(frozen=True)
class OneWay:
    """One way by which datasets of a grant come: its name, their titles, and its steps."""

    name: str
    titles: tuple[str, ...]
    path: Path


@dataclass(frozen=True)
class Access:
    """How what a grant gives stands for one viewer.

    `is_on`: the grant gives a right at this moment. `begins_on`: the day on which it will, while that is ahead.
    `needs_terms`: the viewer is of the team but has not accepted the terms. `ways`: how its datasets come, each with the
    path of its own; `path` is that of the whole grant.
    """

    grant: Grant
    delivery: Delivery
    ways: tuple[OneWay, ...]
    path: Path
    may: frozenset[Action]
    is_on: bool
    begins_on: date | None
    needs_terms: bool
    clock: Progress | None
    turn: Turn | None
    secret: DeliverySecret | None

    @property
    def is_going_off(self) -> bool:
        """Whether the data partner still holds something open that it was asked to switch off."""
        return self.delivery.state is DeliveryState.TO_SWITCH_OFF

    @property
    def is_off_for_good(self) -> bool:
        """Whether the data partner has confirmed that access is off on its side."""
        return self.delivery.state is DeliveryState.SWITCHED_OFF

    @property
    def gives_result(self) -> bool:
        """Whether no data moves in any of its ways: a result is given, and no access is opened."""
        return all(way.path.delivers_result for way in self.ways)

    def is_done(self, until: Until) -> bool:
        """Whether a step of the path is behind."""
        return until in _DONE[self.delivery.state] or (until is Until.SEEN and self._was_seen)

    @property
    def _was_seen(self) -> bool:
        return bool(self.secret and self.secret.seen_at)


_DONE: dict[DeliveryState, frozenset[Until]] = {
    DeliveryState.PREPARING: frozenset(),
    DeliveryState.PROVIDED: frozenset({Until.PROVIDED}),
    DeliveryState.ARRIVED: frozenset(Until) - {Until.OFF},
    DeliveryState.TO_SWITCH_OFF: frozenset(Until) - {Until.OFF},
    DeliveryState.SWITCHED_OFF: frozenset(Until),
}


def delivery_of(session: Session, grant_id: int) -> Delivery | None:
    """The delivery of a grant with all that its page shows; None before the grant was sealed."""
    return session.scalar(_whole().where(Delivery.grant_id == grant_id))


def has_delivery(session: Session, number: str) -> bool:
    """Whether the grant of this number has come as far as a delivery."""
    wanted = select(Delivery.id).join(Grant, Grant.id == Delivery.grant_id).where(Grant.number == number)
    return session.scalar(wanted.limit(1)) is not None


def access_of(session: Session, viewer: Actor, grant: Grant, now: datetime) -> Access | None:
    """The same for one viewer, with what they may do; None before the grant was sealed."""
    delivery = delivery_of(session, grant.id)
    if delivery is None:
        return None
    may = allowed(sides(session, viewer, grant), Machine.DELIVERY, delivery.state)
    is_on = gives_right(grant, now)
    accepted = has_accepted(session, grant, viewer.person_id)
    is_partner = bool(may & _OF_THE_PARTNER)
    if not is_partner and not (is_on and accepted):
        may -= OF_THE_MEMBER
    elif not (is_on and accepted):
        may -= {Action.SEE_SECRET}
    latest = delivery.secrets[-1] if delivery.secrets else None
    if not (latest and latest.ciphertext and latest.person_id == viewer.person_id):
        may -= {Action.SEE_SECRET}
    begins_on = grant.starts_on if status_of(grant, now).status == NOT_YET else None
    runs = begins_on or is_waited_for(grant, delivery, now)
    rested = rests_of(session, [grant])
    clock = clock_of(grant, delivery, now, calendars_waited(session, [delivery]), rested) if runs else None
    needs_terms = Action.CONFIRM_ARRIVAL in may and not accepted
    turn = turn_on(session, wait_of(grant, delivery, rested), now) if clock else None
    ways = _ways(grant)
    path = joined([way.path for way in ways])
    return Access(grant, delivery, ways, path, may, is_on, begins_on, needs_terms, clock, turn, latest)


def _ways(grant: Grant) -> tuple[OneWay, ...]:
    return tuple(
        OneWay(way_name(way.mode), tuple(each.title for each in way.datasets), path_of(way.mode))
        for way in ways_of(from_json(grant.record))
    )


def access_seen_by(session: Session, viewer: Actor, number: str, now: datetime) -> Access:
    """The same by the grant's number; raises NotFound for those who have no business with it, or where nothing is to deliver."""
    statement = select(Grant).options(joinedload(Grant.data_partner), joinedload(Grant.member))
    grant = session.scalar(statement.where(Grant.number == number))
    if grant is None or not sees(sides(session, viewer, grant), Machine.GRANT, grant.state):
        raise NotFound(NOT_THERE)
    found = access_of(session, viewer, grant, now)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def gives_right(grant: Grant, now: datetime) -> bool:
    """Whether the grant lets anybody reach the data at this moment."""
    return is_in_force(grant, now)


def must_switch_off(grant: Grant, delivery: Delivery) -> bool:
    """Whether the data partner holds something open that the grant gives no right to any more, for a while or for good."""
    return delivery.is_open and grant.state in SWITCHES_OFF


def holds_open() -> ColumnElement[bool]:
    """The same as a condition on deliveries with their grants."""
    return and_(Delivery.is_open, Grant.state.in_(SWITCHES_OFF))


def is_waited_for(grant: Grant, delivery: Delivery, now: datetime) -> bool:
    """Whether somebody has to do something now: open access while the grant gives a right, switch it off once it does not."""
    if delivery.state is DeliveryState.TO_SWITCH_OFF:
        return must_switch_off(grant, delivery)
    return gives_right(grant, now)


def clock_of(
    grant: Grant, delivery: Delivery, now: datetime, days: Mapping[int, Calendar], rested: Rests
) -> Progress | None:
    """The clock of the wait that runs, in the calendar of whoever is waited for; None once the data is in hand.

    Nobody is waited for before the grant's first day, as it begins where they are: the clock begins there at the earliest.
    Days on which it was suspended do not count: nobody could do anything.
    """
    if delivery.state not in _CLOCKS:
        return None
    return _clock_in(grant, delivery, now, days[_waited_for(grant, delivery)], rested)


def _waited_for(grant: Grant, delivery: Delivery) -> int:
    return grant.member_id if delivery.state is DeliveryState.PROVIDED else grant.data_partner_id


def _clock_in(grant: Grant, delivery: Delivery, now: datetime, calendar: Calendar, rested: Rests) -> Progress:
    is_off = delivery.state is DeliveryState.TO_SWITCH_OFF  # whatever day it was to begin on
    since = delivery.state_since if is_off else max(delivery.state_since, calendar.begin_of(grant.starts_on))
    return progress(_CLOCKS[delivery.state], since, now, rested.days(grant, since, calendar), calendar=calendar)


def calendars_waited(session: Session, deliveries: Iterable[Delivery]) -> dict[int, Calendar]:
    """The calendars for `clock_of`, in one statement: of deliveries that were read with their grants and their parties."""
    grants = [row.grant for row in deliveries]
    return calendars(session, {party for grant in grants for party in (grant.data_partner, grant.member)})


def team_of(session: Session, grant: Grant) -> Sequence[Person]:
    """The people whom the grant names and who may be handed something: with an account, not gone, with the terms accepted."""
    current = exists().where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    accepted = exists().where(
        TeamMember.proposal_id == grant.proposal_id,
        TeamMember.person_id == Person.id,
        TeamMember.state == MemberState.ACCEPTED,
    )
    # By address too: somebody may have got an account after the grant named them.
    by_address = and_(GrantPerson.person_id.is_(None), GrantPerson.email == Person.email)
    is_named = or_(GrantPerson.person_id == Person.id, by_address)
    found = (
        select(Person)
        .join(GrantPerson, is_named)
        .where(GrantPerson.grant_id == grant.id, GrantPerson.ended_at.is_(None))
        .where(Person.active.is_(True), current, accepted)
        .order_by(GrantPerson.is_lead.desc(), GrantPerson.id)
    )
    return session.scalars(found).all()


def has_accepted(session: Session, grant: Grant, person_id: int | None) -> bool:
    """Whether this person is one of them."""
    return any(person.id == person_id for person in team_of(session, grant))


def waiting(session: Session) -> Sequence[Delivery]:
    """Every delivery in a state that waits for somebody; `is_waited_for` tells whether its grant lets them act now."""
    statement = _whole().where(Delivery.state.in_(_CLOCKS)).join(Grant, Grant.id == Delivery.grant_id)
    return session.scalars(statement.order_by(Delivery.id)).all()


def _whole() -> Select[Delivery]:
    return select(Delivery).options(
        selectinload(Delivery.secrets).joinedload(DeliverySecret.person),
        joinedload(Delivery.result),
        joinedload(Delivery.provided_by),
        joinedload(Delivery.switched_off_by),
        joinedload(Delivery.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)),
    )


def wait_of(grant: Grant, row: Delivery, rested: Rests = NONE) -> Waiting | None:
    """Whom it waits for; None once the data is in hand, or access is off on both sides. Days of a suspension that was lifted
    do not count.
    """
    thing, ref, since = Machine.DELIVERY.value, grant.number, row.state_since

    def clock(days: Calendar, now: datetime) -> Progress:
        return _clock_in(grant, row, now, days, rested)

    match row.state:
        case DeliveryState.PREPARING:
            return of_partner(thing, ref, grant, clock, since, Role.OFFICER)
        case DeliveryState.PROVIDED:
            return of_member(thing, ref, grant, clock, since, is_followed=True)
        case DeliveryState.TO_SWITCH_OFF if must_switch_off(grant, row):
            return of_partner(thing, ref, grant, Wait.SWITCH_OFF, since, Role.OFFICER)
        case _:
            return None
