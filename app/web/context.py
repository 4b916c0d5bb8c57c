"""What every template may rely on."""

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for
from flask_wtf.csrf import generate_csrf

from app.rules.actors import Actor
from app.web.actor import current_actor
from app.web.once import new_key

# Set by the factory: how many things wait for this person. The parts that know stand above this one.
Counter = Callable[[Actor], int | None]
_COUNTER = "onepact_waiting"


def init_context(app: Flask, counter: Counter) -> None:
    """Register the context processor. `counter` counts the open inbox rows of a person."""
    app.extensions[_COUNTER] = counter

    @app.context_processor
    def context() -> dict[str, object]:
        actor = current_actor()
        return {
            "actor": actor if actor.person_id is not None else None,
            # Asked once, and only where a page shows it; the inbox, which has counted already, gives its own.
            "inbox_count": cache(waiting),
            "consortium_name": app.config["CONSORTIUM_NAME"],
            "is_demo": app.config.get("IS_DEMO", False),
            "idempotency_key": new_key,
            "csrf_token": generate_csrf,
            "static_url": static_url,
        }


def waiting() -> int | None:
    """How many things wait for the one who asks; None where nobody is signed in."""
    actor, counter = current_actor(), current_app.extensions[_COUNTER]
    return counter(actor) if actor.person_id is not None else None


def static_url(filename: str) -> str:
    """The address of a bundled file with a mark of its content, so that it can be kept for a year."""
    return url_for("static", filename=filename, v=_mark(str(Path(str(current_app.static_folder)) / filename)))


@lru_cache(maxsize=64)
def _mark(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
