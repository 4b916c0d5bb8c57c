"""Replies by mail: read from the mailbox, posted by the person in their own name with the rights of that moment.

The mark in the address is the secret; that the sender's address is the person's comes on top of it, and is not trusted
alone, since anybody can write any address. No reply signs anybody in, and no mail goes to an address that is not a person's.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.correspondence.commands import RELEASE, TEST, close_held, forget_bounce, forget_held, note_bounce
from app.correspondence.incoming import Incoming, read_mail
from app.correspondence.mailbox import Letter, opened
from app.correspondence.models import InboundMessage, InboundState
from app.correspondence.queries import NO_MARK, answered_since, is_known, posted_since, was_pointed_on
from app.correspondence.tokens import NOTE, PROPOSAL, ReplyToken, read_reply_token, token_in
from app.foundation.base import JSONObject
from app.foundation.errors import DomainError, Invalid, WrongState
from app.foundation.words import N_
from app.organizations.models import Person
from app.organizations.queries import person_by_email
from app.outbox.models import OutboxMessage
from app.proposals.commands.conversation import comment
from app.reactions.mail import Recipient, write_mail
from app.reactions.posting import identity, sender
from app.reactions.readers import reader_of
from app.reactions.work import Apply, Chore, Handler, Job, Work, Writing
from app.rules.actors import Actor
from app.rules.mail import Topic
from app.web.answers import told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_POSTED_AN_HOUR = 20
MOST_ANSWERED_AN_HOUR = 5
AUTHENTICATION = "mail reply"
_NUMBER = re.compile(r"<(\d{1,18})\.([0-9a-f]{32})@")

_REMEDY_PAGE = N_("Open the page of the proposal and write there.")
# Why a reply was not posted, and what mends it.
_REASONS: Mapping[str, tuple[str, str]] = {
    "expired": (N_("The mail that you answered is more than 90 days old."), _REMEDY_PAGE),
    "too_large": (
        N_("Your mail is larger than 1 MB."),
        N_("Send it again without attachments, or write on the page of the proposal."),
    ),
    "empty": (
        N_("Nothing of your own was found above the mail that you answered."),
        N_("Write your words at the top of the reply, above the line, and send it again."),
    ),
    "too_many": (N_("More than 20 replies came from you within an hour."), _REMEDY_PAGE),
    "no_right": (
        N_("You may not write on it now. You may have left the organization, or it is no longer with you."),
        N_("Ask a focal point of your organization for a new invitation, or write to the secretariat."),
    ),
}

# Posts a text to one thing, by what the mark in the address names; refuses as the command behind it does.
Post = Callable[[Session, Actor, str, str, datetime], object]


def _post_message(session: Session, actor: Actor, ref: str, text: str, now: datetime) -> object:
    return comment(session, actor, ref, text, now)


def _post_note(session: Session, actor: Actor, ref: str, text: str, now: datetime) -> object:
    return comment(session, actor, ref, text, now, is_internal=True)


POSTS: Mapping[str, Post] = {PROPOSAL: _post_message, NOTE: _post_note}


def fetch_replies(work: Work, writing: Writing) -> dict[str, int]:
    """Handle what is new in the mailbox, each mail in a transaction of its own; returns how many came to which end.

    Raises:
        MailboxError: the mailbox cannot be read.
    """
    found: dict[str, int] = {}
    url = str(work.settings.get("IMAP_URL") or "")
    if not url or not work.settings.get("INBOUND_ADDRESS"):
        return found
    with opened(url) as mailbox:
        for letter in mailbox.unseen():
            end = _handled(work, writing, letter)
            mailbox.mark_handled(letter)
            found[end] = found.get(end, 0) + 1
    return found


def _handled(work: Work, writing: Writing, letter: Letter) -> str:
    mail = read_mail(letter.raw)
    try:
        with writing() as session:
            if is_known(session, mail.digest):
                return "known"
            return receive(session, work, mail, is_too_large=letter.is_too_large).state.value
    except IntegrityError:  # another worker has taken the same mail meanwhile
        return "known"


def receive(session: Session, work: Work, mail: Incoming, *, is_too_large: bool = False) -> InboundMessage:
    """Decide what becomes of one mail, do it, and keep a line about it without its text."""
    token = _token(work, mail)
    row = InboundMessage(
        digest=mail.digest,
        received_at=work.now,
        state=InboundState.IGNORED,
        why="",
        thing=token.thing if token else None,
        ref=token.ref if token else None,
    )
    session.add(row)
    row.why = _not_a_reply(session, work, mail, token)
    session.flush()  # before anything is posted: who is second here waits, and then finds it known
    if row.why == NO_MARK:
        _point_on(session, work, row, mail)
        return row
    person = session.get(Person, token.person_id) if token else None
    if row.why or token is None or person is None or not person.active:
        row.why = row.why or "nobody"
        return row
    row.person_id = person.id
    if mail.sender != person.email.lower():
        _hold(session, work, row, person, mail)
    elif why := _unfit(session, work, mail, token, person, is_too_large=is_too_large):
        _refuse(session, work, row, person, why, *_REASONS[why])
    else:
        forget_bounce(session, person.id)
        _post(session, work, row, person, mail.text, mail.attachments)
    return row


def _token(work: Work, mail: Incoming) -> ReplyToken | None:
    marks = (token_in(work.settings, address) for address in mail.recipients)
    return next((found for mark in marks if mark and (found := read_reply_token(work.settings, mark))), None)


def _not_a_reply(session: Session, work: Work, mail: Incoming, token: ReplyToken | None) -> str:
    """Why this is nobody's reply, empty where it may be one. Nothing but a person's own mail is answered."""
    if mail.failed:
        for number in mail.failed:
            _note_failure(session, work, number)
        return "not_delivered"
    own = sender(str(work.settings["SMTP_URL"]), urlsplit(work.public_url).hostname or "localhost")
    if mail.is_automatic or mail.sender == own.lower():
        return "automatic"
    return "" if token else NO_MARK


def _note_failure(session: Session, work: Work, number: str) -> None:
    """A mail of ours came back. Only a report that names a mail which we did send counts."""
    row = _sent_as(session, number)
    person = person_by_email(session, row.recipient) if row is not None and row.recipient else None
    if person is not None:
        note_bounce(session, person.id, work.now)


def _sent_as(session: Session, number: str) -> OutboxMessage | None:
    """The mail of ours that has this Message-ID, which nobody can guess without having seen it."""
    match = _NUMBER.search(number)
    row = session.get(OutboxMessage, int(match[1])) if match else None
    return row if match and row is not None and identity(row.payload) == match[2] else None


def _point_on(session: Session, work: Work, row: InboundMessage, mail: Incoming) -> None:
    """Tell a person whose mail reaches nobody where to write: at their own address, and once a day at most."""
    person = person_by_email(session, mail.sender)
    if person is None or not person.active:
        return
    session.get_one(Person, person.id, with_for_update=True)
    if was_pointed_on(session, person.id, work.now - DAY):
        return
    row.state, row.person_id = InboundState.REFUSED, person.id
    session.flush()
    title, link = _meant(session, work, person, mail)
    write_mail(session, work, "reply_unread", Recipient(person.name, person.email), {"title": title}, "replies", link)


def _meant(session: Session, work: Work, person: Person, mail: Incoming) -> tuple[str, str]:
    """What the mail that a person answered was about, and its page; the inbox where it says nothing that we sent to them."""
    for number in mail.answers:
        sent = _sent_as(session, number)
        link = str(sent.payload.get("link", "")) if sent is not None and sent.recipient == person.email else ""
        # A page that opens by a secret in its address is not sent a second time.
        if sent is not None and link.startswith(work.public_url) and sent.payload.get("topic") != Topic.ACCOUNT:
            return str(sent.payload.get("title", "")), link.removeprefix(work.public_url)
    return "", "/inbox"


def _unfit(
    session: Session, work: Work, mail: Incoming, token: ReplyToken, person: Person, *, is_too_large: bool
) -> str:
    if token.expires_at <= work.now:
        return "expired"
    if is_too_large:
        return "too_large"
    if not mail.text:
        return "empty"
    return "too_many" if posted_since(session, person.id, work.now - HOUR) >= MOST_POSTED_AN_HOUR else ""


def _post(session: Session, work: Work, row: InboundMessage, person: Person, text: str, attachments: int) -> None:
    actor = reader_of(session, person, AUTHENTICATION)
    ref = row.ref or ""
    try:
        with session.begin_nested():
            POSTS[row.thing or ""](session, actor, ref, text, work.now)
    except (Invalid, WrongState) as error:
        _refuse(session, work, row, person, "not_possible", error.message, _REMEDY_PAGE)
        return
    except DomainError:
        _refuse(session, work, row, person, "no_right", *_REASONS["no_right"])
        return
    row.state, row.why = InboundState.POSTED, "posted"
    if attachments:
        context = {"reference": ref, "num": attachments}
        _tell(session, work, person, "reply_trimmed", context, ref)


def _refuse(
    session: Session, work: Work, row: InboundMessage, person: Person, reason: str, why: str, remedy: str
) -> None:
    is_loud = answered_since(session, person.id, work.now - HOUR) < MOST_ANSWERED_AN_HOUR
    row.state, row.why = InboundState.REFUSED, reason
    if is_loud:
        context = {"reference": row.ref or "", "why": told(why), "remedy": told(remedy)}
        _tell(session, work, person, "reply_refused", context, row.ref or "")


def _hold(session: Session, work: Work, row: InboundMessage, person: Person, mail: Incoming) -> None:
    """Keep a reply that came from another address until the person has seen it."""
    if not mail.text or answered_since(session, person.id, work.now - HOUR) >= MOST_ANSWERED_AN_HOUR:
        row.why = "too_many" if mail.text else "empty"
        return
    row.state, row.why = InboundState.HELD, "other_address"
    row.held_from, row.held_text = mail.sender[:254], mail.text
    session.flush()
    context = {"reference": row.ref or "", "address": mail.sender[:254]}
    to = Recipient(person.name, person.email)
    write_mail(session, work, "reply_held", to, context, f"reply {row.ref}", f"/me/mail/held/{row.id}")


def _tell(session: Session, work: Work, person: Person, template: str, context: Mapping[str, object], ref: str) -> None:
    to = Recipient(person.name, person.email)
    write_mail(session, work, template, to, context, f"reply {ref}", f"/proposals/{ref}")


def release(work: Work, payload: JSONObject) -> Apply | None:
    """Post a held reply that its author has acknowledged; once, however often they pressed the button."""

    def apply(session: Session) -> None:
        found = select(InboundMessage).where(InboundMessage.id == int(str(payload["inbound"])))
        row = session.scalars(found.with_for_update()).one()
        if row.held_text is None or row.person_id is None:
            return
        text, person = row.held_text, session.get_one(Person, row.person_id)
        close_held(row, InboundState.REFUSED)
        _post(session, work, row, person, text, 0)

    return apply


def write_test(work: Work, payload: JSONObject) -> Apply | None:
    """The test mail that a person asked for, or the operator for any address."""

    def apply(session: Session) -> None:
        if payload.get("address"):
            to = Recipient("", str(payload["address"]))
        else:
            person = session.get_one(Person, int(str(payload["person"])))
            to = Recipient(person.name, person.email)
        write_mail(session, work, "mail_test", to, {}, "mail test", "/me/mail")

    return apply


def discard_old_replies(session: Session, now: datetime) -> None:
    """Replies that nobody has answered for."""
    forget_held(session, now)


HANDLERS: dict[str, Handler] = {RELEASE: release, TEST: write_test}
SCHEDULE: tuple[Job, ...] = (discard_old_replies,)
CHORES: tuple[Chore, ...] = (fetch_replies,)
