"""A reply by mail stands in the conversation, by its author, with the rights of that moment; anything else does not."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app import worker
from app.correspondence.models import InboundMessage, InboundState, MailSettings
from app.correspondence.tokens import NOTE, PROPOSAL, VALID, reply_address, reply_token
from app.factory import create_app
from app.history.models import HistoryEvent
from app.organizations.models import Membership
from app.outbox.commands import enqueue
from app.outbox.models import OutboxMessage
from app.proposals.commands.conversation import comment
from app.proposals.models import Comment
from app.reactions.mail import Recipient, write_mail
from app.reactions.replies import discard_old_replies
from app.reactions.work import Work
from app.rules.actors import Actor
from app.rules.mail_hours import WINDOW
from tests.factories.review import MONDAY, Scene, scene_in_review
from tests.support.imap import ReplyMailbox
from tests.support.mail import MailServer

SOON = MONDAY + timedelta(minutes=20)
WORDS = "Block centers are enough.\n\nDo you keep them?"


@dataclass
class Place:
    """An installation of its own with mail both ways, and one proposal in review."""

    app: Flask
    server: MailServer
    mailbox: ReplyMailbox
    scene: Scene
    now: datetime = SOON

    def deliver(self) -> None:
        """Send what is due, and what is due when the wait for more of the same is over."""
        worker.drain(self.app, lambda: self.now)
        worker.drain(self.app, lambda: self.now + WINDOW)

    def fetch(self) -> dict[str, int]:
        """Read the mailbox, and send the answers."""
        found = worker.fetch_mail(self.app, lambda: self.now)
        self.deliver()
        return found

    def reply(self, who: str, text: str = WORDS, thing: str = PROPOSAL, **headers: str) -> EmailMessage:
        """What a person's mail program makes of a reply to a mail about the proposal."""
        person = self.scene.people[who]
        token = reply_token(self.app.config, person.id, thing, self.scene.ref, MONDAY)
        mail = EmailMessage()
        values = {
            "From": f"{person.name} <{person.email}>",
            "To": reply_address(self.app.config, token),
            "Subject": "Re: Decide",
            "Message-ID": f"<{secrets.token_hex(8)}@coastal.example>",
        }
        for name, value in {**values, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            mail[name] = value
        mail.set_content(text)
        return mail

    @contextmanager
    def session(self) -> Iterator[Session]:
        """What stands in the database now."""
        with self.app.app_context(), worker.writing() as session:
            yield session

    def comments(self) -> list[Comment]:
        """The conversation."""
        with self.session() as session:
            return list(session.scalars(select(Comment).order_by(Comment.id)))

    def inbound(self) -> list[InboundMessage]:
        """What came in."""
        with self.session() as session:
            return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))

    def mails_to(self, who: str) -> list[EmailMessage]:
        """What was sent to a person."""
        return self.server.to(self.scene.people[who].email)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest,
    make_database: Callable[[str], str],
    mail_server: MailServer,
    reply_mailbox: ReplyMailbox,
    tmp_path: Path,
) -> Place:
    """On both databases."""
    app = create_app(
        config.read(
            {
                "ONEPACT_HOME": str(tmp_path),
                "DATABASE_URL": make_database(request.param),
                "SECRET_KEY": secrets.token_hex(32),
                "SEAL_PASSPHRASE": secrets.token_hex(32),
                "SMTP_URL": mail_server.url,
                "IMAP_URL": reply_mailbox.url,
                "INBOUND_ADDRESS": "reply@onepact.example",
            }
        )
    )
    with app.app_context(), worker.writing() as session:
        scene = scene_in_review(session)
        scene.people["lucia"].email = "lucia.prado@example.org"
    worker.drain(app, lambda: MONDAY)
    worker.drain(app, lambda: MONDAY + WINDOW)
    mail_server.messages.clear()
    mail_server.envelopes.clear()
    return Place(app, mail_server, reply_mailbox, scene)


