"""What is read of tokens: a person's own, and whom one stands for at this moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.foundation.hashing import sha256_hex
from app.organizations.models import ApiToken
from app.organizations.queries import held_by
from app.rules.actors import Actor
from app.rules.roles import NEEDS_SECOND_FACTOR
from app.rules.tokens import MARK, Scope

AUTHENTICATION = "token"
_LONGEST = 200


def tokens_of(session: Session, person_id: int) -> list[ApiToken]:
    """A person's tokens, the newest first; those that are over stay to be seen."""
    wanted = select(ApiToken).where(ApiToken.person_id == person_id)
    return list(session.scalars(wanted.order_by(ApiToken.id.desc())))


def is_live(token: ApiToken, now: datetime) -> bool:
    """Whether it opens anything now."""
    return token.revoked_at is None and token.expires_at > now


def token_behind(session: Session, secret: str, now: datetime) -> ApiToken | None:
    """The live token with this secret; None where there is none, or its person may not sign in."""
    if not secret.startswith(MARK) or len(secret) > _LONGEST:
        return None
    wanted = select(ApiToken).where(ApiToken.token_hash == sha256_hex(secret.encode()))
    token = session.scalar(wanted.options(joinedload(ApiToken.person, innerjoin=True)))
    return token if token is not None and is_live(token, now) and token.person.active else None


def actor_by(session: Session, token: ApiToken) -> Actor | None:
    """The token's person as the rules see them now; nobody where a session of theirs would be asked for a second step first."""
    person = token.person
    held = held_by(session, person.id)
    needs_step = any(one.role in NEEDS_SECOND_FACTOR for one in held)
    if needs_step and person.tf_primary_method is None and not person.is_demo:
        return None
    return Actor(person.id, person.pid, person.name, person.email, held, AUTHENTICATION)


def scopes_of(token: ApiToken) -> frozenset[Scope]:
    """What the token is for."""
    return frozenset(Scope(scope) for scope in token.scopes)
