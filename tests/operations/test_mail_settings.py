"""The doctor tries the servers of mail themselves, and names the line that mends what is wrong."""

import pytest

from app.operations.health import Check
from app.operations.mail_settings import mail_settings
from tests.support.imap import ReplyMailbox
from tests.support.mail import MailServer
from tests.support.programs import free_port

ADDRESS = "reply@onepact.example"


def _wrong(**config: str) -> dict[str, Check]:
    return {check.name: check for check in mail_settings(config) if not check.is_fine}


def test_servers_that_answer_are_fine(mail_server: MailServer, reply_mailbox: ReplyMailbox) -> None:
    config = {"SMTP_URL": mail_server.url, "IMAP_URL": reply_mailbox.url, "INBOUND_ADDRESS": ADDRESS}
    assert [check.name for check in mail_settings(config)] == ["SMTP_URL", "replies"]
    assert not _wrong(**config)


def test_a_mail_server_that_is_away_is_named_with_the_line_to_write() -> None:
    check = _wrong(SMTP_URL=f"smtp://127.0.0.1:{free_port()}")["SMTP_URL"]
    assert "refused" in check.seen
    assert check.remedy.startswith("SMTP_URL=smtp://")


def test_a_mail_server_that_knows_no_sign_in_is_named_without_the_password(mail_server: MailServer) -> None:
    check = _wrong(SMTP_URL=f"smtp://rosa:meander@127.0.0.1:{mail_server.port}")["SMTP_URL"]
    assert "meander" not in check.seen
    assert check.remedy


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("basalt%20teacup", "refused to open the mailbox"),
        ("/INBOX", "there is no folder"),
        ("@127.0.0.1", "does not answer"),
    ],
)
def test_a_mailbox_that_cannot_be_opened_is_named(reply_mailbox: ReplyMailbox, change: str, said: str) -> None:
    wrong = {"basalt%20teacup": "wrong", "/INBOX": "/Nowhere", "@127.0.0.1": "@127.0.0.2"}[change]
    check = _wrong(IMAP_URL=reply_mailbox.url.replace(change, wrong), INBOUND_ADDRESS=ADDRESS)["IMAP_URL"]
    assert said in check.seen
    assert check.remedy.startswith("IMAP_URL=imaps://")
    assert "teacup" not in check.seen


def test_half_of_what_replies_need_is_named() -> None:
    assert _wrong(IMAP_URL="imap://a:b@127.0.0.1")["INBOUND_ADDRESS"].remedy.startswith("INBOUND_ADDRESS=")
    assert _wrong(INBOUND_ADDRESS=ADDRESS)["IMAP_URL"].remedy.startswith("IMAP_URL=")


def test_replies_left_out_on_purpose_are_no_fault() -> None:
    assert not _wrong()
