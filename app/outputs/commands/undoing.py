"""Answers to an output that whoever gave them can take back for ten minutes: kept with how it stood before, and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.foundation.errors import WrongState
from app.foundation.standing import kept, put_back
from app.foundation.words import N_
from app.organizations.calendars import calendar_of, secretariat_calendar
from app.outputs.commands.acting import latest, locked, moved, require_permitted
from app.outputs.models import Output, OutputAct, OutputComment, OutputDraft
from app.outputs.queries.undoing import counters, last_act, may_take_back, undoing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.outputs import AGAIN, answer_by
from app.rules.workflow import OutputState

# What an answer changes, besides the state: its clock, and what was cleared.
_STANDS = ("reminded", "cleared_by_id", "cleared_sha256")
_MOMENTS = ("state_since", "answer_by", "cleared_at")
_TOO_LATE = N_(
    "This can be taken back for ten minutes, by whoever did it, and while nobody has gone on from it. "
    "Write a remark, or to the secretariat."
)


@contextmanager
def undoable(session: Session, action: Action, actor: Actor, row: Output, now: datetime) -> Iterator[None]:
    """Keep how an output stood before the answer in this block, whose row is locked, and how the answer left it."""
    before = kept(row, _STANDS, _MOMENTS) | {"state": row.state.value}
    yield
    session.flush()
    act = OutputAct(output_id=row.id, action=action.value, by_id=actor.person_id or 0, at=now, before=before)
    act.left = counters(session, row)
    session.add(act)
    session.flush()


def take_back(session: Session, actor: Actor, reference: str, now: datetime) -> Output:
    """Take back the answer that the actor gave last, within ten minutes. The clock goes on as if it had never stopped, but where
    it ran out meanwhile, there is a working day more; what was asked for is a draft again.

    Raises:
        NotFound, NotAllowed: as the rules say.
        WrongState: there is nothing to take back, the time is over, or somebody has gone on from it.
    """
    grant, row = locked(session, reference)
    act = last_act(session, row)
    undo = Action.UNDO_READING if act is None else undoing(act).undo
    require_permitted(session, undo, actor, grant, row)
    if act is None or not may_take_back(session, actor, row, act, now):
        raise WrongState(_TOO_LATE)
    act.undone_at = now
    moved(session, undo, actor, grant, row, now, undone=act.action)
    put_back(row, _STANDS, _MOMENTS, act.before)
    if row.answer_by is not None and row.answer_by <= now:
        is_test = row.state is OutputState.WITH_SECRETARIAT
        calendar = secretariat_calendar(session) if is_test else calendar_of(session, grant.data_partner_id)
        row.answer_by = answer_by(now, AGAIN, calendar)
    _draft_again(session, row, act)
    session.flush()
    return row


def _draft_again(session: Session, row: Output, act: OutputAct) -> None:
    """What was asked for goes back to the side that asks, to be changed and sent again."""
    asked = (
        OutputComment.version_id == latest(session, row).id,
        OutputComment.author_id == act.by_id,
        OutputComment.posted_at == act.at,
        OutputComment.ground != "",
    )
    for each in session.scalars(select(OutputComment).where(*asked).order_by(OutputComment.id)):
        if each.organization_id is not None:
            session.add(
                OutputDraft(
                    version_id=each.version_id,
                    organization_id=each.organization_id,
                    author_id=each.author_id,
                    line=each.line,
                    place=each.place,
                    ground=each.ground,
                    body=each.body,
                    saved_at=each.posted_at,
                )
            )
    session.execute(delete(OutputComment).where(*asked))
