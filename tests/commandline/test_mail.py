"""`flask mail`: what the operator reads when it works, and when it cannot."""

from unittest import mock

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.outbox.models import OutboxMessage
from tests.support.imap import ReplyMailbox

ADDRESS = "reply@onepact.example"


def test_without_a_mailbox_the_settings_to_write_are_named(cli: FlaskCliRunner) -> None:
    done = cli.invoke(args=["mail", "fetch"])
    assert done.exit_code == 1
    assert "Set INBOUND_ADDRESS and IMAP_URL" in done.stderr


def test_a_mailbox_that_does_not_answer_is_said_in_words(app: Flask, cli: FlaskCliRunner) -> None:
    settings = {"INBOUND_ADDRESS": ADDRESS, "IMAP_URL": "imap://reply:secret@127.0.0.1:1/INBOX"}
    with mock.patch.dict(app.config, settings):
        done = cli.invoke(args=["mail", "fetch"])
    assert done.exit_code == 1
    assert "could not be read" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_mailbox_is_read(app: Flask, cli: FlaskCliRunner, reply_mailbox: ReplyMailbox) -> None:
    with mock.patch.dict(app.config, {"INBOUND_ADDRESS": ADDRESS, "IMAP_URL": reply_mailbox.url}):
        done = cli.invoke(args=["mail", "fetch"])
    assert (done.exit_code, done.stdout) == (0, "0 mails read.\n")


def test_a_test_mail_to_any_address_is_put_into_the_outbox(cli: FlaskCliRunner, session: Session) -> None:
    done = cli.invoke(args=["mail", "test", "Rosa@Coastal.example"])
    assert done.exit_code == 0, done.output
    [message] = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.test"))
    assert message.payload == {"address": "rosa@coastal.example"}
