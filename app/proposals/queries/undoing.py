"""What was done last in the review of a proposal and can still be taken back, and which moments no longer count."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from app.agreements.binding import has_left
from app.foundation.base import JSONObject
from app.proposals.models import Decision, Proposal, ProposalItem
from app.proposals.queries.last_days import coming_back
from app.proposals.step_models import UndoableAct
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.roles import Capacity
from app.rules.undoing import UNDO_ACTS, UNDO_TIME, Undoing, undoing_of
from app.rules.workflow import ProposalState


@dataclass(frozen=True)
class TakingBack:
    """What a person did last and can still take back: the sentence that says what it was, and until when."""

    said: str
    until: datetime


def taking_back(
    session: Session, viewer: Actor, proposal: Proposal, acts: Collection[Action], now: datetime
) -> TakingBack | None:
    """What the viewer can take back now; None where there is nothing.

    Args:
        acts: what the rules let them do in its state; without one that takes something back nothing is looked up.
    """
    act = last_act(session, proposal, viewer) if UNDO_ACTS.intersection(acts) else None
    if act is None or row_of(act).undo not in acts or not may_take_back(session, viewer, proposal, act, now):
        return None
    return TakingBack(row_of(act).said, act.at + UNDO_TIME)


def last_act(session: Session, proposal: Proposal, actor: Actor) -> UndoableAct | None:
    """The newest act on a proposal that can be taken back and was not: of this person, else of anybody."""
    of_it = (UndoableAct.proposal_id == proposal.id, UndoableAct.undone_at.is_(None))
    own_first = case((UndoableAct.by_id == actor.person_id, 0), else_=1)
    newest = select(UndoableAct).where(*of_it).order_by(own_first, UndoableAct.at.desc(), UndoableAct.id.desc())
    return session.scalar(newest.limit(1))


def asked_together(session: Session, proposal: Proposal, act: UndoableAct | None = None) -> list[UndoableAct]:
    """All requests for changes that the team answers together, the first one in front, taken back or not.

    Args:
        act: one of them; another act has none. None for those that would be joined now.
    """
    if act is not None and act.action != Action.REQUEST_CHANGES:
        return []
    asked = (UndoableAct.proposal_id == proposal.id, UndoableAct.action == Action.REQUEST_CHANGES.value)
    # Where its days had passed, the team was asked before anybody did: nothing of an earlier round is taken back with these.
    began = func.coalesce(coming_back(proposal).scalar_subquery(), UndoableAct.at)
    found = []
    for each in session.scalars(
        select(UndoableAct).where(*asked, UndoableAct.at >= began).order_by(UndoableAct.id.desc())
    ):
        found.append(each)
        if row_of(each).undo is not Action.UNDO_ONE_REQUEST:
            break
    return found[::-1]


def row_of(act: UndoableAct) -> Undoing:
    """The row of the rules that says how an act is taken back."""
    return undoing_of(Action(act.action), ProposalState(str(act.before["state"])))


def may_take_back(session: Session, actor: Actor, proposal: Proposal, act: UndoableAct, now: datetime) -> bool:
    """Whether it was this person, the ten minutes still run, everything stands as the act left it, and whoever proposes has not
    left the agreement.
    """
    if act.by_id != actor.person_id or now > act.at + UNDO_TIME:
        return False
    if has_left(session, proposal.organization_id, Capacity.MEMBER):
        return False
    return act.left == counters(session, proposal)


def counters(session: Session, proposal: Proposal) -> JSONObject:
    """The counters of the rows that any next step writes: the proposal with its answers, and each dataset's decision."""
    items = select(ProposalItem.id, ProposalItem.version).where(ProposalItem.proposal_id == proposal.id)
    found = session.execute(items.order_by(ProposalItem.id))
    return {
        "stands": _stands(proposal),
        "sent": proposal.current_version_id,
        "proposal": proposal.version,
        "items": {str(key): version for key, version in found},
    }


def still_stands(session: Session, key: int) -> bool:
    """Whether a proposal still is where the act of this key left it: what it says, and whom it asks, holds."""
    act = session.get_one(UndoableAct, key)
    proposal = session.get_one(Proposal, act.proposal_id)
    has_answered = act.left.get("sent", proposal.current_version_id) != proposal.current_version_id
    return act.undone_at is None and not has_answered and act.left["stands"] == _stands(proposal)


def _stands(proposal: Proposal) -> list[str | None]:
    return [proposal.state.value, proposal.step]


def count_no_more(session: Session, keys: Sequence[int]) -> bool:
    """Whether one of these decisions was taken back, was replaced, or is void because the team changed the proposal."""
    ended = or_(*(column.is_not(None) for column in (Decision.undone_at, Decision.voided_at, Decision.superseded_at)))
    return session.scalar(select(Decision.id).where(Decision.id.in_(keys), ended).limit(1)) is not None


def act_at(session: Session, proposal: Proposal, at: datetime) -> UndoableAct | None:
    """The act that can be taken back and was done at this moment, whether it was or not."""
    of_it = (UndoableAct.proposal_id == proposal.id, UndoableAct.at == at)
    return session.scalar(select(UndoableAct).where(*of_it).order_by(UndoableAct.id.desc()).limit(1))


def act_taken_back_at(session: Session, proposal: Proposal, at: datetime) -> UndoableAct | None:
    """The act that was taken back at this moment."""
    of_it = (UndoableAct.proposal_id == proposal.id, UndoableAct.undone_at == at)
    return session.scalar(select(UndoableAct).where(*of_it).order_by(UndoableAct.id.desc()).limit(1))


def moments_taken_back() -> Select[str, datetime]:
    """Reference and moment of everything that was taken back: the events of that moment do not count in figures."""
    undone = select(Proposal.reference, UndoableAct.at).join(UndoableAct, UndoableAct.proposal_id == Proposal.id)
    return undone.where(UndoableAct.undone_at.is_not(None))
