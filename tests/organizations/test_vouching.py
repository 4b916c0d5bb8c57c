"""Cards: a focal point vouches for a year, reminders go out twice, the day comes, leaving ends it; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.cards import cards_asked_of, valid_card, vouched_people, who_vouches
from app.organizations.commands import remove_person
from app.organizations.commands.vouching import (
    Terms,
    ask_for_card,
    cards_by_date,
    decline_card,
    end_card,
    renew_card,
    vouch,
)
from app.organizations.models import Card, Organization, Person
from app.rules.events import Event
from app.rules.roles import Kind, Role
from app.rules.workflow import CardState
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

TERMS = Terms("2026-1", "a" * 64)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@pytest.fixture
def member(session: Session) -> Organization:
    return make_organization(session)


@pytest.fixture
def ana(session: Session, member: Organization) -> Person:
    return make_person(session, member, Role.FOCAL_POINT, Role.SIGNATORY, name="Ana Ruiz", vouched=False)


@pytest.fixture
def nia(session: Session, member: Organization) -> Person:
    return make_person(session, member, Role.PROJECT_STAFF, name="Nia Sole", vouched=False)


def _types(session: Session) -> list[str]:
    return list(session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))


def test_a_focal_point_vouches_for_somebody_who_asked(
    session: Session, member: Organization, ana: Person, nia: Person
) -> None:
    card = ask_for_card(session, acting(session, nia), member.id, NOW)
    assert ask_for_card(session, acting(session, nia), member.id, NOW) is card
    assert valid_card(session, member.id, nia.id, NOW) is None
    assert cards_asked_of(session, acting(session, ana)) == [card]
    vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW)
    assert (card.state, card.until, card.vouched_by_id) == (CardState.VALID, NOW + YEAR, ana.id)
    assert (card.agreement_version, card.agreement_hash) == (TERMS.version, TERMS.hash)
    assert cards_asked_of(session, acting(session, ana)) == []
    assert _types(session) == [Event.CARD_ASKED, Event.PERSON_VOUCHED]


def test_a_card_counts_until_its_day_and_no_longer(
    session: Session, member: Organization, ana: Person, nia: Person
) -> None:
    vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW)
    assert valid_card(session, member.id, nia.id, NOW + YEAR - DAY)
    assert valid_card(session, member.id, nia.id, NOW + YEAR) is None
    cards_by_date(session, NOW + YEAR)
    assert session.scalars(select(Card.state).where(Card.person_id == nia.id)).one() is CardState.EXPIRED
    again = vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW + YEAR + DAY)
    assert again.until == NOW + YEAR + DAY + YEAR


@pytest.mark.parametrize(("days_before", "reminded"), [(31, 0), (30, 1), (8, 1), (7, 2), (1, 2)])
def test_reminders_go_out_thirty_and_seven_days_before_each_once(
    session: Session, member: Organization, ana: Person, nia: Person, days_before: int, reminded: int
) -> None:
    vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW)
    end = NOW + YEAR
    for day in range(40, days_before - 1, -1):
        cards_by_date(session, end - day * DAY)
    assert _types(session).count(Event.CARD_ENDS_SOON) == reminded


def test_renewing_adds_a_year_to_the_day_on_which_it_would_have_ended(
    session: Session, member: Organization, ana: Person, nia: Person
) -> None:
    card = vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW)
    renew_card(session, acting(session, ana), card.id, TERMS, NOW + YEAR - 20 * DAY)
    assert card.until == NOW + 2 * YEAR
    cards_by_date(session, NOW + YEAR + DAY)
    assert card.state is CardState.VALID


def test_nobody_vouches_for_themselves_nor_without_the_role(
    session: Session, member: Organization, ana: Person, nia: Person
) -> None:
    outsider = acting(session, make_person(session, make_organization(session), Role.FOCAL_POINT))
    for actor in (acting(session, nia), acting(session, make_person(session, member, Role.SIGNATORY))):
        with pytest.raises(NotAllowed):
            vouch(session, actor, member.id, nia.id, TERMS, NOW)
    with pytest.raises(NotFound):
        vouch(session, outsider, member.id, nia.id, TERMS, NOW)
    with pytest.raises(NotAllowed):
        vouch(session, acting(session, ana), member.id, ana.id, TERMS, NOW)


def test_the_secretariat_vouches_where_there_is_no_other_focal_point(
    session: Session, member: Organization, ana: Person, nia: Person
) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    assert who_vouches(session, member.id, ana.id) == [officer]
    vouch(session, acting(session, officer), member.id, ana.id, TERMS, NOW)
    assert who_vouches(session, member.id, nia.id) == [ana]
    with pytest.raises(NotAllowed):
        vouch(session, acting(session, officer), member.id, nia.id, TERMS, NOW)


def test_a_card_is_ended_or_declined_once(session: Session, member: Organization, ana: Person, nia: Person) -> None:
    actor = acting(session, ana)
    asked = ask_for_card(session, acting(session, nia), member.id, NOW)
    decline_card(session, actor, asked.id, "After the training in May.", NOW)
    card = vouch(session, actor, member.id, nia.id, TERMS, NOW)
    assert card is not asked
    with pytest.raises(Invalid):
        vouch(session, actor, member.id, nia.id, TERMS, NOW)
    end_card(session, actor, card.id, "Moved to another task.", NOW)
    with pytest.raises(WrongState):
        end_card(session, actor, card.id, "", NOW)
    assert valid_card(session, member.id, nia.id, NOW) is None


@pytest.mark.parametrize("state", [CardState.ASKED, CardState.VALID])
def test_leaving_the_organization_ends_the_card(
    session: Session, member: Organization, ana: Person, nia: Person, state: CardState
) -> None:
    if state is CardState.ASKED:
        ask_for_card(session, acting(session, nia), member.id, NOW)
    else:
        vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW)
    remove_person(session, acting(session, ana), member.id, nia.id, NOW)
    assert valid_card(session, member.id, nia.id, NOW) is None
    assert vouched_people(session, acting(session, ana), member, NOW)[0].person.person_id == ana.id


def test_two_open_cards_of_one_person_cannot_be_stored(
    session: Session, member: Organization, ana: Person, nia: Person
) -> None:
    vouch(session, acting(session, ana), member.id, nia.id, TERMS, NOW)
    session.add(Card(organization_id=member.id, person_id=nia.id, state=CardState.ASKED, asked_at=NOW, end_words=""))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_data_partner_needs_no_cards(session: Session) -> None:
    partner = make_organization(session, Kind.PARTNER)
    steward = acting(session, make_person(session, partner, Role.STEWARD))
    with pytest.raises(Invalid):
        ask_for_card(session, steward, partner.id, NOW)
