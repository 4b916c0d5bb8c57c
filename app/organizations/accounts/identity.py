"""Who makes this request: the signed-in person as an `Actor`, built anew each time from memberships as they are now."""

from datetime import UTC, datetime

from flask import Flask, flash, g, redirect, request, session
from flask_babel import gettext as _
from flask_security import logout_user
from flask_security.utils import get_request_attr
from werkzeug.wrappers import Response

from app.organizations.accounts.tokens import load_token
from app.organizations.models import Person
from app.organizations.sessions import actor_behind
from app.rules.actors import Actor
from app.rules.roles import NEEDS_SECOND_FACTOR
from app.web.actor import current_actor, set_actor
from app.web.database import db
from app.web.guards import is_for_programs

# Where the library keeps whose session it is: `Person.fs_uniquifier`.
_MARK = "_user_id"
PASSWORD, CODE, RECOVERY_CODE, DEMO_LINK = "password", "password+totp", "password+recovery code", "demo link"
# The demo's links stand for a whole sign-in; they answer on loopback only.
WITH_SECOND_FACTOR = frozenset({CODE, RECOVERY_CODE, DEMO_LINK})
# What one may open before the second step is set up.
_OPEN_BEFORE = ("/me", "/sign-out", "/sign-in", "/password", "/demo", "/healthz")


def load_actor() -> Response | None:
    """Before each request: whoever is signed in acts, with the rights of this moment."""
    if request.endpoint == "static":
        return None
    if is_for_programs(request.endpoint):
        load_token()
        return None
    if _MARK not in session:
        return None
    actor = acting()
    if actor is None:  # ended elsewhere, or the person is no longer active
        logout_user()
        return None
    set_actor(actor)
    return _second_factor_first(actor)


def me() -> Person:
    """The person who is signed in."""
    return db.session.get_one(Person, current_actor().person_id)


def acting() -> Actor | None:
    """The person of this session as the rules see them now; nobody where it has ended.

    The library's `current_user` is the same person, but costs a whole row and is there for its own views alone.
    """
    how = str(session.get("authentication", PASSWORD))
    since = datetime.fromtimestamp(float(session.get("fs_paa", 0)), UTC)
    return actor_behind(db.session, str(session[_MARK]), how, since, how in WITH_SECOND_FACTOR)


def remember_how(_app: Flask, authn_via: list[str] | None = None, **_more: object) -> None:
    """Keep in the session how a person signed in, and begin with a new CSRF token."""
    if authn_via == ["change"]:  # a new password in the same session is no proof of who is there
        session["fs_paa"] = get_request_attr("fs_paa") or 0
        return
    by_code = RECOVERY_CODE if request.endpoint == "security.mf_recovery" else CODE
    session["authentication"] = "+".join(authn_via) if authn_via else by_code
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def has_shown_second_factor() -> None:
    """The person has just shown a code in this session."""
    session["authentication"] = CODE


def needs_second_factor(actor: Actor) -> bool:
    """Whether the person holds a role that asks for a second step at sign-in."""
    return any(held.role in NEEDS_SECOND_FACTOR for held in actor.held)


def _second_factor_first(actor: Actor) -> Response | None:
    if actor.has_second_factor or not needs_second_factor(actor):
        return None
    if any(request.path == start or request.path.startswith(start + "/") for start in _OPEN_BEFORE):
        return None
    flash(
        _("Set up your second step first: you sign or decide for your organization, so a password alone is not enough.")
    )
    return redirect("/me/second-factor", 303)
