"""Whether mail goes out and comes in, tried on the servers themselves, each with the line that mends it."""

import smtplib
from collections.abc import Mapping

from app.correspondence.mailbox import MailboxError, opened
from app.correspondence.server import connected
from app.operations.health import Check

SMTP_EXAMPLE = "SMTP_URL=smtp://user:password@mail.example.org:587?starttls=1"
IMAP_EXAMPLE = "IMAP_URL=imaps://reply:password@mail.example.org:993/INBOX"
ADDRESS_EXAMPLE = "INBOUND_ADDRESS=reply@onepact.example.org"


def mail_settings(config: Mapping[str, object]) -> list[Check]:
    """The mail server, and the mailbox for replies with its address; both may be left out on purpose."""
    return [*_outgoing(str(config.get("SMTP_URL") or "")), *_incoming(config)]


def _outgoing(url: str) -> list[Check]:
    if not url:
        return []  # what health says already
    try:
        with connected(url) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return [Check("SMTP_URL", False, f"the mail server does not take mail: {_words(error)}", SMTP_EXAMPLE)]
    return [Check("SMTP_URL", True, "the mail server answers")]


def _incoming(config: Mapping[str, object]) -> list[Check]:
    address, url = str(config.get("INBOUND_ADDRESS") or ""), str(config.get("IMAP_URL") or "")
    if not address and not url:
        return [Check("replies", True, f"cannot be sent by mail. To have them: {ADDRESS_EXAMPLE} and {IMAP_EXAMPLE}")]
    if not address:
        return [Check("INBOUND_ADDRESS", False, "is not set, so no mail can be replied to", ADDRESS_EXAMPLE)]
    if not url:
        return [Check("IMAP_URL", False, f"is not set, so nobody reads replies to {address}", IMAP_EXAMPLE)]
    try:
        with opened(url):
            pass
    except MailboxError as error:
        return [Check("IMAP_URL", False, str(error), IMAP_EXAMPLE)]
    return [Check("replies", True, f"to {address} are read")]


def _words(error: Exception) -> str:
    """What the server said, without what was sent to it."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
