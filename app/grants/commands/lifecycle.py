"""What happens to a grant after issue: suspended, lifted, revoked, closed, expired. Each is recorded, none is undone."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.commands.acting import locked, moved
from app.grants.models import Grant
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.workflow import transition

LONGEST_REASON = 1000


def suspend(session: Session, actor: Actor, number: str, reason: str, now: datetime) -> Grant:
    """Stop the use at once, until it is lifted; raises Invalid without a reason."""
    return moved(session, Action.SUSPEND_GRANT, actor, locked(session, number), now, _reason(reason))


def lift_suspension(session: Session, actor: Actor, number: str, now: datetime) -> Grant:
    """Let the use go on until the grant's last day."""
    return moved(session, Action.LIFT_SUSPENSION, actor, locked(session, number), now)


def revoke(session: Session, actor: Actor, number: str, reason: str, now: datetime) -> Grant:
    """End the grant for good; raises Invalid without a reason. Whoever verifies the letter reads the reason."""
    return moved(session, Action.REVOKE_GRANT, actor, locked(session, number), now, _reason(reason))


def close(session: Session, actor: Actor, number: str, words: str, now: datetime) -> Grant:
    """End the use in good order, before or after its last day. `words` say what came of it; they may be empty."""
    return moved(session, Action.CLOSE_GRANT, actor, locked(session, number), now, _short(clean(words)))


def expire_due(session: Session, now: datetime) -> int:
    """Expire every grant whose last day, in UTC, has passed. Returns how many."""
    today = now.astimezone(UTC).date()
    expiring = transition(Action.EXPIRE_GRANT).sources
    due = select(Grant.number).where(Grant.state.in_(expiring), Grant.ends_on < today).order_by(Grant.id)
    numbers = list(session.scalars(due))
    for number in numbers:
        grant = locked(session, number)
        if grant.state in expiring:
            moved(session, Action.EXPIRE_GRANT, SYSTEM, grant, now)
    return len(numbers)


def _reason(text: str) -> str:
    words = clean(text)
    if not words:
        raise Invalid(N_("Say why. The other party reads it, and so does whoever verifies the letter."), field="reason")
    return _short(words)


def _short(words: str) -> str:
    if len(words) > LONGEST_REASON:
        raise Invalid(N_("Shorten this to 1,000 characters."), field="reason")
    return words
