"""How often one may try: a table from views to limits, counted per network address and per account."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, abort, current_app, request, session
from flask.typing import ResponseReturnValue, RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse

from app.web.actor import current_actor


def by_typed_address() -> str:
    """The account that a form names, by a hash, so that no address stands in the counter's storage."""
    typed = request.form.get("email", "").strip().lower()[:254]
    return "account:" + hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()


def by_person() -> str:
    """Who is signing in or signed in; by network address where nobody is."""
    known = session.get("tf_user_id") or session.get("_user_id")
    return f"person:{known}" if known else get_remote_address()


def by_token() -> str:
    """The person behind the token of a program, however many tokens they have; by network address where it opens nothing."""
    person_id = current_actor().person_id
    return f"program of person:{person_id}" if person_id else get_remote_address()


@dataclass(frozen=True)
class Limit:
    """So many tries within a time, and what is counted together."""

    times: str
    together: Callable[[], str]
    methods: tuple[str, ...] = ("POST",)


_SIGN_IN = (Limit("10 per 5 minutes", get_remote_address), Limit("10 per 5 minutes", by_typed_address))
_RESET = (Limit("10 per 5 minutes", get_remote_address), Limit("5 per day", by_typed_address))
_CODE = tuple(Limit(times, by_person) for times in ("5 per 5 minutes", "20 per hour", "50 per day"))
_TOKEN = (Limit("10 per 5 minutes", get_remote_address),)

LIMITS: dict[str, tuple[Limit, ...]] = {
    "security.login": _SIGN_IN,
    "security.two_factor_token_validation": _CODE,
    "security.mf_recovery": _CODE,
    "security.verify": _CODE,
    "security.two_factor_setup": _CODE,
    "confirming an act": _CODE,
    "security.change_password": _CODE,
    "security.reset_password": _TOKEN,
    "accounts.forgotten": _RESET,
    "organizations.accept": _TOKEN,
    "changes.answer": _TOKEN,
    # Beside the rule of the catalog, which counts questions and not tries.
    "catalog.ask": (Limit("20 per hour", by_person),),
    # Not what is refused, but what is written into the history of it.
    "refused act": (Limit("30 per hour", by_person),),
    "a token that opens nothing": (Limit("30 per 5 minutes", get_remote_address),),
    "exchange_api.bring": (Limit("60 per hour", by_token), Limit("10 per minute", by_token)),
    "exchange_api.imported": (Limit("120 per minute", by_token, ("GET",)),),
    "exchange_api.imports": (Limit("120 per minute", by_token, ("GET",)),),
    "grants.verify": (Limit("300 per minute", get_remote_address),),
}


def count_try(what: str) -> None:
    """Count one try at something of the table that is no view of its own; ends the request with 429 when it is too many."""
    if not is_within(what):
        abort(429)


def is_within(what: str) -> bool:
    """Count one of something of the table, and say whether it is still within its limits."""
    limiter: Limiter = current_app.extensions["onepact_limiter"]
    return all(limiter.limiter.hit(parse(limit.times), what, limit.together()) for limit in LIMITS[what])


def init_limits(app: Flask) -> None:
    """Count what is posted to the views of the table; more than that is answered with 429 and when to come back."""
    limiter = Limiter(get_remote_address, app=app, storage_uri=str(app.config["RATELIMIT_URL"]), headers_enabled=True)
    # Views of the table ask by themselves, and there is no limit for all: before each request there is nothing to look for.
    before = app.before_request_funcs[None]
    before[:] = [function for function in before if getattr(function, "__self__", None) is not limiter]
    for endpoint, limits in LIMITS.items():
        for limit in limits:
            if endpoint in app.view_functions:
                counted = limiter.limit(limit.times, key_func=limit.together, methods=list(limit.methods))
                view = cast(Callable[..., ResponseReturnValue], app.view_functions[endpoint])
                app.view_functions[endpoint] = cast(RouteCallable, counted(view))
    app.extensions["onepact_limiter"] = limiter
