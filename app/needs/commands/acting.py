"""What all commands on a data need begin and end with: the locked row, a text that fits, the event."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.needs.models import DataNeed
from app.needs.queries import NOT_THERE, whole
from app.needs.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed
from app.rules.workflow import Machine, transition

LONGEST_QUESTION, LONGEST_TEXT = 200, 1500


def acts_on(actor: Actor, row: DataNeed) -> frozenset[Action]:
    """What the actor may do with the need as it stands."""
    return allowed(standing(actor, row), Machine.NEED, row.state)


def locked(session: Session, reference: str) -> DataNeed:
    """The need, whole, with its row locked until the transaction ends; raises NotFound."""
    key = session.scalar(select(DataNeed.id).where(DataNeed.reference == reference).with_for_update())
    row = session.scalar(whole().where(DataNeed.id == key).execution_options(populate_existing=True)) if key else None
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def record_act(
    session: Session, actor: Actor, row: DataNeed, act: Action, now: datetime, acting_for: str = "", **facts: object
) -> None:
    """Record the event of an act; `acting_for` is the organization for which it was done, else the one that posted the need."""
    event = transition(act).event
    if event is None:
        raise LookupError(f"{act} records nothing")
    session.flush()
    subject = Subject("need", row.reference, acting_for=acting_for or row.organization.slug)
    record(session, event, actor, subject, now, {"question": row.question, **facts})


def text_of(text: str, longest: int, field: str, *, needed: bool = True) -> str:
    """The text where it can be kept; raises Invalid."""
    if needed and not text:
        raise Invalid(N_("Write a sentence here, so that others know how to help."), field=field)
    if len(text) > longest:
        raise Invalid(N_("Shorten this text; the page has room for about 200 words."), field=field)
    return text
