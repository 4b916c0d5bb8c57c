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
