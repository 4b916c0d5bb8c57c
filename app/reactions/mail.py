"""Writing one e-mail, and sending it: with text and HTML, alone or with what else waits for the same person.

`write_mail` is all that a reaction calls. What the mail is about, whether it may wait, and whether anybody can turn it off
stands in `app.rules.mail.MAILS`; what the person chose decides when it leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.correspondence.queries import preferences
from app.correspondence.tokens import LONGEST_REFERENCE, NOTE, PROPOSAL, off_token
from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.inbox.asked import asked_about
from app.organizations.models import Person
from app.organizations.queries import person_by_email
from app.outbox.commands import enqueue, rewrite
from app.outbox.models import OutboxMessage
from app.reactions.joining import joined
from app.reactions.posting import deliver, message
from app.reactions.readers import reader_of, still_concerns
from app.reactions.shortening import brief, one_line
from app.reactions.work import Apply, Work
from app.rules.mail import ASKING, Cadence, MailKind, Topic, kind_of
from app.rules.mail_hours import leaves_at

# What the conversation of a thing is called in a reply address, by the beginning of its reference.
_CONVERSATIONS = {"PR-": PROPOSAL}


@dataclass(frozen=True)
class Recipient:
    """Who gets a mail."""

    name: str
    email: str


def write_mail(
    session: Session, work: Work, template: str, to: Recipient, context: Mapping[str, object], about: str, link: str
) -> OutboxMessage | None:
    """Enqueue one mail from `templates/email/<template>/{subject.txt,body.txt,body.html}`; None where it is turned off.

    Several mails of one person about one thing are collected: `line.txt` is the line of one in such a list, or its subject.

    Args:
        context: `title` names the thing, `is_internal` keeps it and its replies apart from what others read; when it leaves, its
            reader must know of the dataset `concerns`, the edit `suggestion` be open, the act `undoable` (at `not_before`) and
            the `decisions` stand; `is_over` that it is overdue, `by_the_hour` that hours count, `acts` that its reader acts.
        about: the public reference of the case; mails about one case make one thread.
        link: the path that the mail's one button opens.
    """
    kind = kind_of(template, is_over=bool(context.get("is_over")), by_the_hour=bool(context.get("by_the_hour")))
    person = person_by_email(session, to.email)
    known = preferences(session, person.id) if person else None
    wishes = None if kind.is_mandatory else known
    if (cadence := wishes.cadence(kind.topic) if wishes else Cadence.NOW) is Cadence.OFF:
        return None
    marks: JSONObject = {
        "topic": kind.topic.value,
        "person": person.id if person is not None else None,
        "language": known.language if known else "en",
        "cadence": cadence.value,
        "is_urgent": kind.is_urgent and cadence is Cadence.NOW,
        "reply": _conversation(work, kind, person, about, is_internal=bool(context.get("is_internal"))),
        "off_link": _off_link(work, kind, person),
        "at": work.now.isoformat(),
    }
    payload = _written(work, template, to, context, about, link, marks)
    until = _not_before(context) or work.now
    if wishes is None:
        return enqueue(session, "mail.send", payload, work.now, about, until, recipient=to.email)
    due_at = leaves_at(work.now, cadence, wishes.hours, is_urgent=kind.is_urgent, not_before=until)
    asks = due_at > work.now and bool(context.get("acts", True))
    payload["asked"] = _asked_for(session, kind, person, about, work.now) if asks else None
    key = _batch_key(cadence, to.email, about, str(marks["reply"]))
    return enqueue(session, "mail.send", payload, work.now, about, due_at, key, to.email)


def _asked_for(session: Session, kind: MailKind, person: Person | None, about: str, now: datetime) -> list[str] | None:
    """What waits for the reader of a mail that asks for it, to be compared when the mail leaves; None where nothing does."""
    if person is None or kind.topic not in ASKING:
        return None
    return sorted(asked_about(session, reader_of(session, person), about, now)) or None


def _not_before(context: Mapping[str, object]) -> datetime | None:
    until = context.get("not_before")
    return until if isinstance(until, datetime) else None


def send_mail(work: Work, payload: JSONObject) -> Apply | None:
    """Deliver one mail by SMTP, with those that go along; the demo without a server keeps it in its mailbox instead.

    What its recipient turned off, or may no longer know of, is left out; what was sent is kept in place of what was written.

    Raises:
        RuntimeError: no server is configured.
        OSError, smtplib.SMTPException: the server did not take it; the message is tried again later.
    """
    others = payload.get("joined")
    parts = [payload, *(part for part in others if isinstance(part, dict))] if isinstance(others, list) else [payload]
    with work.reading() as session:
        wanted = sorted(
            (p for p in parts if still_concerns(session, p, work.now)), key=lambda part: str(part.get("at", ""))
        )
    if not wanted:
        return lambda session: rewrite(session, work.message_id, {**payload, "dropped": True})
    mail = joined(wanted, _common(work, wanted[-1]))
    if len(wanted) > 1:
        mail["undoables"] = [part["undoable"] for part in wanted if part.get("undoable")]
    url = str(work.settings["SMTP_URL"])
    if not url and not work.settings.get("IS_DEMO"):
        raise RuntimeError("SMTP_URL is not set, so mail cannot be sent")
    if url:
        deliver(url, message(work, mail, work.now))
    return None if mail == payload else lambda session: rewrite(session, work.message_id, mail)


def _written(
    work: Work,
    template: str,
    to: Recipient,
    context: Mapping[str, object],
    about: str,
    link: str,
    marks: JSONObject,
) -> JSONObject:
    values = {
        **brief(context),
        "to": to,
        "link": work.public_url + link,
        "consortium_name": work.settings["CONSORTIUM_NAME"],
        "about": about,
        **{key: marks[key] for key in ("reply", "off_link")},
    }
    with force_locale(str(marks["language"])):
        subject = one_line(render_template(f"email/{template}/subject.txt", **values))
        line = render_template([f"email/{template}/line.txt", f"email/{template}/subject.txt"], **values)
        return {
            "template": template,
            "to_name": to.name,
            "to_email": to.email,
            "subject": subject,
            "text": render_template(f"email/{template}/body.txt", **values).strip() + "\n",
            "html": render_template(f"email/{template}/body.html", subject=subject, **values),
            "thread": about,
            "line": " ".join(line.split()),
            "title": str(context.get("title", "")),
            "concerns": str(context.get("concerns", "")),
            "undoable": context.get("undoable"),
            "suggestion": context.get("suggestion"),
            "decisions": context.get("decisions"),
            "link": values["link"],
            **marks,
        }


def _common(work: Work, mail: JSONObject) -> dict[str, object]:
    return {
        "consortium_name": work.settings["CONSORTIUM_NAME"],
        "public_url": work.public_url,
        "to": Recipient(str(mail["to_name"]), str(mail["to_email"])),
        "about": mail.get("thread", ""),
    }


def _batch_key(cadence: Cadence, email: str, about: str, side: str) -> str:
    """Mails of now go together about one thing and to one side of its conversation; a digest takes everything."""
    if cadence is not Cadence.NOW:
        return f"{cadence.value} {content_hash([email])[:40]}"
    return f"now {content_hash([email, about, side])[:40]}"


def _conversation(work: Work, kind: MailKind, person: Person | None, about: str, *, is_internal: bool) -> str:
    """What a reply to this mail goes to; empty where it goes nowhere."""
    if person is None or kind.topic is Topic.ACCOUNT or not work.settings.get("INBOUND_ADDRESS"):
        return ""
    thing = next(
        (
            thing
            for start, thing in _CONVERSATIONS.items()
            if about.startswith(start) and len(about) <= LONGEST_REFERENCE
        ),
        "",
    )
    return NOTE if thing and is_internal else thing


def _off_link(work: Work, kind: MailKind, person: Person | None) -> str:
    if person is None or kind.is_mandatory:
        return ""
    return f"{work.public_url}/mail/off/{off_token(work.settings, person.id, kind.topic)}"
