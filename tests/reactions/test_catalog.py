"""What follows from events of the catalog: officers are asked, stewards are told, an import of hundreds tells nobody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import commands
from app.exchange.commands.importing import import_rows
from app.exchange.foreign import described
from app.history.models import HistoryEvent
from app.organizations.models import Membership, Organization, Person
from app.outbox.models import OutboxMessage
from app.reactions.table import react
from app.reactions.work import Work
from app.readers import Entry
from app.rules.actors import OPERATOR
from app.rules.roles import Kind, Role
from app.rules.workflow import ListingState
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.factories.catalog import make_dataset
from tests.support.working import working


@pytest.fixture
def work(app: Flask, session: Session) -> Iterator[Work]:
    with working(app, session, NOW) as work:
        yield work


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme")


@pytest.fixture
def steward(session: Session, acme: Organization) -> Person:
    return person(session, acme, Role.STEWARD)


@pytest.fixture
def officer(session: Session) -> Person:
    return person(session, organization(session, Kind.SECRETARIAT), Role.OFFICER)


def mails(session: Session, work: Work) -> list[dict[str, object]]:
    """The mails that the newest event leads to."""
    seq = session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq.desc())).first()
    apply = react(work, {"seq": seq})
    assert apply is not None
    apply(session)
    session.flush()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    return [row.payload for row in rows]


def test_officers_are_asked_to_check_by_a_day(
    session: Session, work: Work, acme: Organization, steward: Person, officer: Person
) -> None:
    row = make_dataset(session, acme, title="Trips <b>", state=ListingState.DRAFT, listed_at=None)
    commands.send_to_check(session, actor(acme, Role.STEWARD, who=steward), row.reference, NOW)
    (mail,) = mails(session, work)
    assert mail["to_email"] == officer.email
    assert str(mail["subject"]).startswith("Check by Tue 24 Nov")
    for part in ("text", "html"):
        assert f"/desk/checks/{row.reference}" in str(mail[part])
        assert "Acme" in str(mail[part])
    assert "Trips &lt;b&gt;" in str(mail["html"])
    assert "Trips <b>" in str(mail["text"])


def test_stewards_read_what_the_check_asks_for(
    session: Session, work: Work, acme: Organization, steward: Person, officer: Person
) -> None:
    deputy = person(session, acme, Role.DEPUTY)
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, listed_at=None)
    secretariat = session.get_one(Organization, organization_of(session, officer))
    who = actor(secretariat, Role.OFFICER, who=officer)
    commands.return_with_message(session, who, row.reference, "Name the limits.\nAll of them.", NOW)
    found = mails(session, work)
    assert {mail["to_email"] for mail in found} == {steward.email, deputy.email}
    assert "Name the limits." in str(found[0]["text"])
    assert officer.name in str(found[0]["html"])


def organization_of(session: Session, who: Person) -> int:
    return session.scalars(select(Membership.organization_id).where(Membership.person_id == who.id)).one()


def test_stewards_are_told_that_it_is_listed(
    session: Session, work: Work, acme: Organization, steward: Person, officer: Person
) -> None:
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, listed_at=None)
    secretariat = session.get_one(Organization, organization_of(session, officer))
    commands.publish(session, actor(secretariat, Role.OFFICER, who=officer), row.reference, NOW)
    (mail,) = mails(session, work)
    assert mail["to_email"] == steward.email
    assert f"/datasets/{row.reference}" in str(mail["text"])


@pytest.mark.usefixtures("steward", "officer")
def test_an_import_that_lists_tells_nobody_by_mail(session: Session, work: Work, acme: Organization) -> None:
    rows = list(described([Entry(1, {"identifier": "a", "title": "A", "description": "B"})]))
    import_rows(session, OPERATOR, acme, rows, NOW, publish=True)
    assert mails(session, work) == []
