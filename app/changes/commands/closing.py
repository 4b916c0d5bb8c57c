"""Confirming that a grant is closed, once nothing holds it up."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.changes.queries.closing import hold_ups
from app.foundation.errors import WrongState
from app.foundation.text import clean
from app.grants.commands.acting import locked, moved
from app.grants.commands.lifecycle import short_reason
from app.grants.models import Grant
from app.grants.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.workflow import Machine


def close(session: Session, actor: Actor, number: str, words: str, now: datetime) -> Grant:
    """Confirm that everything promised for the end was done. `words` may be empty.

    Raises:
        WrongState: something holds it up (rules/closing), such as a certificate of deletion that was not accepted.
    """
    grant = locked(session, number)
    said = short_reason(clean(words)) or grant.state_reason
    permit(Action.CLOSE_GRANT, standing(session, actor, grant), Machine.GRANT, grant.state)
    held = next(iter(hold_ups(session, grant)), None)
    if held is not None:
        raise WrongState(held.says)
    return moved(session, Action.CLOSE_GRANT, actor, grant, now, said)
