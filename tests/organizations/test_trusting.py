"""Whether a data partner's imports and harvests may be listed without a check: said by the secretariat, recorded and told."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.foundation import clock
from app.foundation.errors import NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.commands import trust_to_list
from app.organizations.models import Membership
from app.outbox.models import OutboxMessage
from app.rules.events import Event
from app.rules.roles import Kind, Role
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat
from tests.support.application import Client


def test_the_secretariat_says_it_and_takes_it_back_and_each_counts_once(session: Session) -> None:
    row, office = make_organization(session, Kind.PARTNER), make_secretariat(session)
    officer, director = (acting(session, make_person(session, office, role)) for role in (Role.OFFICER, Role.DIRECTOR))
    assert not row.lists_unchecked
    for _ in range(2):
        assert trust_to_list(session, officer, row.id, NOW, unchecked=True).lists_unchecked
    for _ in range(2):
        assert not trust_to_list(session, director, row.id, NOW, unchecked=False).lists_unchecked
    events = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq)).all()
    assert [event.type for event in events] == [Event.TRUSTED_TO_LIST, Event.LISTS_BY_CHECK]
    assert [event.actor_pid for event in events] == [officer.pid, director.pid]


@pytest.mark.parametrize("role", [Role.STEWARD, Role.DEPUTY, Role.FOCAL_POINT, Role.SIGNATORY])
def test_nobody_of_the_data_partner_says_it_not_even_an_officer(session: Session, role: Role) -> None:
    row, office = make_organization(session, Kind.PARTNER), make_secretariat(session)
    own, both = make_person(session, row, role), make_person(session, row, role)
    session.add(Membership(person_id=both.id, organization_id=office.id, role=Role.OFFICER, since=NOW))
    session.flush()
    for person in (own, both):
        with pytest.raises(NotAllowed):
            trust_to_list(session, acting(session, person), row.id, NOW, unchecked=True)
    stranger = make_person(session, make_organization(session, Kind.PARTNER), Role.STEWARD)
    with pytest.raises(NotFound):
        trust_to_list(session, acting(session, stranger), row.id, NOW, unchecked=True)
    assert not row.lists_unchecked


def test_a_member_lists_nothing(session: Session) -> None:
    member, office = make_organization(session, Kind.MEMBER), make_secretariat(session)
    officer = acting(session, make_person(session, office, Role.OFFICER))
    with pytest.raises(WrongState):
        trust_to_list(session, officer, member.id, NOW, unchecked=True)


def test_an_officer_says_it_on_the_page_of_the_organization_and_its_stewards_hear_of_it(
    app: Flask, client: Client, session: Session
) -> None:
    row = make_organization(session, Kind.PARTNER, "Acme Maps")
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    steward, deputy = make_person(session, row, Role.STEWARD), make_person(session, row, Role.DEPUTY)
    session.commit()
    page, button = f"/orgs/{row.slug}", "Let it list imports and harvests without a check of each"
    client.sign_in_as(steward)
    assert "The secretariat checks each dataset before it is listed" in client.get(page).text
    assert button not in client.get(page).text
    assert client.post(f"{page}/unchecked", data={"unchecked": "1", "idempotency_key": "k0"}).status_code == 403
    client.sign_in_as(officer)
    assert button in client.get(page).text
    assert client.post(f"{page}/unchecked", data={"unchecked": "1", "idempotency_key": "k1"}).status_code == 303
    assert "Its imports and harvests may be listed without a check of each" in client.get(page).text
    assert client.post(f"{page}/unchecked", data={"unchecked": "0", "idempotency_key": "k2"}).status_code == 303
    assert button in client.get(page).text
    worker.drain(app, clock.now)
    wanted = select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    sent = [(mail.payload["to_email"], mail.payload["subject"]) for mail in session.scalars(wanted)]
    told = ("Acme Maps may list whole catalogs at once", "Acme Maps: each dataset is checked before it is listed")
    assert sent == [(person.email, subject) for subject in told for person in (steward, deputy)]
