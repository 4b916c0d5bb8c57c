"""One line in the history for each refused act of a signed-in person, and nothing else of the request (safety.md W1)."""

import re
from dataclasses import replace

import structlog
from flask import request
from sqlalchemy.exc import OperationalError

from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.foundation.errors import DomainError, NotAllowed, WrongState
from app.history.commands import Subject, record
from app.rules.events import Event
from app.web.actor import current_actor
from app.web.database import SAFE_METHODS, db
from app.web.limits import is_within

log = structlog.get_logger()

# What somebody may know of, and may not do, or not now. What they may not know of leaves no trace that names it.
_REFUSALS = (NotAllowed, WrongState)
# A reference as the product gives them; anything else in an address was typed by somebody, and stays out (A6).
_REFERENCE = re.compile(r"[A-Z]{2}-(?:\d{4}-)?\d{4,6}", re.ASCII)


def note_refusal(error: DomainError) -> None:
    """Record that an act was refused: who, which act, on what, with which answer; no name, no word that was typed.

    What the act had begun is rolled back first. A person who tries too often is not written down any more for a while, so
    that nobody can flood the history.
    """
    actor = current_actor()
    if not isinstance(error, _REFUSALS) or request.method in SAFE_METHODS or actor.person_id is None:
        return
    db.session.rollback()
    if not is_within("refused act"):
        return
    found = [str(value) for value in (request.view_args or {}).values() if _REFERENCE.fullmatch(str(value))]
    about = ":".join([str(request.endpoint), *found[:1]])[:80]
    try:
        begin_writing(db.session)
        record(
            db.session,
            Event.ACT_DENIED,
            replace(actor, name=""),
            Subject("act", about),
            now(),
            {"status": error.status},
        )
        db.session.commit()
    except OperationalError as problem:  # the refusal is what the person has to read, whatever becomes of its line
        db.session.rollback()
        log.error("refusal_not_recorded", error=str(problem.orig))
