"""Deny by default: every view carries exactly one policy, and a view without one stops the start.

Addresses for programs are a world of their own: a token opens them and nothing else, a cookie never does.

What a person may do to one thing is decided by the commands and queries; a guard only says who gets to the view.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.foundation.errors import DomainError, NotAllowed, NotFound
from app.foundation.words import N_
from app.rules.roles import Role
from app.rules.tokens import Scope, holds
from app.web.actor import current_actor, current_scopes
from app.web.requests import page_of_the_form

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]

_POLICY = "onepact_policy"
PUBLIC = "public"
SIGNED_IN = "signed in"
_BY_TOKEN = "token: "  # noqa: S105 - the beginning of a policy
NOT_FOUND = "There is nothing at this address. It may have moved, or the address has a typing mistake."

SIGNED_OUT = N_("You are signed out by now, so nothing was sent. Open the page again, sign in, and send it from there.")


class SignedOut(DomainError):
    """A form of one of our pages came after its session had ended: what was typed is shown again, not lost on the way."""

    status = 400


# Views of other packages, which cannot carry our mark.
FOREIGN: dict[str, str] = {
    "static": PUBLIC,
    # Flask-Security's; those of a sign-in under way check its state themselves.
    "security.login": PUBLIC,
    "security.two_factor_token_validation": PUBLIC,
    "security.two_factor_rescue": PUBLIC,
    "security.tf_select": PUBLIC,
    "security.mf_recovery": PUBLIC,
    "security.forgot_password": PUBLIC,
    "security.reset_password": PUBLIC,
    "security.change_password": SIGNED_IN,
    "security.verify": SIGNED_IN,
    "security.two_factor_setup": SIGNED_IN,
    "security.two_factor_setup_validate": SIGNED_IN,
    "security.mf_recovery_codes": SIGNED_IN,
}


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anyone may open this view."""
    return _marked(view, PUBLIC)


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Everyone who is signed in may open this view; what they see there depends on the thing."""
    return _marked(view, SIGNED_IN)


def holding(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only those who hold one of these roles somewhere; for everybody else the view does not exist."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        return _marked(view, "holding: " + ", ".join(role.value for role in roles))

    return mark


def by_token(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only programs with a token for this, which act for its person; a session does not count, so no form can be forged."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        return _marked(view, _BY_TOKEN + scope.value)

    return mark


def is_for_programs(endpoint: str | None) -> bool:
    """Whether a token alone opens this endpoint."""
    return endpoint is not None and _policy(endpoint).startswith(_BY_TOKEN)


def policy_of(app: Flask, endpoint: str) -> str | None:
    """The policy of an endpoint, or None when nobody thought of one."""
    if endpoint in FOREIGN:
        return FOREIGN[endpoint]
    policy: str | None = getattr(app.view_functions[endpoint], _POLICY, None)
    return policy


def init_guards(app: Flask) -> None:
    """Refuse to start with an unguarded view, and check each request before its view runs."""
    unguarded = sorted(e for e in app.view_functions if policy_of(app, e) is None)
    if unguarded:
        raise RuntimeError("views without @public, @signed_in or @holding: " + ", ".join(unguarded))
    for endpoint, view in app.view_functions.items():
        if (policy_of(app, endpoint) or "").startswith(_BY_TOKEN):
            app.extensions["csrf"].exempt(view)
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the 404 page answers
    policy = _policy(request.endpoint)
    if policy == PUBLIC:
        return None
    actor = current_actor()
    if policy.startswith(_BY_TOKEN):
        _check_token(policy)
        return None
    if actor.person_id is None:
        if page_of_the_form():
            raise SignedOut(SIGNED_OUT)
        return redirect(url_for("security.login", next=request.full_path if request.method == "GET" else None), 303)
    if policy != SIGNED_IN and not _holds(policy):
        raise NotFound(NOT_FOUND)
    return None


def _check_token(policy: str) -> None:
    if current_actor().person_id is None:
        abort(401)
    if not holds(frozenset(map(Scope, current_scopes())), Scope(policy.removeprefix(_BY_TOKEN))):
        raise NotAllowed(N_("This token is not for that. Make one with the right scope on the page of your account."))


def _policy(endpoint: str) -> str:
    return policy_of(current_app._get_current_object(), endpoint) or ""  # type: ignore[attr-defined]


def admits(policy: str) -> bool:
    """Whether the one who asks gets past this policy, perhaps after signing in: what menus offer."""
    return policy in (PUBLIC, SIGNED_IN) or _holds(policy)


def _holds(policy: str) -> bool:
    wanted = set(policy.removeprefix("holding: ").split(", "))
    return any(held.role.value in wanted for held in current_actor().held)


def _marked(view: Callable[P, R], policy: str) -> Callable[P, R]:
    setattr(view, _POLICY, policy)
    return view
