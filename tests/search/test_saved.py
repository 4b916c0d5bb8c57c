"""Saved searches: kept by one person, looked into with that person's rights, and each dataset told once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.correspondence.commands import turn_off
from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.organizations.models import Organization, Person
from app.outbox import commands as outbox
from app.reactions.searches import look_by_date
from app.reactions.table import HANDLERS
from app.reactions.work import Work
from app.rules.actors import NOBODY, Actor
from app.rules.mail import Cadence, Topic
from app.rules.mail_hours import Hours
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from app.search.commands import MOST_SAVED, OFTEN, change, remove, save
from app.search.models import SavedSearch
from app.search.queries import Facet, SearchRequest
from app.search.queries.saved import saved_by
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.factories.catalog import make_dataset
from tests.support.application import Client

HEAT = SearchRequest("heat", facets={Facet.COUNTRY: frozenset({"PE"})})
HOURS = Hours()


class Desk:
    """Somebody of a member who keeps searches, the worker on the test's transaction, and what it sends."""

    def __init__(self, session: Session, work: Work) -> None:
        self.session, self.work = session, work
        self.acme = partner(session, "Acme Maps")
        self.member = organization(session, Kind.MEMBER)
        self.person: Person = person(session, self.member, Role.PROJECT_STAFF)
        self.actor: Actor = actor(self.member, Role.PROJECT_STAFF, who=self.person)

    def save(self, asked: SearchRequest = HEAT, cadence: Cadence = Cadence.NOW, name: str = "Heat") -> SavedSearch:
        return save(self.session, self.actor, asked, name, cadence, HOURS, NOW)

    def listed(self, title: str, at: datetime, **more: object) -> Dataset:
        given = {"countries": ["PE"], "listed_at": at, "updated_at": at, **more}
        return make_dataset(self.session, self.acme, title=title, **given)  # type: ignore[arg-type]

    def sent(self, at: datetime) -> list[str]:
        """What leaves when the worker looks at this moment and goes on for an hour: each mail's text."""
        look_by_date(self.session, at)
        texts = []
        self.session.flush()
        until = at + timedelta(hours=1)
        while (message := outbox.lease(self.session, until)) is not None:
            due = max(message.created_at, at)
            apply = HANDLERS[message.kind](replace(self.work, now=due, message_id=message.id), message.payload)
            if apply is not None:
                apply(self.session)
            outbox.settle(self.session, message.id, until)
            if message.kind == "mail.send" and not message.payload.get("dropped"):
                assert message.payload["to_email"] == self.person.email
                texts.append(f"{message.payload['subject']}\n{message.payload['text']}")
            self.session.flush()
        return texts


@pytest.fixture
def desk(app: Flask, session: Session) -> Iterator[Desk]:
    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    with app.app_context():
        settings = {**app.config, "IS_DEMO": True}
        yield Desk(session, Work(settings, app.extensions["onepact_files"], reading, NOW))


LATER = NOW + timedelta(hours=2)


def test_a_new_dataset_that_matches_is_told_once(desk: Desk) -> None:
    desk.save()
    desk.listed("Heat in Lima", NOW + timedelta(hours=1))
    desk.listed("Rain in Lima", NOW + timedelta(hours=1))
    desk.listed("Heat in Cali", NOW + timedelta(hours=1), countries=["CO"])
    (text,) = desk.sent(LATER)
    assert "New dataset: Heat in Lima" in text
    assert "Rain" not in text
    assert "Cali" not in text
    assert desk.sent(LATER + timedelta(minutes=10)) == []
    assert desk.sent(LATER + timedelta(days=1)) == []


def test_one_of_several_words_is_no_match(desk: Desk) -> None:
    desk.listed("Night heat by block", NOW - timedelta(days=1))
    desk.save(SearchRequest("night heat"))
    desk.listed("Night heat in Lima", NOW + timedelta(hours=1))
    desk.listed("Night trains", NOW + timedelta(hours=1))
    (text,) = desk.sent(LATER)
    assert "Night heat in Lima" in text
    assert "trains" not in text


def test_what_was_listed_before_is_not_new(desk: Desk) -> None:
    desk.listed("Heat in Lima", NOW - timedelta(minutes=1))
    desk.save()
    desk.listed("Rain", LATER - timedelta(minutes=1))
    assert desk.sent(LATER) == []


def test_several_new_datasets_are_one_mail(desk: Desk) -> None:
    desk.save()
    for place in ("Lima", "Cusco", "Puno"):
        desk.listed(f"Heat in {place}", NOW + timedelta(hours=1))
    (text,) = desk.sent(LATER)
    assert text.startswith("3 new datasets: Heat")
    for place in ("Lima", "Cusco", "Puno"):
        assert f"Heat in {place}" in text


def test_only_what_its_person_may_know_of_is_told(desk: Desk, session: Session) -> None:
    desk.save()
    other = organization(session, Kind.MEMBER)
    desk.listed("Heat for members", NOW + timedelta(hours=1), visibility=Visibility.MEMBERS)
    desk.listed("Heat for another", NOW + timedelta(hours=1), visibility=Visibility.NAMED, admitted=[other])
    desk.listed("Heat in draft", NOW + timedelta(hours=1), state=ListingState.DRAFT)
    (text,) = desk.sent(LATER)
    assert "Heat for members" in text
    assert "another" not in text
    assert "draft" not in text


