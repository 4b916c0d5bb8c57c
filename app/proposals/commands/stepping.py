"""The verdicts that end a step: the ethics and the legal review, the outcome of a vote, and looking again after a crisis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.said import words_of
from app.foundation.words import N_
from app.proposals.commands.acting import by_system, locked, record_act, stop_review_clock
from app.proposals.commands.advancing import end_afterwards, pass_on, permitted_in_step, shown_version
from app.proposals.commands.ending import go_on
from app.proposals.commands.undoing import undoable
from app.proposals.models import Proposal, ProposalVersion
from app.proposals.step_models import StepVerdict
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.checklists import OF_STEP, Mark, open_questions
from app.rules.pipelines import Step
from app.rules.turns import current_step
from app.rules.verdicts import StepOutcome


@dataclass(frozen=True)
class Verdict:
    """How a step ends: the words, the marks of its checklist, and the counts of a vote."""

    step: Step
    outcome: StepOutcome
    words: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    counts: JSONObject = field(default_factory=dict)


def pass_step(
    session: Session,
    actor: Actor,
    reference: str,
    shown_hash: str,
    checklist: Mapping[str, str],
    words: str,
    now: datetime,
    *,
    shown_step: str | None = None,
) -> StepVerdict:
    """Pass a proposal on after the ethics or the legal review, on the version that was read.

    Args:
        checklist: the mark of each question of the step, all of them yes.
        words: a note for those who decide next; the proposer does not read it.
        shown_step: the step that was read; None where nothing was shown before.

    Raises:
        Invalid: a question is not answered with yes; the message names the first one.
        WrongState: it is in another step now, or another version was sent meanwhile.
    """
    proposal = locked(session, reference)
    permitted_in_step(session, Action.PASS_STEP, actor, proposal, shown_step)
    version, step = shown_version(session, proposal, shown_hash), _step(proposal)
    marks = _marks(step, checklist)
    doubts = open_questions(OF_STEP[step], marks)
    if doubts:
        raise Invalid(
            N_("A question of the check is not answered with yes. Ask for changes, or say why it is not taken up."),
            field=doubts[0].key,
        )
    note = words_of(words)
    return settle(session, actor, proposal, version, Verdict(step, StepOutcome.PASSED, note, marks), now)


def decline_in_step(
    session: Session,
    actor: Actor,
    reference: str,
    shown_hash: str,
    checklist: Mapping[str, str],
    reason: str,
    now: datetime,
    *,
    shown_step: str | None = None,
) -> StepVerdict:
    """End a proposal in the ethics or the legal review, with words that say why and what would change it; `shown_step` as
    `pass_step`.

    Raises:
        Invalid: the reason is missing.
        WrongState: it is in another step now, or another version was sent meanwhile.
    """
    proposal = locked(session, reference)
    permitted_in_step(session, Action.DECLINE_IN_STEP, actor, proposal, shown_step)
    version, step = shown_version(session, proposal, shown_hash), _step(proposal)
    words = words_of(reason, N_("Say why it is not taken up and what would change it: the proposer reads this."))
    verdict = Verdict(step, StepOutcome.DECLINED, words, _marks(step, checklist))
    with undoable(session, Action.DECLINE_IN_STEP, actor, proposal, now):
        return settle(session, actor, proposal, version, verdict, now)


def look_again(
    session: Session,
    actor: Actor,
    reference: str,
    shown_hash: str,
    checklist: Mapping[str, str],
    findings: str,
    now: datetime,
) -> StepVerdict:
    """Close the look at what was granted in a crisis, with findings. The grants themselves are suspended or revoked elsewhere.

    Raises:
        Invalid: the findings are missing.
        WrongState: it was looked at already.
    """
    proposal = locked(session, reference)
    permitted_in_step(session, Action.LOOK_AGAIN, actor, proposal)
    version = shown_version(session, proposal, shown_hash)
    words = words_of(findings, N_("Write down what you found: whether the quick way was right, and what follows."))
    verdict = Verdict(Step.AFTERWARDS, StepOutcome.LOOKED_AT, words, _marks(Step.AFTERWARDS, checklist))
    row = _kept(session, actor, proposal, version, verdict, now)
    end_afterwards(session, proposal)
    facts: JSONObject = {"step": verdict.step.value, "words": words, "checklist": dict(verdict.marks)}
    record_act(session, Action.LOOK_AGAIN, actor, proposal, now, facts)
    return row


def settle(
    session: Session, actor: Actor, proposal: Proposal, version: ProposalVersion, verdict: Verdict, now: datetime
) -> StepVerdict:
    """Keep the verdict of a review or a vote, and do what follows: on to the next step, or the end. The row is locked."""
    row = _kept(session, actor, proposal, version, verdict, now)
    by = SYSTEM if verdict.step is Step.COMMITTEE else actor  # the chair closes; the votes decide
    facts: JSONObject = {"step": verdict.step.value, "checklist": dict(verdict.marks)}
    stop_review_clock(proposal, now)
    if verdict.outcome is StepOutcome.PASSED:
        following = pass_on(session, proposal, now)
        facts |= {"next": following.step.value, "note": verdict.words}
        record_act(session, Action.PASS_STEP, by, proposal, now, facts)
        go_on(session, proposal, now)
        return row
    proposal.state = by_system(Action.DECLINE_IN_STEP, proposal)
    proposal.step, proposal.waiting_since = None, None
    proposal.ended_at, proposal.end_reason = now, verdict.words
    session.flush()
    record_act(session, Action.DECLINE_IN_STEP, by, proposal, now, {**facts, "reason": verdict.words})
    return row


def _step(proposal: Proposal) -> Step:
    step = current_step(proposal.state, proposal.step)
    return Step.INTAKE if step is None else step


def _marks(step: Step, checklist: Mapping[str, str]) -> dict[str, str]:
    known = {check.key for check in OF_STEP[step]}
    return {key: Mark(mark).value for key, mark in checklist.items() if key in known and mark in list(Mark)}


def _kept(
    session: Session, actor: Actor, proposal: Proposal, version: ProposalVersion, verdict: Verdict, now: datetime
) -> StepVerdict:
    row = StepVerdict(
        proposal_id=proposal.id,
        proposal_version_id=version.id,
        version_hash=version.content_hash,
        step=verdict.step,
        outcome=verdict.outcome,
        words=verdict.words,
        checklist={**verdict.marks},
        counts=verdict.counts,
        given_by_id=actor.person_id,
        given_at=now,
    )
    session.add(row)
    session.flush()
    return row
