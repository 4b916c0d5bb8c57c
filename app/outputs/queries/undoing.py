"""Which answer to an output can still be taken back, and whether one still holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.outputs.models import Output, OutputAct, OutputComment, OutputVersion
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.undoing import UNDO_TIME, Undoing, undoing_of
from app.rules.workflow import OutputState


@dataclass(frozen=True)
class TakingBack:
    """What a person did and can still take back: the sentence that says what it was, and until when."""

    said: str
    until: datetime


def taking_back(
    session: Session, viewer: Actor, row: Output, acts: Collection[Action], now: datetime
) -> TakingBack | None:
    """What the viewer can take back now; None where there is nothing."""
    act = last_act(session, row)
    if act is None or undoing(act).undo not in acts or not may_take_back(session, viewer, row, act, now):
        return None
    return TakingBack(undoing(act).said, act.at + UNDO_TIME)


def settles_at(session: Session, row: Output, now: datetime) -> datetime | None:
    """Until when whoever answered last may take it back; None where that is over, or somebody has gone on from it."""
    act = last_act(session, row)
    if act is None or now > act.at + UNDO_TIME or act.left != counters(session, row):
        return None
    return act.at + UNDO_TIME


def last_act(session: Session, row: Output) -> OutputAct | None:
    """The newest answer to an output that was not taken back."""
    return _newest(session, OutputAct.output_id == row.id, OutputAct.undone_at.is_(None))


def act_at(session: Session, row: Output, at: datetime) -> OutputAct | None:
    """The answer that was given at this moment, whether it was taken back or not."""
    return _newest(session, OutputAct.output_id == row.id, OutputAct.at == at)


def act_taken_back_at(session: Session, row: Output, at: datetime) -> OutputAct | None:
    """The answer that was taken back at this moment."""
    return _newest(session, OutputAct.output_id == row.id, OutputAct.undone_at == at)


def undoing(act: OutputAct) -> Undoing:
    """The row of the rules that says how an answer is taken back."""
    return undoing_of(Action(act.action), OutputState(str(act.before["state"])))


def may_take_back(session: Session, actor: Actor, row: Output, act: OutputAct, now: datetime) -> bool:
    """Whether it was this person, the ten minutes still run, and everything stands as the answer left it."""
    if act.by_id != actor.person_id or now > act.at + UNDO_TIME:
        return False
    return act.left == counters(session, row)


def counters(session: Session, row: Output) -> JSONObject:
    """The counters that any next step raises: that of the output, and how many versions, remarks and answers there are."""
    versions = select(func.count()).where(OutputVersion.output_id == row.id)
    said = select(func.count()).select_from(OutputComment).join(OutputVersion).where(OutputVersion.output_id == row.id)
    counts = {"output": row.version, "versions": session.scalar(versions), "said": session.scalar(said)}
    return {"state": row.state.value, **counts}


def still_stands(session: Session, key: int) -> bool:
    """Whether an output still is where the answer of this key left it: what its mail says, and whom it asks, holds.

    That it may be published does not, once the data partner asked to wait.
    """
    act = session.get_one(OutputAct, key)
    if act.undone_at is not None:
        return False
    newer = _newest(session, OutputAct.output_id == act.output_id, OutputAct.undone_at.is_(None))
    row = session.get_one(Output, act.output_id)
    return newer is act and row.state.value == act.left["state"] and row.delayed_until is None


def moments_taken_back() -> Select[str, datetime]:
    """Reference and moment of every answer that was taken back."""
    undone = select(Output.reference, OutputAct.at).join(OutputAct, OutputAct.output_id == Output.id)
    return undone.where(OutputAct.undone_at.is_not(None))


def _newest(session: Session, *conditions: ColumnElement[bool]) -> OutputAct | None:
    return session.scalar(select(OutputAct).where(*conditions).order_by(OutputAct.id.desc()).limit(1))
