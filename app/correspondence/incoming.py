"""One mail that came in, read with distrust: who says to have sent it, to which of our addresses, and what they wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from hashlib import sha256

from app.correspondence.stripping import plain, stripped
from app.foundation.text import clean

LARGEST = 1_000_000
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_MACHINES = frozenset({"mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply"})
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
# What the standard library raises on mails that keep no standard.
_UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, AssertionError)


@dataclass(frozen=True)
class Incoming:
    """A mail as far as it could be read. `digest` is the same for every delivery of one mail."""

    digest: str
    sender: str
    recipients: tuple[str, ...]
    is_automatic: bool
    text: str
    attachments: int
    failed: tuple[str, ...] = ()
    # The Message-IDs of the mails that it says to answer.
    answers: tuple[str, ...] = ()


def read_mail(raw: bytes) -> Incoming:
    """Read one mail; never raises, whatever it is made of."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    sender = next(iter(_addresses(mail, "From")), "")
    number = _header(mail, "Message-ID")
    return Incoming(
        digest=sha256(number.encode("utf-8", "replace") if number else raw).hexdigest(),
        sender=sender,
        recipients=tuple(address for name in _TO for address in _addresses(mail, name)),
        is_automatic=_is_automatic(mail, sender),
        text=clean(stripped(_body(mail))),
        attachments=_attachments(mail),
        failed=tuple(_returned(mail)),
        answers=tuple(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}".split()),
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name) or "").strip()
    except _UNREADABLE:
        return ""


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    try:
        values = [str(value) for value in mail.get_all(name) or []]
    except _UNREADABLE:
        return []
    return [address.strip().lower() for _, address in getaddresses(values) if "@" in address]


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """Sent by a program: out-of-office notices, lists, reports of delivery (RFC 3834, RFC 3464). None is answered."""
    said = _header(mail, "Auto-Submitted").lower().partition(";")[0].strip()
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe")
    return (
        said not in ("", "no")
        or _header(mail, "Precedence").lower() in _BULK
        or any(_header(mail, name) for name in marks)
        or _header(mail, "Return-Path") == "<>"
        or mail.get_content_type() == "multipart/report"
        or sender.partition("@")[0] in _MACHINES
    )


def _body(mail: EmailMessage) -> str:
    """The text part, or the HTML part made into text; empty where there is neither."""
    try:
        part = mail.get_body(preferencelist=("plain", "html"))
    except _UNREADABLE:
        part = None
    if part is None:
        return ""
    text = _decoded(part)
    return plain(text) if part.get_content_type() == "text/html" else text


def _decoded(part: MIMEPart) -> str:
    """The text of one part; letters of a charset that nobody knows are shown as far as they can be."""
    try:
        return str(part.get_content())
    except _UNREADABLE:
        raw = part.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _attachments(mail: EmailMessage) -> int:
    try:
        return sum(1 for part in mail.walk() if part.get_filename() or part.get_content_maintype() == "image")
    except _UNREADABLE:
        return 0


def _returned(mail: EmailMessage) -> Iterator[str]:
    """The Message-IDs of our mails that this report says were not delivered for good (RFC 3464: status 5.…)."""
    if mail.get_content_type() != "multipart/report":
        return
    parts = list(mail.walk())
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not any(str(block.get("Status", "")).startswith("5.") for report in reports for block in report.walk()):
        return
    for part in parts:
        kind = part.get_content_type()
        inside = part.get_payload()
        if kind == "message/rfc822" and isinstance(inside, list):
            yield from (str(each.get("Message-ID", "")) for each in inside if isinstance(each, Message))
        elif kind == "text/rfc822-headers" and isinstance(part, EmailMessage):
            yield str(message_from_bytes(_decoded(part).encode(), policy=policy.compat32).get("Message-ID", ""))
