"""Acts of a review that whoever did them can take back for ten minutes: kept with how the proposal stood, and put back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import WrongState
from app.foundation.standing import kept, put_back
from app.foundation.words import N_
from app.proposals.commands.acting import locked, permitted, record_act, roles_of
from app.proposals.commands.ending import go_on
from app.proposals.models import CHANGE_REQUEST, Comment, Proposal
from app.proposals.queries.undoing import asked_together, counters, last_act, may_take_back, row_of
from app.proposals.step_models import StepVerdict, UndoableAct
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.turns import current_step
from app.rules.undoing import undoing_of

# Where a proposal stands, and its clocks: what the acts that can be taken back change.
_STANDS = ("state", "step", "returns_to", "used_days", "review_runs", "end_reason")
_MOMENTS = ("waiting_since", "passed_at", "offered_at", "ended_at")
_TOO_LATE = N_(
    "This can be taken back for ten minutes, by whoever did it, and while nobody has gone on from it. "
    "Write to the secretariat, or to the team in the conversation."
)


@contextmanager
def undoable(session: Session, action: Action, actor: Actor, proposal: Proposal, now: datetime) -> Iterator[None]:
    """Keep how a proposal stood before the act in this block, whose row is locked, and how the act left it."""
    before = kept(proposal, _STANDS, _MOMENTS)
    is_another = undoing_of(action, proposal.state).undo is Action.UNDO_ONE_REQUEST
    with leaving_requests(session, proposal) if is_another else nullcontext():
        yield
        session.flush()
    left = counters(session, proposal)
    row = UndoableAct(
        proposal_id=proposal.id, action=action.value, by_id=actor.person_id, at=now, before=before, left=left
    )
    session.add(row)
    session.flush()


@contextmanager
def leaving_requests(session: Session, proposal: Proposal) -> Iterator[None]:
    """What is done in this block goes on from no request for changes: who has asked can take that back as before."""
    stood = counters(session, proposal)
    joined = [each for each in asked_together(session, proposal) if each.left == stood]
    yield
    session.flush()
    _stand_anew(joined, counters(session, proposal))


def take_back(session: Session, actor: Actor, reference: str, now: datetime) -> Proposal:
    """Take back what the actor did last in this review, within ten minutes; it stays in the history. The clock goes on as if it
    had never stopped, and what was asked for is asked no more. Where others have asked for changes too, the team goes on
    answering them.

    Raises:
        WrongState: there is nothing to take back, the time is over, or somebody has gone on from it.
    """
    proposal = locked(session, reference)
    roles_of(session, actor, proposal)
    act = last_act(session, proposal, actor)
    if act is None:
        raise WrongState(_TOO_LATE)
    together = asked_together(session, proposal, act)
    others = [each for each in together if each.undone_at is None and each is not act]
    first = together[0] if together else act
    undo = Action.UNDO_ONE_REQUEST if others else row_of(first).undo
    after = permitted(session, undo, actor, proposal)
    if not may_take_back(session, actor, proposal, act, now):
        raise WrongState(_TOO_LATE)
    if others:
        proposal.waiting_since = max(each.at for each in others)
    else:
        put_back(proposal, _STANDS, _MOMENTS, first.before)
    proposal.state, act.undone_at = after, now
    _withdraw_what_came_with_it(session, act, now)
    _stand_anew([each for each in others if each.left == act.left], counters(session, proposal))
    facts: JSONObject = {"undone": act.action, "step": current_step(proposal.state, proposal.step)}
    if undo is Action.REOPEN_VOTE:  # as its closing: who votes is not named to the team
        facts["internal"] = True
    record_act(session, undo, actor, proposal, now, facts)
    go_on(session, proposal, now)
    return proposal


def _stand_anew(asked: Sequence[UndoableAct], left: JSONObject) -> None:
    """Whoever asked in the same round went on from nothing that these did: they can be taken back still."""
    for each in asked:
        each.left = left


def _withdraw_what_came_with_it(session: Session, act: UndoableAct, now: datetime) -> None:
    """The requests and the verdict of that moment."""
    asked = (Comment.proposal_id == act.proposal_id, Comment.author_id == act.by_id, Comment.kind == CHANGE_REQUEST)
    session.execute(
        update(Comment)
        .where(*asked, Comment.posted_at == act.at, Comment.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    given = (
        StepVerdict.proposal_id == act.proposal_id,
        StepVerdict.given_at == act.at,
        StepVerdict.undone_at.is_(None),
    )
    session.execute(update(StepVerdict).where(*given).values(undone_at=now))
    session.flush()
