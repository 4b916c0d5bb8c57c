"""Who makes this request. The organizations part sets it, anew for each request; everyone above asks here."""

from flask import g

from app.rules.actors import NOBODY, Actor


def current_actor() -> Actor:
    """The acting person, or `NOBODY`, who has the public's rights only."""
    actor: Actor = g.get("actor", NOBODY)
    return actor


def set_actor(actor: Actor) -> None:
    """Make `actor` the one who makes this request."""
    g.actor = actor


def current_scopes() -> frozenset[str]:
    """What the token of this request is for; nothing where it came without one."""
    scopes: frozenset[str] = g.get("scopes", frozenset())
    return scopes


def set_scopes(scopes: frozenset[str]) -> None:
    """This request came with a token for these."""
    g.scopes = scopes