def test_what_is_hidden_before_the_mail_leaves_is_left_out(desk: Desk, session: Session) -> None:
    desk.save()
    hidden = desk.listed("Heat by night", NOW + timedelta(hours=1))
    desk.listed("Heat by day", NOW + timedelta(hours=1))
    look_by_date(session, LATER)
    session.flush()
    message = outbox.lease(session, LATER)
    assert message is not None
    apply = HANDLERS[message.kind](replace(desk.work, now=LATER), message.payload)
    assert apply is not None
    apply(session)
    outbox.settle(session, message.id, LATER)
    hidden.visibility = Visibility.NAMED
    session.flush()
    (text,) = desk.sent(LATER + timedelta(minutes=1))
    assert "Heat by day" in text
    assert "night" not in text


def test_somebody_who_left_is_told_nothing(desk: Desk, session: Session) -> None:
    desk.save()
    desk.listed("Heat in Lima", NOW + timedelta(hours=1))
    desk.person.active = False
    session.flush()
    assert desk.sent(LATER) == []


def test_a_search_that_is_off_or_whose_mails_are_off_tells_nothing(desk: Desk, session: Session) -> None:
    desk.save(cadence=Cadence.OFF)
    desk.listed("Heat in Lima", NOW + timedelta(hours=1))
    assert desk.sent(LATER) == []
    desk.save(cadence=Cadence.NOW)
    turn_off(session, desk.person.id, Topic.SEARCHES)
    desk.listed("Heat in Puno", LATER + timedelta(hours=1))
    assert desk.sent(LATER + timedelta(hours=2)) == []


def test_a_daily_search_waits_for_the_morning_and_a_weekly_one_for_monday(desk: Desk) -> None:
    desk.save(cadence=Cadence.WEEKLY)
    desk.listed("Heat in Lima", NOW + timedelta(hours=1))
    saturday, monday = NOW + timedelta(days=1), NOW + timedelta(days=3)
    assert NOW.strftime("%a") == "Fri"
    assert desk.sent(saturday) == []
    desk.save(cadence=Cadence.DAILY)
    assert desk.sent(NOW + timedelta(hours=3)) == []
    assert len(desk.sent(monday)) == 1


def test_a_search_turned_on_again_does_not_tell_what_came_meanwhile(desk: Desk, session: Session) -> None:
    row = desk.save(cadence=Cadence.OFF)
    desk.listed("Heat in Lima", NOW + timedelta(hours=1))
    change(session, desk.actor, row.id, "Heat", Cadence.NOW, HOURS, NOW + timedelta(days=1))
    assert desk.sent(NOW + timedelta(days=1) + OFTEN) == []


def test_the_same_search_is_kept_once(desk: Desk, session: Session) -> None:
    first, again = (
        desk.save(),
        desk.save(SearchRequest(" heat ", facets={Facet.COUNTRY: frozenset({"PE"})}, page=3), name="Warmth"),
    )
    assert first.id == again.id
    assert [row.name for row in saved_by(session, desk.actor)] == ["Warmth"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_that_cannot_be_kept_is_said_at_its_field(desk: Desk, name: str) -> None:
    with pytest.raises(Invalid) as said:
        desk.save(name=name)
    assert said.value.field == "name"


def test_there_is_an_end_to_what_one_person_keeps(desk: Desk) -> None:
    for number in range(MOST_SAVED):
        desk.save(SearchRequest(f"word{number}"))
    with pytest.raises(Invalid):
        desk.save(SearchRequest("one more"))
    desk.save(SearchRequest("word1"))


def test_nobody_touches_the_search_of_another(desk: Desk, session: Session) -> None:
    row = desk.save()
    colleague = actor(desk.member, Role.PROJECT_STAFF, who=person(session, desk.member, Role.PROJECT_STAFF))
    assert list(saved_by(session, colleague)) == []
    with pytest.raises(NotFound):
        remove(session, colleague, row.id)
    with pytest.raises(NotFound):
        change(session, colleague, row.id, "Mine", Cadence.OFF, HOURS, NOW)
    with pytest.raises(NotAllowed):
        save(session, NOBODY, HEAT, "Heat", Cadence.NOW, HOURS, NOW)


def test_a_search_that_was_told_about_can_be_removed(desk: Desk, session: Session) -> None:
    row = desk.save()
    desk.listed("Heat in Lima", NOW + timedelta(hours=1))
    assert desk.sent(LATER)
    remove(session, desk.actor, row.id)
    session.flush()
    assert session.scalars(select(SavedSearch)).all() == []


# ---- pages


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def test_saving_asks_somebody_who_is_not_signed_in_to_sign_in_first(client: Client) -> None:
    answer = client.get("/datasets/save?q=heat")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/datasets/save")


def test_a_search_is_saved_run_renamed_and_removed_by_its_pages(
    session: Session, client: Client, acme: Organization
) -> None:
    make_dataset(session, acme, title="Heat in Lima", countries=["PE"])
    client.sign_in_as(person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF))
    session.commit()
    address = "/datasets/save?q=heat&country=PE"
    assert 'value="heat · Peru"' in client.get(address).text
    assert client.post(address, data={"name": "", "cadence": "daily"}).status_code == 422
    assert client.post(address, data={"name": "Heat", "cadence": "hourly"}).status_code == 422
    assert client.post(address, data={"name": "Heat", "cadence": "daily"}).location == "/me/searches"
    text = client.get("/me/searches").text
    assert 'href="/datasets?q=heat&amp;country=PE"' in text
    session.expire_all()
    row = session.scalars(select(SavedSearch)).one()
    changed = {"name": "Warm nights", "cadence": "off"}
    assert client.post(f"/me/searches/{row.id}", data=changed).status_code == 303
    assert "Warm nights" in client.get(f"/me/searches/{row.id}").text
    assert client.post(f"/me/searches/{row.id}/remove").status_code == 303
    assert "No saved searches yet" in client.get("/me/searches").text
    assert client.get(f"/me/searches/{row.id}").status_code == 404
