"""Writing and sending one e-mail. Every mail is a message of its own, with text and HTML, kept as it was sent."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from flask import render_template
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.outbox.commands import enqueue
from app.outbox.models import OutboxMessage
from app.reactions.work import Apply, Work

TIMEOUT_SECONDS = 20
LONGEST_SUBJECT = 120


@dataclass(frozen=True)
class Recipient:
    """Who gets a mail."""

    name: str
    email: str


def write_mail(
    session: Session, work: Work, template: str, to: Recipient, context: Mapping[str, object], about: str, link: str
) -> OutboxMessage:
    """Enqueue one mail from `templates/email/<template>/{subject.txt,body.txt,body.html}`.

    Args:
        about: the public reference of the case; mails about one case make one thread.
        link: the path that the mail's one button opens.
    """
    values = {
        **context,
        "to": to,
        "link": work.public_url + link,
        "consortium_name": work.settings["CONSORTIUM_NAME"],
        "about": about,
    }
    subject = " ".join(render_template(f"email/{template}/subject.txt", **values).split())[:LONGEST_SUBJECT]
    payload: JSONObject = {
        "template": template,
        "to_name": to.name,
        "to_email": to.email,
        "subject": subject,
        "text": render_template(f"email/{template}/body.txt", **values).strip() + "\n",
        "html": render_template(f"email/{template}/body.html", subject=subject, **values),
        "thread": about,
    }
    return enqueue(session, "mail.send", payload, work.now, about=about)


def send_mail(work: Work, payload: JSONObject) -> Apply | None:
    """Deliver one mail by SMTP; the demo without a server keeps it in its mailbox instead.

    Raises:
        RuntimeError: no server is configured.
        OSError, smtplib.SMTPException: the server did not take it; the message is tried again later.
    """
    url = str(work.settings["SMTP_URL"])
    if not url and work.settings.get("IS_DEMO"):
        return None
    if not url:
        raise RuntimeError("SMTP_URL is not set, so mail cannot be sent")
    _deliver(url, message(work, payload, work.now))
    return None


def message(work: Work, payload: JSONObject, at: datetime) -> EmailMessage:
    """The mail as it goes out. Its Message-ID is the same at every try, so that a repeat can be recognized."""
    host = urlsplit(work.public_url).hostname or "localhost"
    mail = EmailMessage()
    mail["Subject"] = str(payload["subject"])
    mail["From"] = Address(
        str(work.settings["CONSORTIUM_NAME"]), addr_spec=_sender(str(work.settings["SMTP_URL"]), host)
    )
    mail["To"] = Address(str(payload["to_name"]), addr_spec=str(payload["to_email"]))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{content_hash([str(payload[k]) for k in sorted(payload)])[:40]}@{host}>"
    thread = f"<{content_hash(['thread', str(payload.get('thread', ''))])[:40]}@{host}>"
    mail["References"] = thread
    mail["In-Reply-To"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(str(payload["text"]))
    mail.add_alternative(str(payload["html"]), subtype="html")
    return mail


def _sender(url: str, host: str) -> str:
    asked = parse_qs(urlsplit(url).query).get("from")
    return (
        asked[0] if asked else f"onepact@{host if '.' in host and not host[0].isdigit() else 'localhost.localdomain'}"
    )


def _deliver(url: str, mail: EmailMessage) -> None:
    parts = urlsplit(url)
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(parts.hostname or "", port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(parts.hostname or "", port, timeout=TIMEOUT_SECONDS)
    with server:
        if parse_qs(parts.query).get("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
