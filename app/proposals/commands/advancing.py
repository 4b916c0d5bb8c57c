"""From one step of a review to the next, whatever the pipeline: the one place that moves a proposal along it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import WrongState
from app.foundation.words import N_
from app.proposals.commands.acting import by_system, current_version, permitted, record_act, stop_review_clock
from app.proposals.models import Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.routing import Way, as_kept, way_if_sent
from app.proposals.standing import standing
from app.proposals.step_models import StepVerdict
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.pipelines import ReviewStep, Step, acts_in_step, pipeline_of, resume_at
from app.rules.turns import step_at
from app.rules.verdicts import StepOutcome
from app.rules.workflow import APPROVALS, ItemState, ProposalState, is_possible

_ELSEWHERE = N_("This proposal is in another step of its review now. Its page says whose turn it is.")
_MOVED_ON = N_(
    "The proposal moved on after you opened this page, so nothing was kept. Open it again: it is in another step of its review."
)
_CHANGED = N_(
    "The team changed the proposal after you opened it, so nothing was kept. Open it again and read what it says now."
)


def begin(session: Session, proposal: Proposal, version: int, now: datetime) -> Way | None:
    """Put a proposal that is sent into the first step of its pipeline. The rules are asked at each sending: it moves to a way
    that asks for more, and keeps its own where they ask for less. Returns its new way where it moved.

    Args:
        version: the number of the version that is sent.
    """
    was, way = proposal.pipeline, way_if_sent(session, proposal, version, now)
    proposal.pipeline, proposal.routed_because = way.route.pipeline, as_kept(way)
    proposal.step = pipeline_of(proposal.pipeline).steps[0].step
    proposal.waiting_since = now
    session.flush()
    return way if was not in (None, way.route.pipeline) else None


def leave_intake(session: Session, proposal: Proposal, after: ProposalState, now: datetime) -> ReviewStep:
    """From a passed intake check to the step that follows. Returns that step."""
    proposal.passed_at = proposal.passed_at or now
    return _enter(session, proposal, after, _following(session, proposal, Step.INTAKE), now)


def pass_on(session: Session, proposal: Proposal, now: datetime) -> ReviewStep:
    """From a step that ended with a verdict to the one that follows. Returns that step."""
    at = Step(str(proposal.step))
    return _enter(session, proposal, proposal.state, _following(session, proposal, at), now)


def resume(session: Session, proposal: Proposal, now: datetime) -> ReviewStep | None:
    """Send an answered request for changes straight back to the step that asked, whose clock goes on; to an earlier one where
    the new version voided its verdict. None where the intake check asked: it looks at the answer anyway.
    """
    pipeline, asked = pipeline_of(proposal.pipeline), proposal.returns_to
    step = resume_at(pipeline, asked, settled_steps(session, proposal))
    known = pipeline.at(step)
    if known is None:
        return None
    after = by_system(Action.RETURN_TO_REVIEW, proposal)
    if step != asked:
        proposal.used_days = 0
    proposal.state, proposal.step, proposal.waiting_since, proposal.returns_to = after, known.step, now, None
    session.flush()
    record_act(session, Action.RETURN_TO_REVIEW, SYSTEM, proposal, now, {"step": known.step.value})
    return known


def complete(session: Session, proposal: Proposal, items: Sequence[ProposalItem], now: datetime) -> bool:
    """After the last decision the director may issue; where nothing was approved, the case ends here. Returns whether it was
    the last one.
    """
    if any(item.state is ItemState.PENDING for item in items):
        return False
    after = by_system(Action.COMPLETE_DECISIONS, proposal)
    stop_review_clock(proposal, now)
    approved = [item.dataset.reference for item in items if item.state in APPROVALS]
    refused = [item.dataset.reference for item in items if item.state is ItemState.NOT_APPROVED]
    closed = [item.dataset.reference for item in items if item.state is ItemState.NOT_OFFERED]
    proposal.state, proposal.step, proposal.decided_at = after, Step.ISSUE, now
    proposal.waiting_since, proposal.ended_at = (now, None) if approved else (None, now)
    facts: JSONObject = {"approved": approved, "not_approved": refused, "not_offered": closed}
    record_act(session, Action.COMPLETE_DECISIONS, SYSTEM, proposal, now, facts)
    return True


def reopen(session: Session, proposal: Proposal, now: datetime) -> bool:
    """A decision taken back opens a proposal that had been decided; the data partners' clock goes on where it stood."""
    if not is_possible(Action.REOPEN_DECISIONS, proposal.state):
        return False
    proposal.state, proposal.step = by_system(Action.REOPEN_DECISIONS, proposal), Step.DATA_PARTNERS
    proposal.decided_at, proposal.ended_at, proposal.waiting_since = None, None, now
    record_act(session, Action.REOPEN_DECISIONS, SYSTEM, proposal, now)
    return True


