"""Requests of programs: the token in the header is the only way in, and no cookie counts there."""

from datetime import datetime, timedelta

from flask import request
from sqlalchemy import update

from app.foundation import clock
from app.foundation.database import begin_writing
from app.organizations.models import ApiToken
from app.organizations.tokens import actor_by, scopes_of, token_behind
from app.web.actor import set_actor, set_scopes
from app.web.answers import commit
from app.web.database import SAFE_METHODS, db
from app.web.limits import count_try

_BEARER = "bearer "
# When it was used last is kept by the hour, so that reading does not write each time.
_NOTED_EVERY = timedelta(hours=1)


def load_token() -> None:
    """Before a request to an address for programs: whoever holds the token acts, with its person's rights of this moment."""
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(_BEARER):
        return
    now = clock.now()
    token = token_behind(db.session, header[len(_BEARER) :].strip(), now)
    actor = actor_by(db.session, token) if token else None
    if token is None or actor is None:
        count_try("a token that opens nothing")
        return
    _note_use(token, now)
    set_actor(actor)
    set_scopes(frozenset(scope.value for scope in scopes_of(token)))


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is not None and now - token.last_used_at < _NOTED_EVERY:
        return
    if request.method in SAFE_METHODS:
        db.session.rollback()
        begin_writing(db.session)
    db.session.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now))
    if request.method in SAFE_METHODS:
        commit()
