"""Reading cards: who may lead for an organization and until when, who asks, and who is there to answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.errors import NotFound
from app.organizations.models import Card, Membership, Organization, Person
from app.organizations.naming import Awaited
from app.organizations.queries import NOT_THERE, Colleague, focal_points_of, officers, people_of
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import REMIND_AT, Calendar, Progress, Wait, progress
from app.rules.permissions import allowed, may
from app.rules.roles import CAPACITIES, Capacity, Role
from app.rules.workflow import CardState, Machine

# Days before the end at which the person and the focal points are reminded.
REMIND_DAYS = (30, 7)
SOON = timedelta(days=max(REMIND_DAYS))
_OPEN = (CardState.ASKED, CardState.VALID)


def card_standing(session: Session, actor: Actor, card: Card) -> frozenset[Role]:
    """Every role of the actor towards a card. The secretariat answers where no other focal point could."""
    organization = session.get_one(Organization, card.organization_id)
    roles = set(standing(actor, organization))
    if actor.person_id is not None and actor.person_id == card.person_id:
        roles.add(Role.CONFLICTED)
    if any(person.id != card.person_id for person in focal_points_of(session, card.organization_id)):
        roles.discard(Role.OFFICER)
        if actor.consortium_roles & {Role.OFFICER}:
            roles.add(Role.AUDITOR)  # who may look in, and has nothing to answer here
    return frozenset(roles)


def valid_card(session: Session, organization_id: int, person_id: int, now: datetime) -> Card | None:
    """The card by which this person leads for this organization at this moment; None where there is none."""
    card = open_card(session, organization_id, person_id)
    if card is None or card.state is not CardState.VALID or card.until is None or card.until <= now:
        return None
    return card


def open_card(session: Session, organization_id: int, person_id: int) -> Card | None:
    """The card that is asked for or valid; None where there is neither."""
    return session.scalar(
        select(Card).where(Card.organization_id == organization_id, Card.person_id == person_id, Card.state.in_(_OPEN))
    )


def card_seen_by(session: Session, viewer: Actor, card_id: int) -> Card:
    """One card; raises NotFound for those who have no business in its organization."""
    card = session.get(Card, card_id)
    organization = session.get(Organization, card.organization_id) if card else None
    if card is None or organization is None or not may(standing(viewer, organization), Action.VIEW_ORGANIZATION):
        raise NotFound(NOT_THERE)
    return card


def cards_of(session: Session, viewer: Actor, organization: Organization) -> list[Card]:
    """The newest card of each person who is in the organization, those that end first at the top; nobody's for outsiders."""
    if Capacity.MEMBER not in CAPACITIES[organization.kind] or not may(
        standing(viewer, organization), Action.VIEW_ORGANIZATION
    ):
        return []
    there = select(Membership.person_id).where(
        Membership.organization_id == organization.id, Membership.ended_at.is_(None)
    )
    rows = session.scalars(
        _whole().where(Card.organization_id == organization.id, Card.person_id.in_(there)).order_by(Card.id)
    )
    newest = {card.person_id: card for card in rows}
    return sorted(newest.values(), key=lambda card: (_ORDER[card.state], card.until or card.asked_at, card.id))


_ORDER = {state: place for place, state in enumerate(CardState)}


@dataclass(frozen=True)
class Vouched:
    """One person who may start proposals, with their newest card, and what the viewer may do about it."""

    person: Colleague
    card: Card | None
    acts: frozenset[Action]
    ends_soon: bool
    may_vouch: bool
    may_ask: bool


