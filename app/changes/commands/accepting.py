"""The recipient's answer to a hand-over, by the link from the mail and a one-time code; no account is needed."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agreements.commands.codes import CodeAnswer
from app.agreements.evidence import Trace
from app.changes.commands.handing import locked, put, require_not_over, tell
from app.changes.handed import record_of
from app.changes.models import SubGrantCode
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean_line, fold
from app.foundation.words import N_
from app.grants.commands.acting import NOT_THERE
from app.grants.models import Grant, SubGrant
from app.grants.queries.verification import is_in_force
from app.grants.record import Act
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.handover import CODE_MINUTES, CODE_TRIES, CODES_PER_HOUR, STATEMENTS
from app.rules.permissions import permit
from app.rules.roles import Role
from app.rules.workflow import Machine, SubGrantState

CODE, SEAL = "subgrant.code", "subgrant.seal"
_DIGITS = 6
_RECIPIENT = frozenset({Role.RECIPIENT})


@dataclass(frozen=True)
class Answer:
    """What the recipient types and ticks."""

    name: str
    may_bind: bool
    keeps_terms: bool


def send_code(session: Session, token: str, secret: str, now: datetime) -> SubGrantCode:
    """Send a new code to the address of the offer; the one before it no longer works.

    Raises:
        Invalid: six codes were sent within an hour.
    """
    grant, row = _offered(session, token, Action.ACCEPT_SUBGRANT, now)
    del grant
    lately = select(func.count()).where(
        SubGrantCode.subgrant_id == row.id, SubGrantCode.sent_at > now - timedelta(hours=1)
    )
    if (session.scalar(lately) or 0) >= CODES_PER_HOUR:
        raise Invalid(
            N_("Six codes were sent within an hour. Wait a while, look into your mail, then send a new one."), "code"
        )
    code = SubGrantCode(subgrant_id=row.id, code_hash="", sent_at=now, expires_at=now + timedelta(minutes=CODE_MINUTES))
    session.add(code)
    session.flush()
    code.code_hash = _code_hash(secret, code, one_time_code(secret, code))
    enqueue(session, CODE, {"code": code.id, "token": token}, now, about=row.number)
    session.flush()
    return code


def enter_code(session: Session, token: str, entered: str, secret: str, now: datetime) -> CodeAnswer:
    """Check a code. A wrong try counts, so the caller commits whatever the answer is; a right one is used up."""
    _grant, row = _offered(session, token, Action.ACCEPT_SUBGRANT, now)
    code = _newest(session, row)
    if code is None or code.used_at is not None:
        return CodeAnswer.NONE_SENT
    if code.tries >= CODE_TRIES:
        return CodeAnswer.USED_UP
    if now >= code.expires_at:
        return CodeAnswer.EXPIRED
    digits = "".join(character for character in entered if character.isascii() and character.isdigit())
    if not hmac.compare_digest(code.code_hash, _code_hash(secret, code, digits)):
        code.tries += 1
        return CodeAnswer.USED_UP if code.tries >= CODE_TRIES else CodeAnswer.WRONG
    code.used_at = now
    return CodeAnswer.RIGHT


def accept(session: Session, token: str, answer: Answer, trace: Trace, now: datetime) -> SubGrant:
    """Accept what was offered, with a code that was entered at this moment; the letter is sealed next.

    Raises:
        Invalid: the name is not that of the offer, or a statement is not made.
        WrongState: no code was entered, or the grant has ended meanwhile.
    """
    grant, row = _offered(session, token, Action.ACCEPT_SUBGRANT, now)
    code = _newest(session, row)
    if code is None or code.used_at != now:
        raise WrongState(N_("Enter the code from your mail to accept."))
    if fold(clean_line(answer.name)) != fold(row.person_name):
        raise Invalid(
            N_("Type your full name as the offer names you. If somebody else accepts, ask for a new offer."), "name"
        )
    if not (answer.may_bind and answer.keeps_terms):
        raise Invalid(N_("Tick both statements to accept, or decline."), "terms")
    how = f"link and one-time code by mail to {row.email}"
    # The history keeps no address (safety.md A6); the evidence and the letter do.
    recipient = Actor(None, None, row.person_name, row.email, frozenset(), "link+otp", now, extra=_RECIPIENT)
    row.evidence = {
        "name": clean_line(answer.name),
        "statements": list(STATEMENTS),
        "how": how,
        "code_sent_at": code.sent_at.isoformat(),
        "record": row.record_hash,
        "address": trace.address,
        "agent": trace.agent,
    }
    act = Act(row.person_name, "", row.organization_name, now, how, " ".join(STATEMENTS))
    put(row, replace(record_of(row.record), issue=act, issued_at=now))
    row.accepted_at = now
    _move(session, Action.ACCEPT_SUBGRANT, recipient, grant, row, now)
    enqueue(session, SEAL, {"number": row.number}, now, about=row.number)
    return row


def decline(session: Session, token: str, now: datetime) -> SubGrant:
    """Decline what was offered; the member may prepare another offer."""
    grant, row = _offered(session, token, Action.DECLINE_SUBGRANT, now, needs_grant=False)
    recipient = Actor(None, None, row.person_name, row.email, frozenset(), "link", now, extra=_RECIPIENT)
    _move(session, Action.DECLINE_SUBGRANT, recipient, grant, row, now)
    return row


def by_token(session: Session, token: str) -> SubGrant:
    """What a link offers; raises NotFound for every other text alike."""
    row = session.scalar(select(SubGrant).where(SubGrant.token_hash == sha256_hex(token.encode("utf-8", "replace"))))
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def one_time_code(secret: str, code: SubGrantCode) -> str:
    """The six digits of a code; anyone without the secret would have to guess them."""
    told = f"subgrant code {code.id} {code.subgrant_id} {code.sent_at.timestamp():.6f}"
    number = int.from_bytes(hmac.new(secret.encode(), told.encode(), sha256).digest()[:8], "big")
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def _move(session: Session, action: Action, actor: Actor, grant: Grant, row: SubGrant, now: datetime) -> None:
    after = permit(action, _RECIPIENT, Machine.SUBGRANT, row.state)
    row.state, row.state_since = SubGrantState(after or row.state), now
    session.flush()
    tell(session, action, actor, grant, row, now)


def _offered(
    session: Session, token: str, action: Action, now: datetime, *, needs_grant: bool = True
) -> tuple[Grant, SubGrant]:
    number = by_token(session, token).number
    grant, row = locked(session, number)
    by_token(session, token)  # a newer link may have gone out before the lock was had: this one says another day
    permit(action, _RECIPIENT, Machine.SUBGRANT, row.state)
    if needs_grant and not is_in_force(grant, now):
        raise WrongState(N_("The grant above this is not in force now, so it cannot be accepted. Ask who offered it."))
    if needs_grant:
        require_not_over(row, now)
    return grant, row


def _newest(session: Session, row: SubGrant) -> SubGrantCode | None:
    sent = select(SubGrantCode).where(SubGrantCode.subgrant_id == row.id).order_by(SubGrantCode.id.desc())
    return session.scalars(sent.limit(1)).first()


def _code_hash(secret: str, code: SubGrantCode, digits: str) -> str:
    return hmac.new(secret.encode(), f"accepted {code.id} {digits}".encode(), sha256).hexdigest()