def _says(place: Place, who: str, words: str, *, is_internal: bool = False) -> None:
    with place.session() as session:
        person = place.scene.people[who]
        actor = Scene(session, {}, {who: person}, {}, place.scene.proposal).actor(who)
        assert isinstance(actor, Actor)
        comment(session, actor, place.scene.ref, words, MONDAY, is_internal=is_internal)


def test_a_mail_leaves_its_reply_comes_back_and_stands_in_the_conversation(place: Place) -> None:
    _says(place, "rosa", "Would block centers do?")
    place.deliver()
    [mail] = place.mails_to("lucia")
    assert "Would block centers do?" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    quoted = "".join(f"> {line}\n" for line in body.splitlines())
    reply = EmailMessage()
    reply["From"], reply["To"] = mail["To"], mail["Reply-To"]
    reply["Message-ID"], reply["In-Reply-To"] = "<77@acme.example>", mail["Message-ID"]
    reply.set_content(f"{WORDS}\n\nOn Mon, 16 Nov 2026, Meridian wrote:\n\n{quoted}")
    place.mailbox.put(reply)
    assert place.fetch() == {"posted": 1}
    said = place.comments()[-1]
    assert (said.body, said.author_id, said.is_internal) == (WORDS, place.scene.people["lucia"].id, False)
    with place.session() as session:
        event = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq.desc())).first()
        assert event is not None
        assert (event.authentication, event.actor_pid) == ("mail reply", place.scene.people["lucia"].pid)
    assert "Block centers are enough." in place.mails_to("rosa")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert place.mailbox.unseen() == 0
    assert place.fetch() == {}


