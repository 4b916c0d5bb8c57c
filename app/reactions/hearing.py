"""Who had heard of something that was taken back: those to whom a mail that tells of it has gone, or is just going."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Person
from app.organizations.queries import person_by_email
from app.outbox.models import MessageState, OutboxMessage


def who_heard(session: Session, about: str, key: object, now: datetime) -> list[Person]:
    """Those to whom it was told. The others never hear of it: their mail waits, and is dropped.

    Args:
        about: the reference of the thing; `key`: by what its mails name the act.
    """
    about_it = select(OutboxMessage).where(OutboxMessage.about == about, OutboxMessage.kind == "mail.send")
    found = session.scalars(about_it.order_by(OutboxMessage.id)).all()
    told = [each.recipient for each in found if _tells_of(each, key) and _has_left(session, each, now)]
    people = [person_by_email(session, address) for address in dict.fromkeys(told) if address]
    return [person for person in people if person is not None]


def _tells_of(message: OutboxMessage, key: object) -> bool:
    """Whether a mail tells of the act: itself, or by one that it has taken along."""
    joined, gone = message.payload.get("joined"), message.payload.get("undoables")
    parts = [message.payload, *(joined if isinstance(joined, list) else ())]
    keys = [part.get("undoable") for part in parts if isinstance(part, dict)]
    return key in (*keys, *(gone if isinstance(gone, list) else ()))


def _has_left(session: Session, message: OutboxMessage, now: datetime) -> bool:
    carrier = session.get_one(OutboxMessage, message.joined_id) if message.joined_id else message
    if carrier.state is MessageState.DONE:
        return not carrier.payload.get("dropped")
    return carrier.leased_until is not None and carrier.leased_until > now
