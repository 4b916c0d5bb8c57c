"""What happens to a grant after issue: suspended, lifted, revoked, brought to its end. Each is recorded, none is undone."""

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
from app.rules.stopping import REVOKES, SUSPENDS, Ground
from app.rules.workflow import GrantState, transition

LONGEST_REASON = 1000


def suspend(
    session: Session, actor: Actor, number: str, reason: str, now: datetime, ground: Ground = Ground.SUSPICION
) -> Grant:
    """Stop the use at once, until it is lifted (clause 19.4); raises Invalid without words, or on a ground that is none."""
    _check(ground, SUSPENDS)
    grant, words = locked(session, number), _reason(reason)
    moved(session, Action.SUSPEND_GRANT, actor, grant, now, words, ground=ground.value)
    grant.state_ground = ground
    return grant


def lift_suspension(session: Session, actor: Actor, number: str, now: datetime) -> Grant:
    """Let the use go on until the grant's last day."""
    grant = locked(session, number)
    moved(session, Action.LIFT_SUSPENSION, actor, grant, now)
    grant.state_ground = None
    return grant


def revoke(
    session: Session, actor: Actor, number: str, reason: str, now: datetime, ground: Ground = Ground.BREACH
) -> Grant:
    """End the grant for good, and a successor that waits for its seal with it. Whoever verifies the letter reads the reason.

    Raises:
        Invalid: without words, or on a ground that is none.
    """
    _check(ground, REVOKES)
    grant, words = locked(session, number), _reason(reason)
    moved(session, Action.REVOKE_GRANT, actor, grant, now, words, ground=ground.value)
    grant.state_ground = ground
    _revoke_unsealed_successor(session, grant, now)
    return grant


def ask_to_close(session: Session, actor: Actor, number: str, words: str, now: datetime) -> Grant:
    """The lead ends the use, before or after its last day; access is off from this moment. `words` may be empty."""
    grant = locked(session, number)
    moved(session, Action.ASK_TO_CLOSE, actor, grant, now, short_reason(clean(words)))
    _revoke_unsealed_successor(session, grant, now)
    return grant


def expire_due(session: Session, now: datetime) -> int:
    """Expire every grant whose last day, in UTC, has passed. Returns how many.

    One that was suspended keeps the reason: what follows it begins suspended.
    """
    today = now.astimezone(UTC).date()
    expiring = transition(Action.EXPIRE_GRANT).sources
    due = select(Grant.number).where(Grant.state.in_(expiring), Grant.ends_on < today).order_by(Grant.id)
    numbers = list(session.scalars(due))
    for number in numbers:
        grant = locked(session, number)
        if grant.state in expiring:
            moved(session, Action.EXPIRE_GRANT, SYSTEM, grant, now, grant.state_reason)
    return len(numbers)


def _revoke_unsealed_successor(session: Session, grant: Grant, now: datetime) -> None:
    """What would have taken the place of a grant that has ended does not begin."""
    waiting = select(Grant.number).where(Grant.predecessor_id == grant.id, Grant.state == GrantState.AWAITING_SIGNATURE)
    for number in session.scalars(waiting):
        successor = locked(session, number)
        moved(
            session, Action.REVOKE_GRANT, SYSTEM, successor, now, f"{grant.number} ended before this letter was sealed."
        )


def _check(ground: Ground, known: tuple[Ground, ...]) -> None:
    if ground not in known:
        raise Invalid(N_("Choose one of the reasons on the list; the agreement names no other."), field="ground")


def _reason(text: str) -> str:
    words = clean(text)
    if not words:
        raise Invalid(N_("Say why. The other party reads it, and so does whoever verifies the letter."), field="reason")
    return short_reason(words)


def short_reason(words: str) -> str:
    """Words that stand with the state of a grant; raises Invalid where they are too long."""
    if len(words) > LONGEST_REASON:
        raise Invalid(N_("Shorten this to 1,000 characters."), field="reason")
    return words