def test_a_mail_about_a_proposal_names_the_address_for_replies_and_its_thread(place: Place) -> None:
    _says(place, "rosa", "Would block centers do?")
    place.deliver()
    mail = place.mails_to("lucia")[0]
    assert parseaddr(mail["Reply-To"])[1].startswith("reply+")
    assert mail["References"] == mail["In-Reply-To"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_reply_to_an_internal_note_stays_internal(place: Place) -> None:
    _says(place, "jonas", "Compare with Lima.", is_internal=True)
    place.deliver()
    mail = place.mails_to("lucia") or place.mails_to("tom")
    assert not any("Compare with Lima" in str(each) for each in place.server.messages)
    assert mail or place.mails_to("jonas") == []
    place.mailbox.put(place.reply("lucia", "As in May.", NOTE))
    assert place.fetch() == {"posted": 1}
    assert place.comments()[-1].is_internal


def test_one_mail_that_is_delivered_twice_is_posted_once(place: Place) -> None:
    reply = place.reply("lucia")
    place.mailbox.put(reply)
    place.mailbox.put(reply)
    assert place.fetch() == {"posted": 1, "known": 1}
    place.mailbox.put(reply)
    assert place.fetch() == {"known": 1}
    assert [row.body for row in place.comments()].count(WORDS) == 1


def test_who_left_the_organization_is_told_why_nothing_was_posted_and_what_mends_it(place: Place) -> None:
    with place.session() as session:
        lucia = select(Membership).where(Membership.person_id == place.scene.people["lucia"].id)
        for row in session.scalars(lucia):
            row.ended_at = MONDAY
    before = len(place.comments())
    place.mailbox.put(place.reply("lucia"))
    assert place.fetch() == {"refused": 1}
    assert len(place.comments()) == before
    [mail] = place.mails_to("lucia")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["Subject"].startswith("Not posted")
    assert "left the organization" in text
    assert "Ask a focal point" in text
    assert mail["Reply-To"] is None
    assert "Nobody reads replies to this mail." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_reply_from_another_address_waits_until_its_author_says_that_it_is_theirs(place: Place) -> None:
    reply = place.reply("lucia")
    del reply["From"]
    reply["From"] = "Lucía <lucia.private@mail.example>"
    place.mailbox.put(reply)
    assert place.fetch() == {"held": 1}
    [row] = place.inbound()
    assert (row.state, row.held_text, row.held_from) == (InboundState.HELD, WORDS, "lucia.private@mail.example")
    assert WORDS not in [each.body for each in place.comments()]
    [mail] = place.mails_to("lucia")
    assert f"/me/mail/held/{row.id}" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert place.server.to("lucia.private@mail.example") == []
    with place.session() as session:
        for _ in range(2):  # a button that was pressed twice
            enqueue(session, "reply.release", {"inbound": row.id}, place.now)
    place.deliver()
    assert [each.body for each in place.comments()].count(WORDS) == 1
    [row] = place.inbound()
    assert (row.state, row.held_text) == (InboundState.POSTED, None)


def test_what_a_program_answers_is_answered_by_nothing(place: Place) -> None:
    place.mailbox.put(place.reply("lucia", "I am away until May.", Auto_Submitted="auto-replied"))
    place.mailbox.put(place.reply("lucia", "List mail.", Precedence="bulk"))
    assert place.fetch() == {"ignored": 2}
    assert place.server.messages == []
    assert [row.why for row in place.inbound()] == ["automatic", "automatic"]


def test_a_strangers_mail_without_our_mark_is_answered_by_nothing(place: Place) -> None:
    stranger = place.reply("lucia", From="Somebody <somebody@elsewhere.example>")
    del stranger["To"]
    stranger["To"] = "reply+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@onepact.example"
    place.mailbox.put(stranger)
    assert place.fetch() == {"ignored": 1}
    assert place.server.messages == []


def test_a_mark_is_good_for_ninety_days(place: Place) -> None:
    place.now = MONDAY + VALID + timedelta(days=1)
    place.mailbox.put(place.reply("lucia"))
    assert worker.fetch_mail(place.app, lambda: place.now) == {"refused": 1}
    assert place.inbound()[0].why == "expired"


@pytest.mark.parametrize(
    ("text", "why"), [("\n\n> quoted\n", "empty"), ("x " * 600_000, "too_large"), ("y" * 5000, "not_possible")]
)
def test_what_cannot_be_posted_is_answered_with_the_way_to_mend_it(place: Place, text: str, why: str) -> None:
    place.mailbox.put(place.reply("lucia", text))
    assert place.fetch() == {"refused": 1}
    assert place.inbound()[0].why == why
    [mail] = place.mails_to("lucia")
    assert mail["Subject"].startswith("Not posted")


def test_attachments_are_left_out_and_their_author_is_told(place: Place) -> None:
    reply = place.reply("lucia")
    reply.add_attachment(b"%PDF-1.7 plan", maintype="application", subtype="pdf", filename="plan.pdf")
    place.mailbox.put(reply)
    assert place.fetch() == {"posted": 1}
    assert place.comments()[-1].body == WORDS
    assert place.mails_to("lucia")[0]["Subject"].startswith("Posted without its attachment")


def test_two_machines_that_answer_each_other_are_stopped(place: Place) -> None:
    for number in range(8):
        reply = place.reply("lucia", f"> quoted {number}")
        place.mailbox.put(reply)
    assert place.fetch() == {"refused": 8}
    assert len(place.mails_to("lucia")) == 5


def test_a_mail_of_ours_that_comes_back_is_shown_to_whom_it_went(place: Place) -> None:
    _says(place, "rosa", "Would block centers do?")
    place.deliver()
    sent = place.mails_to("lucia")[0]
    place.mailbox.put(_report(sent["Message-ID"]))
    forged = sent["Message-ID"].replace(".", ".0", 1)
    place.mailbox.put(_report(forged))
    assert place.fetch() == {"ignored": 2}
    with place.session() as session:
        assert session.get_one(MailSettings, place.scene.people["lucia"].id).bounced_at == SOON
        assert len(session.scalars(select(MailSettings)).all()) == 1
    place.mailbox.put(place.reply("lucia"))
    place.fetch()
    with place.session() as session:
        assert session.get_one(MailSettings, place.scene.people["lucia"].id).bounced_at is None


def test_the_mailbox_is_read_among_the_chores_and_survives_a_server_that_is_away(place: Place) -> None:
    place.mailbox.put(place.reply("lucia"))
    place.app.config["IMAP_URL"], url = "imap://reply:x@127.0.0.1:1/INBOX", place.app.config["IMAP_URL"]
    worker.run_chores(place.app, place.now)
    place.app.config["IMAP_URL"] = url
    worker.run_chores(place.app, place.now)
    assert place.comments()[-1].body == WORDS


def _report(number: str) -> bytes:
    """A delivery status notification (RFC 3464), as mail servers send it."""
    head = f"From: MAILER-DAEMON@acme.example\nTo: reply@onepact.example\nMessage-ID: <{secrets.token_hex(6)}@acme.example>\n"
    kind = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    status = "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; acme.example\n\nStatus: 5.1.1\nAction: failed\n\n"
    ours = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {number}\nSubject: x\n\n--b--\n"
    return (head + kind + status + ours).encode()


def test_no_row_of_what_came_in_keeps_a_text_unless_it_is_held(place: Place) -> None:
    place.mailbox.put(place.reply("lucia"))
    place.fetch()
    with place.session() as session:
        row = session.scalars(select(InboundMessage)).one()
        assert row.held_text is None
        assert not [m for m in session.scalars(select(OutboxMessage)) if m.kind == "reply.release"]


def test_a_held_reply_that_nobody_answers_for_is_discarded_with_its_text(place: Place) -> None:
    reply = place.reply("lucia")
    del reply["From"]
    reply["From"] = "lucia.private@mail.example"
    place.mailbox.put(reply)
    place.fetch()
    with place.session() as session:
        discard_old_replies(session, SOON + timedelta(days=29))
        assert session.scalars(select(InboundMessage)).one().held_text == WORDS
        discard_old_replies(session, SOON + timedelta(days=31))
    [row] = place.inbound()
    assert (row.state, row.held_text, row.held_from) == (InboundState.DISCARDED, None, None)


def _unmarked(place: Place, who: str, **headers: str) -> EmailMessage:
    """A reply to a mail that has no mark: to where our mails come from."""
    return place.reply(who, **{"To": "reply@onepact.example", **headers})


def test_a_persons_reply_to_a_mail_without_a_conversation_is_answered_once_a_day_with_where_to_write(
    place: Place,
) -> None:
    place.mailbox.put(_unmarked(place, "lucia"))
    assert place.fetch() == {"refused": 1}
    [mail] = place.mails_to("lucia")
    assert mail["Subject"] == "Nobody read your mail: where to write instead"
    assert mail["Reply-To"] is None
    assert "Nobody reads replies to this mail." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "/inbox" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    place.mailbox.put(_unmarked(place, "lucia"))
    assert place.fetch() == {"ignored": 1}
    assert len(place.mails_to("lucia")) == 1
    place.now = SOON + timedelta(days=1, minutes=1)
    place.mailbox.put(_unmarked(place, "lucia"))
    assert place.fetch() == {"refused": 1}
    assert len(place.mails_to("lucia")) == 2
    assert place.comments() == []


def test_it_leads_to_the_page_of_the_mail_that_was_answered(place: Place) -> None:
    with place.session() as session:
        person, context = place.scene.people["lucia"], {"title": "Care Blocks", "organization": "Coastal"}
        work = Work(place.app.config, place.app.extensions["onepact_files"], worker.reading, SOON)
        to = Recipient(person.name, person.email)
        write_mail(session, work, "proposal_reopened", to, context, "GR-2026-0031", "/grants/x")
    place.deliver()
    [told] = place.mails_to("lucia")
    place.mailbox.put(_unmarked(place, "lucia", In_Reply_To=told["Message-ID"]))
    place.mailbox.put(_unmarked(place, "pia", In_Reply_To=told["Message-ID"]))
    place.fetch()
    answer = place.mails_to("lucia")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "/grants/x" in answer
    assert "Care Blocks" in answer
    assert "/grants/x" not in str(place.mails_to("pia")[-1])


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "stranger@nowhere.example"},
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
    ],
)
def test_neither_a_stranger_nor_a_machine_is_answered(place: Place, headers: dict[str, str]) -> None:
    place.mailbox.put(_unmarked(place, "lucia", **headers))
    assert place.fetch() == {"ignored": 1}
    assert place.server.messages == []