def vouched_people(session: Session, viewer: Actor, organization: Organization, now: datetime) -> list[Vouched]:
    """Everybody of the organization who may start proposals: those who ask first, then those whose card ends first."""
    if Capacity.MEMBER not in CAPACITIES[organization.kind]:
        return []
    newest = {card.person_id: card for card in cards_of(session, viewer, organization)}
    rows = []
    for person in people_of(session, organization.id, viewer):
        card = newest.get(person.person_id)
        if card is None and not may(frozenset(_towards(person.roles)), Action.START_PROPOSAL):
            continue
        known = card or Card(organization_id=organization.id, person_id=person.person_id, state=CardState.ASKED)
        roles = card_standing(session, viewer, known)
        acts = allowed(roles, Machine.CARD, card.state) if card else frozenset[Action]()
        soon = card is not None and card.state is CardState.VALID and (card.until or now) <= now + SOON
        without = card is None or card.state not in _OPEN
        may_ask = without and person.person_id == viewer.person_id
        rows.append(Vouched(person, card, acts, soon, without and may(roles, Action.VOUCH), may_ask))
    return sorted(rows, key=_first)


def _first(row: Vouched) -> tuple[int, str, str]:
    if row.card is None:
        return len(_ORDER), "", row.person.name
    return _ORDER[row.card.state], (row.card.until or row.card.asked_at).isoformat(), row.person.name


def _towards(roles: Collection[Role]) -> Collection[Role]:
    return {Role.OWN_FOCAL_POINT if role is Role.FOCAL_POINT else role for role in roles}


def cards_asked_of(session: Session, viewer: Actor) -> list[Card]:
    """The cards that are asked for, the longest waiting first: in the viewer's organization as its focal point; all as an
    officer, who answers where no other focal point could and else sees to it when time is long over.
    """
    return list(session.scalars(_whole().where(*waits_to_vouch(viewer)).order_by(Card.asked_at, Card.id)))


def waits_to_vouch(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `cards_asked_of`."""
    is_asked = (Card.state == CardState.ASKED, Card.person_id != viewer.person_id)
    if viewer.organizations_with(Role.OFFICER):
        return is_asked
    own = viewer.organizations_with(Role.FOCAL_POINT)
    return (*is_asked, Card.organization_id.in_(own)) if own else (false(),)


def vouching_awaited(card: Card) -> Awaited:
    """Who is waited for: the organization's focal points, whoever asks left out; the secretariat where there is no other."""
    asks = frozenset({card.person_id})
    return Awaited(Machine.CARD, str(card.id), card.organization_id, (Role.FOCAL_POINT,), barred_people=asks)


def vouching_clock(card: Card, now: datetime, calendar: Calendar) -> Progress:
    """The clock of the answer to who asks, in the working days of the organization whose focal points answer."""
    return progress(Wait.VOUCHING, card.asked_at, now, calendar=calendar)


def cards_to_answer(session: Session) -> list[Card]:
    """Every card that is asked for and of which a reminder is still to come."""
    is_left = (Card.state == CardState.ASKED, func.coalesce(Card.reminded, 0) < max(REMIND_AT))
    return list(session.scalars(_whole().where(*is_left).order_by(Card.id)))


def who_vouches(session: Session, organization_id: int, person_id: int) -> list[Person]:
    """Who can vouch for this person: the organization's other focal points, or the officers where there is none."""
    others = [person for person in focal_points_of(session, organization_id) if person.id != person_id]
    return others or [person for person in officers(session) if person.id != person_id]


def cards_to_expire(session: Session, now: datetime) -> list[Card]:
    """The cards whose time is over."""
    return _valid_until(session, now)


def cards_to_remind(session: Session, now: datetime) -> list[Card]:
    """The cards that end within the longest reminder's days."""
    return [card for card in _valid_until(session, now + SOON) if card.until is not None and card.until > now]


def _valid_until(session: Session, moment: datetime) -> list[Card]:
    statement = _whole().where(Card.state == CardState.VALID, Card.until <= moment).order_by(Card.until, Card.id)
    return list(session.scalars(statement))


def holders_of_cards(session: Session, organization_id: int, now: datetime) -> Collection[int]:
    """The people who may lead for the organization at this moment."""
    return set(
        session.scalars(
            select(Card.person_id).where(
                Card.organization_id == organization_id, Card.state == CardState.VALID, Card.until > now
            )
        )
    )


def _whole() -> Select[Card]:
    return select(Card).options(joinedload(Card.person), joinedload(Card.vouched_by), joinedload(Card.organization))
