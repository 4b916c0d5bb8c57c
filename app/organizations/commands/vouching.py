"""Vouching: a focal point says for a year that a person may lead proposals for the organization. And its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound
from app.foundation.text import clean
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.calendars import calendars
from app.organizations.cards import (
    REMIND_DAYS,
    card_standing,
    cards_to_answer,
    cards_to_expire,
    cards_to_remind,
    open_card,
    valid_card,
    vouching_clock,
)
from app.organizations.commands.acting import about
from app.organizations.models import Card, Membership, Organization, Person
from app.organizations.queries import NOT_THERE
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import reminder_share
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.roles import CAPACITIES, Capacity
from app.rules.workflow import CardState, Machine, transition

VALID_FOR = timedelta(days=365)
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Terms:
    """The version of the common agreement that the organization stands under when it vouches."""

    version: str
    hash: str


def ask_for_card(session: Session, actor: Actor, organization_id: int, now: datetime) -> Card:
    """Ask the organization's focal points to vouch for the actor. Asking twice asks once.

    Raises:
        NotFound: the actor is not of the organization.
        Invalid: the actor has a card already, or the organization is no member.
    """
    organization = _locked(session, organization_id)
    if actor.person_id is None or organization.id not in actor.organization_ids:
        raise NotFound(NOT_THERE)
    permit(Action.ASK_FOR_CARD, standing(actor, organization), Machine.ORGANIZATION)
    _refuse_partner(organization)
    if valid_card(session, organization.id, actor.person_id, now) is not None:
        raise Invalid(N_("You are vouched for already. The list of people says until when."))
    known = open_card(session, organization.id, actor.person_id)
    if known is not None and known.state is CardState.ASKED:
        return known
    card = _asked(session, organization, actor.person_id, now)
    facts: dict[str, object] = {"card": card.id, "person": actor.name, "person_id": actor.person_id}
    record(session, Event.CARD_ASKED, actor, about(actor, organization), now, facts)
    return card


def vouch(
    session: Session, actor: Actor, organization_id: int, person_id: int, terms: Terms | None, now: datetime
) -> Card:
    """Vouch for a person of the organization for a year, whether they asked or not.

    Args:
        terms: the agreement that the organization has signed; None where it has signed none yet.

    Raises:
        NotFound: the actor may not look inside the organization, or the person is not of it.
        NotAllowed: this is for its focal point, for the secretariat where there is no other, and never for oneself.
        Invalid: the person is vouched for already: renew that card.
    """
    organization = _locked(session, organization_id)
    person = _person_of(session, organization, person_id)
    _refuse_partner(organization)
    card = open_card(session, organization.id, person.id)
    if card is not None and card.state is CardState.VALID and card.until is not None and card.until <= now:
        _expire(session, card, now)
        card = None
    if card is not None and card.state is CardState.VALID:
        raise Invalid(N_("This person is vouched for already. Renew the card when it comes to its end."))
    if card is None:
        card = Card(organization_id=organization.id, person_id=person.id, state=CardState.ASKED, asked_at=now)
        _permit(session, Action.VOUCH, actor, card)
        session.add(card)
    _move(session, Action.VOUCH, actor, card)
    card.since = now
    _valid_for_a_year(card, actor, terms, now)
    _record(session, Action.VOUCH, actor, card, person, now)
    return card


def renew_card(session: Session, actor: Actor, card_id: int, terms: Terms | None, now: datetime) -> Card:
    """Vouch for another year, counted from the day on which the card would have ended; raises as `vouch` does."""
    card, person = _locked_card(session, card_id)
    _move(session, Action.RENEW_CARD, actor, card)
    _valid_for_a_year(card, actor, terms, max(card.until or now, now))
    _record(session, Action.RENEW_CARD, actor, card, person, now)
    return card


def end_card(session: Session, actor: Actor, card_id: int, words: str, now: datetime) -> Card:
    """Take the word back before its time. Proposals that the person leads go on, and their officers are told."""
    card, person = _locked_card(session, card_id)
    _move(session, Action.END_CARD, actor, card)
    card.ended_at, card.end_words = now, clean(words)[:LONGEST_WORDS]
    _record(session, Action.END_CARD, actor, card, person, now)
    return card


def decline_card(session: Session, actor: Actor, card_id: int, words: str, now: datetime) -> Card:
    """Do not vouch for somebody who asked; the words say what would change that."""
    card, person = _locked_card(session, card_id)
    _move(session, Action.DECLINE_CARD, actor, card)
    card.ended_at, card.end_words = now, clean(words)[:LONGEST_WORDS]
    _record(session, Action.DECLINE_CARD, actor, card, person, now)
    return card


def end_card_of_leaver(session: Session, organization_id: int, person_id: int, now: datetime) -> None:
    """Who leaves an organization does not lead for it any more; an open request ends too."""
    card = open_card(session, organization_id, person_id)
    if card is None:
        return
    action = Action.END_CARD if card.state is CardState.VALID else Action.DECLINE_CARD
    _move(session, action, SYSTEM, card)
    card.ended_at = now
    _record(session, action, SYSTEM, card, session.get_one(Person, person_id), now)


def cards_by_date(session: Session, now: datetime) -> None:
    """Once a day: cards whose time is over run out, and 30 and 7 days before that a reminder goes out, each once."""
    for key in [card.id for card in cards_to_expire(session, now)]:
        card, _person = _locked_card(session, key)  # as it is now: it may have been renewed or ended meanwhile
        if card.state is CardState.VALID and card.until is not None and card.until <= now:
            _expire(session, card, now)
    for key in [card.id for card in cards_to_remind(session, now)]:
        card, person = _locked_card(session, key)
        if card.state is CardState.VALID and card.until is not None and card.until > now:
            _remind(session, card, person, now)


def remind_to_vouch(session: Session, now: datetime) -> int:
    """By date: whoever is asked to vouch is reminded at 50, 80, 100 and 150 % of the time, each once. Returns how many."""
    waiting = cards_to_answer(session)
    days = calendars(session, {card.organization for card in waiting})
    clocks = {card.id: vouching_clock(card, now, days[card.organization_id]) for card in waiting}
    # Looked at without a lock first: on most runs there is nothing to do.
    due = [card.id for card in waiting if reminder_share(clocks[card.id].percent, card.reminded)]
    count = 0
    for key in due:
        card, person = _locked_card(session, key)
        share = reminder_share(clocks[key].percent, card.reminded)
        if share and card.state is CardState.ASKED:
            _move(session, Action.REMIND_TO_VOUCH, SYSTEM, card)
            card.reminded = share
            told = {"percent": share, "due": clocks[key].due.isoformat(), "over": clocks[key].over}
            _record(session, Action.REMIND_TO_VOUCH, SYSTEM, card, person, now, told)
            count += 1
    return count


def _remind(session: Session, card: Card, person: Person, now: datetime) -> None:
    left = ((card.until or now) - now).days
    due = min((days for days in REMIND_DAYS if left <= days), default=None)
    if due is not None and (card.reminded_days is None or card.reminded_days > due):
        _move(session, Action.REMIND_OF_CARD, SYSTEM, card)
        card.reminded_days = due
        _record(session, Action.REMIND_OF_CARD, SYSTEM, card, person, now)


def _expire(session: Session, card: Card, now: datetime) -> None:
    _move(session, Action.EXPIRE_CARD, SYSTEM, card)
    card.ended_at = card.until
    _record(session, Action.EXPIRE_CARD, SYSTEM, card, session.get_one(Person, card.person_id), now)


def _valid_for_a_year(card: Card, actor: Actor, terms: Terms | None, begins: datetime) -> None:
    card.vouched_by_id, card.until, card.reminded_days = actor.person_id, begins + VALID_FOR, None
    card.agreement_version, card.agreement_hash = (terms.version, terms.hash) if terms else (None, None)


def _asked(session: Session, organization: Organization, person_id: int, now: datetime) -> Card:
    stale = open_card(session, organization.id, person_id)
    if stale is not None:
        _expire(session, stale, now)
    card = Card(organization_id=organization.id, person_id=person_id, state=CardState.ASKED, asked_at=now)
    session.add(card)
    session.flush()
    return card


def _permit(session: Session, action: Action, actor: Actor, card: Card) -> CardState:
    roles = card_standing(session, actor, card) | actor.extra
    after = permit(action, roles, Machine.CARD, card.state)
    return card.state if after is None else CardState(after)


def _move(session: Session, action: Action, actor: Actor, card: Card) -> None:
    card.state = _permit(session, action, actor, card)


def _record(
    session: Session,
    action: Action,
    actor: Actor,
    card: Card,
    person: Person,
    now: datetime,
    told: Mapping[str, object] | None = None,
) -> None:
    session.flush()
    event = transition(action).event
    organization = session.get_one(Organization, card.organization_id)
    facts: dict[str, object] = {
        "card": card.id,
        "person": person.name,
        "person_id": person.id,
        "until": card.until.date().isoformat() if card.until else None,
        "words": card.end_words,
        **(told or {}),
    }
    known = about(actor, organization)
    subject = Subject(
        known.thing, known.ref, known.acting_for,
        agreement_version=card.agreement_version, agreement_hash=card.agreement_hash,
    )  # fmt: skip
    if event is not None:
        record(session, event, actor, subject, now, facts)


def _locked(session: Session, organization_id: int) -> Organization:
    row = session.get(Organization, organization_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def _locked_card(session: Session, card_id: int) -> tuple[Card, Person]:
    found = session.get(Card, card_id)
    if found is None:
        raise NotFound(NOT_THERE)
    _locked(session, found.organization_id)
    card = session.get_one(Card, card_id, populate_existing=True)
    return card, session.get_one(Person, card.person_id)


def _person_of(session: Session, organization: Organization, person_id: int) -> Person:
    held = select(Membership.id).where(
        Membership.organization_id == organization.id, Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    if session.scalar(held.limit(1)) is None:
        raise NotFound(NOT_THERE)
    return session.get_one(Person, person_id)


def _refuse_partner(organization: Organization) -> None:
    if Capacity.MEMBER not in CAPACITIES[organization.kind]:
        raise Invalid(N_("Only members propose uses, so nobody needs to be vouched for here."))
