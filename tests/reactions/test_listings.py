"""Who hears of a question, of its answer, and of a new release: the steward, who asked, and who may use the data."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.answers import Release
from app.catalog.commands import questions
from app.catalog.commands.releases import add_release
from app.catalog.commands.reminding import remind_due
from app.history.models import HistoryEvent
from app.organizations.models import Person
from app.outbox.models import OutboxMessage
from app.reactions.readers import still_concerns
from app.reactions.table import react
from app.reactions.work import Work
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.factories.catalog import make_dataset
from tests.factories.grants import NOW as GRANTED
from tests.factories.grants import make_active, make_ready_cast, press_in
from tests.factories.organizations import acting
from tests.support.working import working

TEXT = "Is a trip counted in the hour of its start?"


@pytest.fixture
def work(app: Flask, session: Session) -> Iterator[Work]:
    with working(app, session, NOW) as work:
        yield work


def mails(session: Session, work: Work) -> list[OutboxMessage]:
    """The mails that the newest event leads to."""
    before = set(session.scalars(select(OutboxMessage.id)))
    seq = session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq.desc())).first()
    apply = react(work, {"seq": seq})
    assert apply is not None
    apply(session)
    session.flush()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    return [row for row in rows if row.id not in before]


def test_a_question_goes_to_the_steward_and_the_answer_to_who_asked(session: Session, work: Work) -> None:
    acme, bank = partner(session, "Acme"), organization(session, Kind.MEMBER, "Pan-Atlantic Bank")
    steward, asker = person(session, acme, Role.STEWARD), person(session, bank, Role.PROJECT_STAFF)
    row = make_dataset(session, acme, title="Trips <b>")
    asked = questions.ask(session, actor(bank, Role.PROJECT_STAFF, who=asker), row.reference, TEXT, NOW)
    (mail,) = mails(session, work)
    assert mail.recipient == steward.email
    assert str(mail.payload["subject"]).startswith("Answer by Fri 27 Nov")
    assert f"/datasets/{row.reference}/questions/{asked.reference}" in str(mail.payload["text"])
    assert asker.name not in str(mail.payload)
    questions.answer(session, actor(acme, Role.STEWARD, who=steward), asked.reference, "Of its start.", NOW)
    (told,) = mails(session, work)
    assert told.recipient == asker.email
    assert "Of its start." in str(told.payload["text"])
    assert still_concerns(session, told.payload, NOW)
    row.visibility = Visibility.NAMED
    session.flush()
    assert not still_concerns(session, told.payload, NOW)


def test_who_asked_is_told_why_a_question_was_hidden(session: Session, work: Work) -> None:
    acme, bank = partner(session), organization(session, Kind.MEMBER)
    asker = person(session, bank, Role.PROJECT_STAFF)
    row = make_dataset(session, acme)
    asked = questions.ask(session, actor(bank, Role.PROJECT_STAFF, who=asker), row.reference, TEXT, NOW)
    office = actor(organization(session, Kind.SECRETARIAT), Role.OFFICER)
    questions.hide(session, office, asked.reference, "It advertises a product.", NOW)
    (mail,) = mails(session, work)
    assert mail.recipient == asker.email
    assert "It advertises a product." in str(mail.payload["text"])


def test_who_asked_and_who_answers_are_told_that_a_question_is_shown_again(session: Session, work: Work) -> None:
    acme, bank = partner(session), organization(session, Kind.MEMBER)
    steward, asker = person(session, acme, Role.STEWARD), person(session, bank, Role.PROJECT_STAFF)
    row = make_dataset(session, acme)
    asked = questions.ask(session, actor(bank, Role.PROJECT_STAFF, who=asker), row.reference, TEXT, NOW)
    office = actor(organization(session, Kind.SECRETARIAT), Role.OFFICER)
    for answer, told in (("", {asker.email, steward.email}), ("Of its start.", {asker.email})):
        if answer:
            questions.answer(session, actor(acme, Role.STEWARD, who=steward), asked.reference, answer, NOW)
        questions.hide(session, office, asked.reference, "It advertises a product.", NOW)
        questions.show(session, office, asked.reference, NOW)
        assert {mail.recipient for mail in mails(session, work)} == told


def test_a_reminder_goes_to_the_one_named_then_to_the_deputy_and_last_to_the_secretariat(
    session: Session, work: Work
) -> None:
    acme, bank, office = partner(session), organization(session, Kind.MEMBER), organization(session, Kind.SECRETARIAT)
    steward, deputy = person(session, acme, Role.STEWARD), person(session, acme, Role.DEPUTY)
    officer, asker = person(session, office, Role.OFFICER), person(session, bank, Role.PROJECT_STAFF)
    row = make_dataset(session, acme)
    questions.ask(session, actor(bank, Role.PROJECT_STAFF, who=asker), row.reference, TEXT, NOW)
    told = []
    for day in (5, 7, 12):
        assert remind_due(session, NOW + timedelta(days=day)) == 1
        told.append(mails(session, work))
    assert [{mail.recipient for mail in each} for each in told] == [
        {steward.email}, {steward.email, deputy.email}, {steward.email, deputy.email, officer.email},
    ]  # fmt: skip
    subjects = [str(each[0].payload["subject"]) for each in told]
    assert subjects[0].startswith("Still open, answer by Fri 27 Nov")
    assert subjects[2].startswith("Overdue since Fri 27 Nov")
    assert asker.name not in str(told[2][0].payload)


def test_releases_are_told_in_one_mail_to_whoever_may_use_the_data(
    session: Session, work: Work, app: Flask, tmp_path: Path
) -> None:
    cast = make_ready_cast(session, 1)
    make_active(session, app.extensions["onepact_files"], press_in(tmp_path), cast)
    dataset = cast.datasets[0]
    steward = acting(session, cast.steward_of(dataset))
    keys = []
    for label in ("2026-09", "2026-10"):
        release = Release(label, date(2026, 11, 1), "One more month.")
        add_release(session, steward, dataset.reference, release, GRANTED)
        (mail,) = mails(session, work)
        assert mail.recipient == cast.lead.email
        assert label in str(mail.payload["subject"])
        keys.append(mail.batch_key)
    assert keys[0] is not None
    assert keys[0] == keys[1]


def test_nobody_is_told_of_a_release_who_may_not_use_the_data(session: Session, work: Work) -> None:
    cast = make_ready_cast(session, 1)
    dataset = cast.datasets[0]
    who = session.get_one(Person, cast.steward_of(dataset).id)
    add_release(session, acting(session, who), dataset.reference, Release("2026-09", date(2026, 11, 1)), GRANTED)
    assert mails(session, work) == []
