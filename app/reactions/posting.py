"""One mail as it goes over the line: its headers, its thread, the address for replies, and the server that takes it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from flask_babel import gettext as _

from app.correspondence.server import connected
from app.correspondence.tokens import reply_address, reply_token
from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.reactions.work import Work

# What makes a mail this mail: the same at every try.
_IDENTITY = ("template", "to_email", "subject", "text", "thread", "at")


def message(work: Work, payload: JSONObject, at: datetime) -> EmailMessage:
    """The mail as it goes out. Its Message-ID is the same at every try, so that a repeat can be recognized."""
    host = urlsplit(work.public_url).hostname or "localhost"
    mail = EmailMessage()
    mail["Subject"] = str(payload["subject"])
    house = str(work.settings["CONSORTIUM_NAME"])
    mail["From"] = Address(house, addr_spec=sender(str(work.settings["SMTP_URL"]), host))
    mail["To"] = Address(str(payload["to_name"]), addr_spec=str(payload["to_email"]))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{work.message_id}.{identity(payload)}@{host}>"
    thread = f"<{content_hash(['thread', str(payload.get('thread', ''))])[:40]}@{host}>"
    mail["References"] = thread
    mail["In-Reply-To"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"{house.encode('ascii', 'ignore').decode()} <mail.{host}>"
    if payload.get("reply") and payload.get("person"):
        ref = str(payload["thread"])
        token = reply_token(work.settings, int(str(payload["person"])), str(payload["reply"]), ref, at)
        name = _("Conversation on %(reference)s", reference=ref)
        mail["Reply-To"] = Address(name, addr_spec=reply_address(work.settings, token))
    if payload.get("off_link"):
        mail["List-Unsubscribe"] = f"<{payload['off_link']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    elif payload.get("preferences_link"):
        mail["List-Unsubscribe"] = f"<{payload['preferences_link']}>"
    mail.set_content(str(payload["text"]))
    mail.add_alternative(str(payload["html"]), subtype="html")
    return mail


def identity(payload: JSONObject) -> str:
    """The part of a Message-ID that nobody can guess without having seen the mail."""
    return content_hash([str(payload.get(key, "")) for key in _IDENTITY])[:32]


def sender(url: str, host: str) -> str:
    """The address that mails come from: the one that SMTP_URL names, else one at the installation's own host."""
    asked = parse_qs(urlsplit(url).query).get("from")
    if asked:
        return asked[0]
    return f"onepact@{host if '.' in host and not host[0].isdigit() else 'localhost.localdomain'}"


def deliver(url: str, mail: EmailMessage) -> None:
    """Hand one mail to the server; raises OSError or smtplib.SMTPException where it is not taken."""
    with connected(url) as server:
        server.send_message(mail)
