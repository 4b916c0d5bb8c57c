"""One-time codes for signing: six digits by mail, for ten minutes and five tries.

A code is computed from its row and the installation's secret: no table and no message holds it before its mail is written.
"""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agreements import evidence
from app.agreements.commands.acting import locked_accession, person_acting
from app.agreements.evidence import Trace, Typed
from app.agreements.models import Accession, SigningCode
from app.agreements.queries import newest_code
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor

VALID = timedelta(minutes=10)
MOST_TRIES = 5
MOST_PER_HOUR = 6
_DIGITS = 6


class CodeAnswer(StrEnum):
    """What became of a code that was entered."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED_UP = "used_up"
    NONE_SENT = "none_sent"


ANSWERS: dict[CodeAnswer, str] = {
    CodeAnswer.RIGHT: "",
    CodeAnswer.WRONG: N_(
        "This is not the code that we sent. Check the newest mail; five tries are possible for each code."
    ),
    CodeAnswer.EXPIRED: N_("This code has expired. Send a new one; what you typed is kept."),
    CodeAnswer.USED_UP: N_("This code was tried five times. Send a new one; what you typed is kept."),
    CodeAnswer.NONE_SENT: N_("Send yourself a code first; what you typed is kept."),
}


def send_code(
    session: Session, actor: Actor, reference: str, typed: Typed, secret: str, trace: Trace, now: datetime
) -> SigningCode:
    """Send the signatory a new code, keeping what was typed. The code before it no longer works.

    Raises:
        Invalid: six codes were sent within an hour.
    """
    row, _ = locked_accession(session, actor, reference, Action.SIGN_ACCESSION)
    person = person_acting(session, actor)
    if _sent_lately(session, row, person.id, now) >= MOST_PER_HOUR:
        raise Invalid(
            N_("Six codes were sent within an hour. Wait a while, look into your mail, then send a new one."), "code"
        )
    evidence.keep_typed(row, typed)
    code = SigningCode(accession_id=row.id, person_id=person.id, code_hash="", sent_at=now, expires_at=now + VALID)
    session.add(code)
    session.flush()
    code.code_hash = _code_hash(secret, code, one_time_code(secret, code))
    evidence.add_step(row, "code sent by mail", actor.name, trace, now)
    enqueue(session, "accession.code", {"code": code.id}, now, about=row.reference)
    session.flush()
    return code


def enter_code(
    session: Session, actor: Actor, reference: str, entered: str, secret: str, trace: Trace, now: datetime
) -> CodeAnswer:
    """Check a code. A wrong try counts, so the caller commits whatever the answer is.

    A right code is used up by this; `sign` asks for one that was entered at the same moment.
    """
    row, _ = locked_accession(session, actor, reference, Action.SIGN_ACCESSION)
    person = person_acting(session, actor)
    code = newest_code(session, row.id, person.id)
    if code is None or code.used_at is not None:
        return CodeAnswer.NONE_SENT
    if code.tries >= MOST_TRIES:
        return CodeAnswer.USED_UP
    if now >= code.expires_at:
        return CodeAnswer.EXPIRED
    digits = "".join(character for character in entered if character.isascii() and character.isdigit())
    if not hmac.compare_digest(code.code_hash, _code_hash(secret, code, digits)):
        code.tries += 1
        evidence.add_step(row, "wrong code entered", actor.name, trace, now)
        return CodeAnswer.USED_UP if code.tries >= MOST_TRIES else CodeAnswer.WRONG
    code.used_at = now
    evidence.add_step(row, "code entered", actor.name, trace, now)
    return CodeAnswer.RIGHT


def one_time_code(secret: str, code: SigningCode) -> str:
    """The six digits of a code; anyone without the secret would have to guess them."""
    told = f"signing code {code.id} {code.accession_id} {code.person_id} {code.sent_at.timestamp():.6f}"
    number = int.from_bytes(hmac.new(secret.encode(), told.encode(), sha256).digest()[:8], "big")
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def _code_hash(secret: str, code: SigningCode, digits: str) -> str:
    return hmac.new(secret.encode(), f"entered {code.id} {digits}".encode(), sha256).hexdigest()


def _sent_lately(session: Session, row: Accession, person_id: int, now: datetime) -> int:
    statement = select(func.count()).where(
        SigningCode.accession_id == row.id,
        SigningCode.person_id == person_id,
        SigningCode.sent_at > now - timedelta(hours=1),
    )
    return session.scalar(statement) or 0
