"""Questions on a dataset's page: who asks, answers, hides and reads, and how many one person may ask."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.commands import questions as commands
from app.catalog.commands import withdraw
from app.catalog.commands.reminding import remind_due
from app.catalog.models import Dataset, DatasetQuestion
from app.catalog.queries import own_unanswered, question_by_reference, questions_on, unanswered
from app.catalog.queries.listings import whole
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryDetail, HistoryEvent
from app.inbox import from_questions
from app.organizations.models import Organization, Person
from app.rules.actors import NOBODY, Actor
from app.rules.events import Event
from app.rules.roles import Kind, Role
from app.rules.tasks import Group
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState, QuestionState
from tests.catalog.desk import signed_in
from tests.catalog.people import NOW, actor, organization, person
from tests.factories.catalog import make_dataset
from tests.support.application import Client

TEXT = "Is a trip counted in the hour of its start?"


@pytest.fixture
def row(session: Session, acme: Organization) -> Dataset:
    return make_dataset(session, acme)


@pytest.fixture
def bank(session: Session) -> Organization:
    return organization(session, Kind.MEMBER, "Pan-Atlantic Bank")


@pytest.fixture
def asker(session: Session, bank: Organization) -> Actor:
    return actor(bank, Role.PROJECT_STAFF, who=person(session, bank, Role.PROJECT_STAFF))


@pytest.fixture
def steward(acme: Organization, acme_steward: Person) -> Actor:
    return actor(acme, Role.STEWARD, who=acme_steward)


@pytest.fixture
def officer(session: Session) -> Actor:
    office = organization(session, Kind.SECRETARIAT)
    return actor(office, Role.OFFICER, who=person(session, office, Role.OFFICER))


def read_by(session: Session, viewer: Actor, dataset: Dataset) -> list[str]:
    loaded = session.scalars(whole().where(Dataset.id == dataset.id)).one()
    return [one.row.text for one in questions_on(session, viewer, loaded)]


def test_a_question_is_answered_and_everyone_reads_both(
    session: Session, row: Dataset, asker: Actor, steward: Actor
) -> None:
    asked = commands.ask(session, asker, row.reference, f"  {TEXT} ", NOW)
    assert (asked.text, asked.state) == (TEXT, QuestionState.OPEN)
    commands.answer(session, steward, asked.reference, "Of its start.", NOW)
    assert (asked.state, asked.answer) == (QuestionState.ANSWERED, "Of its start.")
    commands.answer(session, steward, asked.reference, "Of its start, local time.", NOW)
    for viewer in (NOBODY, asker, steward):
        assert read_by(session, viewer, row) == [TEXT]


def test_who_may_do_what_about_a_question(
    session: Session, row: Dataset, asker: Actor, steward: Actor, officer: Actor
) -> None:
    with pytest.raises(NotAllowed):
        commands.ask(session, steward, row.reference, TEXT, NOW)
    with pytest.raises(NotAllowed):
        commands.ask(session, NOBODY, row.reference, TEXT, NOW)
    asked = commands.ask(session, asker, row.reference, TEXT, NOW)
    for somebody in (asker, officer, NOBODY):
        with pytest.raises(NotAllowed):
            commands.answer(session, somebody, asked.reference, "Yes.", NOW)
    for somebody in (asker, steward):
        with pytest.raises(NotAllowed):
            commands.hide(session, somebody, asked.reference, "No.", NOW)


def test_a_hidden_question_is_there_for_steward_and_secretariat_alone(
    session: Session, row: Dataset, asker: Actor, steward: Actor, officer: Actor
) -> None:
    asked = commands.ask(session, asker, row.reference, TEXT, NOW)
    commands.hide(session, officer, asked.reference, "Advertising.", NOW)
    assert [read_by(session, who, row) for who in (NOBODY, asker, steward, officer)] == [[], [], [TEXT], [TEXT]]
    with pytest.raises(NotFound):
        question_by_reference(session, asker, asked.reference)
    with pytest.raises(WrongState):
        commands.answer(session, steward, asked.reference, "Yes.", NOW)


def test_a_question_that_was_hidden_by_mistake_is_shown_again(
    session: Session, row: Dataset, asker: Actor, steward: Actor, officer: Actor
) -> None:
    open_one = commands.ask(session, asker, row.reference, TEXT, NOW)
    answered = commands.ask(session, asker, row.reference, f"{TEXT} Or end?", NOW)
    commands.answer(session, steward, answered.reference, "Of its start.", NOW)
    for one in (open_one, answered):
        commands.hide(session, officer, one.reference, "Advertising.", NOW)
        for somebody, error in ((asker, NotFound), (steward, NotAllowed), (NOBODY, NotFound)):
            with pytest.raises(error):
                commands.show(session, somebody, one.reference, NOW)
        commands.show(session, officer, one.reference, NOW + timedelta(days=30))
        with pytest.raises(WrongState):
            commands.show(session, officer, one.reference, NOW)
    assert (open_one.state, answered.state) == (QuestionState.OPEN, QuestionState.ANSWERED)
    assert (answered.answer, answered.hidden_at, answered.hidden_reason) == ("Of its start.", None, "")
    assert len(read_by(session, NOBODY, row)) == 2


def test_a_question_that_is_shown_again_waits_anew(
    session: Session, row: Dataset, asker: Actor, steward: Actor, officer: Actor
) -> None:
    asked, later = commands.ask(session, asker, row.reference, TEXT, NOW), NOW + timedelta(days=30)
    remind_due(session, later)
    commands.hide(session, officer, asked.reference, "Advertising.", later)
    commands.show(session, officer, asked.reference, later)
    assert [one.clock.is_over for one in from_questions.rows(session, steward, later) if one.clock] == [False]
    assert remind_due(session, later) == 0
    assert remind_due(session, later + timedelta(days=5)) == 1


def test_who_answers_is_reminded_half_way_near_the_end_and_after_it_once_each(
    session: Session, row: Dataset, asker: Actor, steward: Actor
) -> None:
    asked = commands.ask(session, asker, row.reference, TEXT, NOW)  # a Friday: five working days end on the next one
    reminded = [remind_due(session, NOW + timedelta(days=day)) for day in range(16)]
    assert [day for day, count in enumerate(reminded) if count] == [5, 6, 7, 12]
    told = session.scalars(
        select(HistoryDetail.payload).join(HistoryEvent, HistoryEvent.seq == HistoryDetail.seq)
        .where(HistoryEvent.type == Event.QUESTION_REMINDED).order_by(HistoryEvent.seq)
    )  # fmt: skip
    assert [one["percent"] for one in told] == [50, 80, 100, 150]
    commands.answer(session, steward, asked.reference, "Of its start.", NOW)
    assert remind_due(session, NOW + timedelta(days=90)) == 0


def test_a_listing_that_one_may_not_know_of_has_no_questions_for_one(
    session: Session, acme: Organization, asker: Actor, steward: Actor
) -> None:
    row = make_dataset(session, acme, visibility=Visibility.NAMED)
    other = organization(session, Kind.MEMBER)
    insider = actor(other, Role.PROJECT_STAFF, who=person(session, other, Role.PROJECT_STAFF))
    named = make_dataset(session, acme, visibility=Visibility.NAMED, admitted=[other])
    with pytest.raises(NotFound):
        commands.ask(session, asker, row.reference, TEXT, NOW)
    asked = commands.ask(session, insider, named.reference, TEXT, NOW)
    with pytest.raises(NotFound):
        question_by_reference(session, asker, asked.reference)
    stranger = actor(organization(session, name="Other partner"), Role.STEWARD)
    with pytest.raises(NotFound):
        commands.answer(session, stranger, asked.reference, "Yes.", NOW)
    assert (len(unanswered(session, steward)), unanswered(session, stranger)) == (1, [])


def test_a_withdrawn_dataset_takes_no_questions(session: Session, row: Dataset, asker: Actor, steward: Actor) -> None:
    withdraw(session, steward, row.reference, "Collected no more.", NOW)
    with pytest.raises(WrongState):
        commands.ask(session, asker, row.reference, TEXT, NOW)


def test_one_person_asks_so_much_and_no_more(
    session: Session, acme: Organization, row: Dataset, asker: Actor, steward: Actor
) -> None:
    first = commands.ask(session, asker, row.reference, f"{TEXT} 0", NOW)
    for number in (1, 2):
        commands.ask(session, asker, row.reference, f"{TEXT} {number}", NOW)
    with pytest.raises(Invalid, match="Three of your questions"):
        commands.ask(session, asker, row.reference, f"{TEXT} 3", NOW)
    commands.answer(session, steward, first.reference, "Yes.", NOW)
    with pytest.raises(Invalid, match="asked this here before"):
        commands.ask(session, asker, row.reference, f"{TEXT} 0", NOW)
    for _each in range(7):
        commands.ask(session, asker, make_dataset(session, acme).reference, TEXT, NOW)
    with pytest.raises(Invalid, match="ten questions"):
        commands.ask(session, asker, row.reference, f"{TEXT} 4", NOW)
    commands.ask(session, asker, row.reference, f"{TEXT} 4", NOW + timedelta(days=2))


@pytest.mark.parametrize("text", ["", "   ", "Why?", "x" * 1001, "\x00\u202e"])
def test_a_question_is_a_sentence_or_two(session: Session, row: Dataset, asker: Actor, text: str) -> None:
    with pytest.raises(Invalid):
        commands.ask(session, asker, row.reference, text, NOW)


def test_the_inbox_names_one_person_with_a_clock_and_the_officer_when_it_is_late(
    session: Session, acme: Organization, row: Dataset, asker: Actor, steward: Actor, officer: Actor
) -> None:
    deputy = actor(acme, Role.DEPUTY, who=person(session, acme, Role.DEPUTY))
    commands.ask(session, asker, row.reference, TEXT, NOW)
    (first,) = from_questions.rows(session, steward, NOW)
    assert (first.group, first.clock.total if first.clock else 0) == (Group.YOURS, 5)
    (second,) = from_questions.rows(session, deputy, NOW)
    assert (second.group, dict(second.facts)["name"]) == (Group.OTHERS, steward.name)
    assert from_questions.rows(session, officer, NOW) == []
    (own,) = from_questions.rows(session, asker, NOW)
    assert (own.group, dict(own.facts)["name"]) == (Group.OTHERS, steward.name)
    late = NOW + timedelta(days=20)
    assert from_questions.rows(session, deputy, late)[0].is_yours
    assert from_questions.rows(session, officer, late)[0].group is Group.OVERDUE
    assert from_questions.rows(session, NOBODY, late) == []


@pytest.mark.parametrize("who", ["steward", "asker", "officer", "nobody"])
def test_a_source_that_says_none_has_no_rows(
    session: Session, row: Dataset, asker: Actor, steward: Actor, officer: Actor, who: str
) -> None:
    viewer = {"steward": steward, "asker": asker, "officer": officer, "nobody": NOBODY}[who]
    assert session.scalar(select(from_questions.some(viewer, NOW))) is False
    commands.ask(session, asker, row.reference, TEXT, NOW)
    assert bool(session.scalar(select(from_questions.some(viewer, NOW)))) is (who != "nobody")
    assert (own_unanswered(session, viewer) != []) is (who == "asker")


# ---- the pages


def test_a_member_asks_and_the_steward_answers_on_the_page(
    app: Flask, client: Client, session: Session, acme: Organization, bank: Organization, desk: Client
) -> None:
    row = make_dataset(session, acme)
    member = signed_in(app, session, person(session, bank, Role.PROJECT_STAFF))
    path = f"/datasets/{row.reference}/questions"
    assert "Sign in to ask" in client.get(path).text
    short = member.post(path, data={"text": "Why?", "idempotency_key": "k0"})
    assert short.status_code == 422
    assert "Why?" in short.text
    assert member.post(path, data={"text": TEXT, "idempotency_key": "k1"}).status_code == 303
    asked = session.scalars(select(DatasetQuestion)).one()
    html = client.get(path).text
    assert TEXT in html
    assert "Pan-Atlantic Bank" in html
    assert "Ada Person" not in html
    assert member.get(f"{path}/{asked.reference}").location.endswith(f"questions#{asked.reference}")
    assert member.post(f"{path}/{asked.reference}/answer", data={"answer": "I know."}).status_code == 404
    assert TEXT in desk.get(f"{path}/{asked.reference}").text
    said = desk.post(f"{path}/{asked.reference}/answer", data={"answer": "Of its start.", "idempotency_key": "k2"})
    assert said.status_code == 303
    assert "Of its start." in client.get(path).text
    assert desk.get(f"/questions/{asked.reference}").location.endswith(f"questions#{asked.reference}")


def test_an_officer_hides_with_a_reason(
    app: Flask, client: Client, session: Session, acme: Organization, asker: Actor, officer: Actor
) -> None:
    row = make_dataset(session, acme)
    asked = commands.ask(session, asker, row.reference, TEXT, NOW)
    who = session.get_one(Person, officer.person_id)
    office, path = signed_in(app, session, who), f"/datasets/{row.reference}/questions/{asked.reference}/hide"
    assert office.post(path, data={"reason": " ", "idempotency_key": "k1"}).status_code == 422
    assert office.post(path, data={"reason": "Advertising.", "idempotency_key": "k2"}).status_code == 303
    assert TEXT not in client.get(f"/datasets/{row.reference}/questions").text
    page = office.get(path.removesuffix("/hide"))
    assert "Hidden on" in page.text
    assert "Advertising." in page.text
    assert office.post(path.replace("/hide", "/show"), data={"idempotency_key": "k3"}).status_code == 303
    assert TEXT in client.get(f"/datasets/{row.reference}/questions").text


def test_a_question_survives_that_its_listing_pauses(
    session: Session, acme: Organization, asker: Actor, steward: Actor
) -> None:
    row = make_dataset(session, acme, state=ListingState.PAUSED)
    asked = commands.ask(session, asker, row.reference, TEXT, NOW)
    commands.answer(session, steward, asked.reference, "In the spring.", NOW)
    assert asked.state is QuestionState.ANSWERED
