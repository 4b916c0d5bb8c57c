"""One's own mail: choosing, seeing what was sent, answering for a held reply; and the link that turns mail off."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.correspondence.models import InboundMessage, InboundState, MailChoice, MailSettings
from app.correspondence.queries import preferences
from app.correspondence.tokens import off_token
from app.foundation.clock import now
from app.organizations.models import Person
from app.outbox.commands import enqueue
from app.outbox.models import MessageState, OutboxMessage
from app.rules.mail import DEFAULTS, OPTIONAL, PRESETS, Cadence, Preset, Topic
from app.rules.roles import Role
from tests.factories.organizations import make_organization, make_person
from tests.support.application import Client

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
NOWS = {topic.value: "now" for topic in OPTIONAL}
PLACE = {"language": "es", "time_zone": "America/Bogota", "quiet_from": "22:00", "quiet_until": "7:00"}


@pytest.fixture
def rosa(session: Session) -> Person:
    return make_person(session, make_organization(session), Role.PROJECT_STAFF)


@pytest.fixture
def signed_in(client: Client, session: Session, rosa: Person) -> Client:
    session.commit()
    client.sign_in_as(rosa)
    return client


def test_who_chose_nothing_gets_everything_at_once(session: Session, rosa: Person) -> None:
    known = preferences(session, rosa.id)
    assert dict(known.choices) == dict(DEFAULTS)
    assert (known.hours.zone, known.hours.quiet_from, known.language) == ("UTC", None, "en")


def test_the_whole_page_is_kept(signed_in: Client, session: Session, rosa: Person) -> None:
    answer = signed_in.post("/me/mail", data={**NOWS, "grants": "weekly", "progress": "off", **PLACE})
    assert answer.status_code == 303
    known = preferences(session, rosa.id)
    assert known.cadence(Topic.GRANTS) is Cadence.WEEKLY
    assert known.cadence(Topic.PROGRESS) is Cadence.OFF
    assert (known.hours.zone, f"{known.hours.quiet_until:%H:%M}", known.language) == ("America/Bogota", "07:00", "es")
    page = signed_in.get("/me/mail").get_data(as_text=True)
    assert 'value="22:00"' in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quiet_until": ""}, "Enter both ends of your quiet hours"),
        ({"quiet_from": "late"}, "Enter a time with hours and minutes"),
        ({"time_zone": "Europe/Atlantis"}, "Choose a time zone from the list"),
        ({"grants": "hourly"}, "Choose one from the list"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    signed_in: Client, session: Session, change: dict[str, str], said: str
) -> None:
    answer = signed_in.post("/me/mail", data={**NOWS, "conversation": "weekly", **PLACE, **change})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'name="conversation" type="radio" value="weekly" checked' in " ".join(page.split())
    assert session.scalars(select(MailChoice)).all() == []


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_is_taken_in_one_step(signed_in: Client, session: Session, rosa: Person, preset: Preset) -> None:
    signed_in.post("/me/mail/preset", data={"preset": preset.value})
    assert dict(preferences(session, rosa.id).choices) == dict(PRESETS[preset])
    assert "This is yours" in signed_in.get("/me/mail").get_data(as_text=True)


def test_a_preset_that_nobody_knows_is_not_there(signed_in: Client) -> None:
    assert signed_in.post("/me/mail/preset", data={"preset": "all"}).status_code == 404


def test_what_must_be_sent_is_named_and_has_no_choice(signed_in: Client) -> None:
    page = signed_in.get("/me/mail").get_data(as_text=True)
    assert "It is your turn, and urgent" in page
    assert 'name="overdue"' not in page
    signed_in.post("/me/mail", data={**NOWS, "overdue": "off", "account": "off", **PLACE})
    assert "It is your turn, and urgent" in signed_in.get("/me/mail").get_data(as_text=True)


def test_a_test_mail_is_asked_for(signed_in: Client, session: Session, rosa: Person) -> None:
    assert signed_in.post("/me/mail/test").status_code == 303
    [message] = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.test"))
    assert message.payload == {"person": rosa.id}


def test_a_mail_that_came_back_is_shown_until_the_address_works(
    signed_in: Client, session: Session, rosa: Person
) -> None:
    session.add(MailSettings(person_id=rosa.id, language="en", time_zone="UTC", bounced_at=NOW, changed_at=NOW))
    session.commit()
    assert "came back on Wed 18 Nov 2026" in signed_in.get("/me/mail").get_data(as_text=True)
    signed_in.post("/me/mail/address-works")
    assert "came back" not in signed_in.get("/me/mail").get_data(as_text=True)


def test_everybody_sees_the_mails_to_their_own_address_without_their_text(
    signed_in: Client, session: Session, rosa: Person
) -> None:
    moment = now()
    for subject, to, days, state in (
        ("Decide by Thu 3 Dec", rosa.email, 1, MessageState.WAITING),
        ("Not delivered at all", rosa.email, 2, MessageState.FAILED),
        ("Long ago", rosa.email, 40, MessageState.FAILED),
        ("For another", "another@example.org", 1, MessageState.WAITING),
    ):
        payload: dict[str, object] = {"subject": subject, "text": "Your code: 123 456"}
        enqueue(session, "mail.send", payload, moment - timedelta(days=days), recipient=to).state = state
    session.commit()
    page = signed_in.get("/me/mail/sent").get_data(as_text=True)
    assert "Decide by Thu 3 Dec" in page
    assert "Not delivered at all" in page
    for hidden in ("Long ago", "For another", "123 456"):
        assert hidden not in page


def _held(session: Session, person: Person) -> InboundMessage:
    row = InboundMessage(digest="d" * 64, received_at=NOW, state=InboundState.HELD, why="other_address")
    row.person_id, row.thing, row.ref = person.id, "proposal", "PR-2026-0117"
    row.held_from, row.held_text = "private@mail.example", "Block centers\n<b>are</b> enough."
    session.add(row)
    session.commit()
    return row


def test_a_held_reply_is_read_and_posted_by_its_author_alone(client: Client, session: Session, rosa: Person) -> None:
    row, other = _held(session, rosa), make_person(session, make_organization(session), Role.PROJECT_STAFF)
    session.commit()
    address = f"/me/mail/held/{row.id}"
    client.sign_in_as(other)
    assert client.get(address).status_code == 404
    assert client.post(address, data={"act": "post"}).status_code == 404
    client.sign_in_as(rosa)
    assert "&lt;b&gt;are&lt;/b&gt; enough." in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"act": "post"}).status_code == 303
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reply.release")).one().payload == {
        "inbound": row.id
    }


def test_a_discarded_reply_keeps_no_text(signed_in: Client, session: Session, rosa: Person) -> None:
    row = _held(session, rosa)
    signed_in.post(f"/me/mail/held/{row.id}", data={"act": "discard"})
    session.expire_all()
    assert (row.state, row.held_text, row.held_from) == (InboundState.DISCARDED, None, None)
    assert signed_in.get(f"/me/mail/held/{row.id}").status_code == 404


def test_a_mail_program_turns_mail_off_in_one_step_without_signing_in(
    app: Flask, client: Client, session: Session, rosa: Person
) -> None:
    session.commit()
    address = f"/mail/off/{off_token(app.config, rosa.id, Topic.GRANTS)}"
    assert client.get(address).status_code == 200
    assert preferences(session, rosa.id).cadence(Topic.GRANTS) is Cadence.NOW, "opening the page changes nothing"
    client.sends_token = False  # RFC 8058: a POST with this body and no session
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    session.expire_all()
    assert preferences(session, rosa.id).cadence(Topic.GRANTS) is Cadence.OFF
    assert preferences(session, rosa.id).cadence(Topic.PROGRESS) is Cadence.NOW
    assert rosa.name not in answer.get_data(as_text=True)


@pytest.mark.parametrize("topic", [Topic.OVERDUE, Topic.STOPPED, Topic.ACCOUNT])
def test_no_link_turns_off_what_must_be_sent(app: Flask, client: Client, topic: Topic) -> None:
    assert client.post(f"/mail/off/{off_token(app.config, 1, topic)}").status_code == 404


def test_nobody_who_is_not_signed_in_sees_a_page_about_mail(client: Client) -> None:
    for path in ("/me/mail", "/me/mail/sent", "/me/mail/held/1"):
        assert client.get(path).status_code == 303