def leave_issue(session: Session, proposal: Proposal, after: ProposalState, now: datetime) -> ReviewStep | None:
    """After the grants were issued: the step that looks at it again, where the pipeline has one."""
    following = pipeline_of(proposal.pipeline).after(Step.ISSUE)
    proposal.state, proposal.waiting_since = after, now if following else None
    proposal.step = following.step if following else proposal.step
    session.flush()
    return following


def end_afterwards(session: Session, proposal: Proposal) -> None:
    """The step after the issue is done: nothing waits any more."""
    proposal.step, proposal.waiting_since = Step.ISSUE, None
    session.flush()


def permitted_in_step(
    session: Session, action: Action, actor: Actor, proposal: Proposal, shown_step: str | None = None
) -> ProposalState:
    """Let an act pass that belongs to a step, and return the state after it; raises as `permitted` does.

    Args:
        shown_step: the step that was read, for who acts in more than one of them; None where nothing was shown before.

    Raises:
        WrongState: the proposal is in another step now.
    """
    after = permitted(session, action, actor, proposal)
    at = step_at(proposal.state, proposal.step, proposal.returns_to)
    if shown_step is not None and shown_step != at:
        raise WrongState(_MOVED_ON)
    roles = standing(session, actor, proposal)
    if not acts_in_step({action}, roles, at):
        raise WrongState(_ELSEWHERE)
    return after


def shown_version(session: Session, proposal: Proposal, shown_hash: str) -> ProposalVersion:
    """The current version, if it is the one that was read.

    Raises:
        WrongState: the team sent another one meanwhile.
    """
    version = current_version(session, proposal)
    if version is None or version.content_hash != shown_hash:
        raise WrongState(_CHANGED)
    return version


def settled_steps(session: Session, proposal: Proposal) -> frozenset[Step]:
    """The steps with a verdict on the version that is current now."""
    found = select(StepVerdict.step).where(
        StepVerdict.proposal_version_id == proposal.current_version_id, StepVerdict.outcome == StepOutcome.PASSED
    )
    found = found.where(StepVerdict.undone_at.is_(None))
    return frozenset(session.scalars(found))


def _following(session: Session, proposal: Proposal, at: Step) -> ReviewStep:
    """The next step without a verdict on the current version: one that was passed on these very words is not asked again."""
    pipeline, settled = pipeline_of(proposal.pipeline), settled_steps(session, proposal)
    later = pipeline.steps[pipeline.names.index(at) + 1 :]
    return next(each for each in later if each.step not in settled)


def _enter(session: Session, proposal: Proposal, after: ProposalState, step: ReviewStep, now: datetime) -> ReviewStep:
    proposal.state, proposal.step = after, step.step
    proposal.waiting_since, proposal.returns_to, proposal.used_days = now, None, 0
    if step.step is Step.DATA_PARTNERS:
        proposal.offered_at = proposal.offered_at or now
    session.flush()
    return step
