"""Making a token for a program, and ending it: by its person, or with the person's place in an organization."""

from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.models import ApiToken
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.tokens import LONGEST_LIFE_DAYS, MARK, MOST_TOKENS, SHOWN, Scope

LONGEST_NAME = 80


def make_token(
    session: Session, actor: Actor, name: str, scopes: Collection[Scope], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """A token that acts for the person, and its secret, which is not kept and cannot be told again.

    Raises:
        Invalid: it has no name, is for nothing, or would live longer than a year; or there are too many.
        NotAllowed: a token cannot make another one.
    """
    if actor.person_id is None or actor.authentication == "token":
        raise NotAllowed(N_("Sign in to make a token."))
    name = clean_line(name)[:LONGEST_NAME]
    if not name:
        raise Invalid(N_("Say what the token is for, such as: nightly import."), field="name")
    if not scopes:
        raise Invalid(N_("Choose what the token may do."), field="scopes")
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        raise Invalid(N_("A token lives a year at most."), field="days")
    live = (ApiToken.person_id == actor.person_id) & ApiToken.revoked_at.is_(None) & (ApiToken.expires_at > now)
    if (session.scalar(select(func.count()).where(live)) or 0) >= MOST_TOKENS:
        raise Invalid(N_("You have as many tokens as one person can have. Revoke one that you no longer need."))
    secret = MARK + token_urlsafe(32)
    token = ApiToken(
        person_id=actor.person_id, name=name, scopes=sorted(scope.value for scope in set(scopes)),
        token_hash=sha256_hex(secret.encode()), shown=secret[:SHOWN], created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    record(session, Event.TOKEN_MADE, actor, _subject(actor), now, {"token": token.shown, "scopes": token.scopes})
    return token, secret


def revoke_token(session: Session, actor: Actor, token_id: int, now: datetime) -> ApiToken:
    """End one's own token; it opens nothing with the next request. Raises NotFound."""
    token = session.get(ApiToken, token_id, with_for_update=True, populate_existing=True)
    if token is None or token.person_id != actor.person_id:
        raise NotFound(N_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = now
        record(session, Event.TOKEN_REVOKED, actor, _subject(actor), now, {"token": token.shown})
    return token


def revoke_tokens_of(session: Session, person_id: int, now: datetime) -> None:
    """End every token of somebody who has left an organization. Those that they still need they make anew."""
    session.execute(
        update(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    )
    session.flush()


def _subject(actor: Actor) -> Subject:
    return Subject("person", str(actor.pid))
