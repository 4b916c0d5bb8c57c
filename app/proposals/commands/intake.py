"""The secretariat's intake check, the requests for changes that anyone in the review may make, and what is parked by date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.said import LONGEST_WORDS, words_of
from app.foundation.text import clean
from app.foundation.words import N_
from app.organizations.models import Organization
from app.proposals.commands.acting import (
    by_system,
    items_of,
    locked,
    permitted,
    record_act,
    speaks_for,
    stop_review_clock,
)
from app.proposals.commands.advancing import leave_intake, permitted_in_step, shown_version
from app.proposals.commands.ending import go_on
from app.proposals.commands.joint import refuse_withdrawn
from app.proposals.commands.undoing import undoable
from app.proposals.models import CHANGE_REQUEST, Comment, Proposal
from app.proposals.queries.clock import changes_clock
from app.proposals.standing import standing
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.checklists import INTAKE, Mark, open_questions
from app.rules.pipelines import ACTS_OF_STEP, Step
from app.rules.roles import Role
from app.rules.turns import step_at
from app.rules.workflow import ItemState, ProposalState, is_possible

_MOST_REQUESTS = 30


@dataclass(frozen=True)
class Request:
    """One change that is asked for; `about` is the key of the answer it concerns, None for the proposal as a whole."""

    words: str
    about: str | None = None


def pass_intake(
    session: Session,
    actor: Actor,
    reference: str,
    checklist: Mapping[str, str],
    now: datetime,
    *,
    shown_hash: str | None = None,
) -> Proposal:
    """Hand a complete proposal to those who decide on it next in its pipeline, whose clock starts.

    Args:
        checklist: the mark of each question of `rules/checklists.INTAKE`, all of them yes.
        shown_hash: the hash of the version that was read; None where nothing was shown before.

    Raises:
        Invalid: a question is open or not answered with yes, the first one is named; or a co-applicant has withdrawn.
        WrongState: another version was sent after the one that was read.
    """
    proposal = locked(session, reference)
    after = permitted(session, Action.PASS_INTAKE, actor, proposal)
    _as_shown(session, proposal, shown_hash)
    refuse_withdrawn(session, proposal)
    marks = {check.key: Mark(checklist[check.key]).value for check in INTAKE if checklist.get(check.key) in list(Mark)}
    doubts = open_questions(INTAKE, marks)
    if doubts:
        raise Invalid(
            N_("A question of the check is not answered with yes. Ask for changes, or say why it is not taken up."),
            field=doubts[0].key,
        )
    following = leave_intake(session, proposal, after, now)
    facts = {"checklist": marks, "step": following.step.value}
    record_act(session, Action.PASS_INTAKE, actor, proposal, now, {**facts})
    go_on(session, proposal, now)
    return proposal


def close_at_intake(
    session: Session, actor: Actor, reference: str, reason: str, now: datetime, *, shown_hash: str | None = None
) -> Proposal:
    """End a proposal that cannot be taken up, with words that say why and what would change it; `shown_hash` as `pass_intake`.

    Raises:
        Invalid: the reason is missing.
        WrongState: another version was sent after the one that was read.
    """
    proposal = locked(session, reference)
    after = permitted(session, Action.CLOSE_AT_INTAKE, actor, proposal)
    _as_shown(session, proposal, shown_hash)
    missing = N_("Say why it is not taken up and what would change it: the proposer reads this.")
    words = words_of(reason, missing, "reason")
    with undoable(session, Action.CLOSE_AT_INTAKE, actor, proposal, now):
        proposal.state, proposal.step, proposal.waiting_since = after, None, None
        proposal.ended_at, proposal.end_reason = now, words
        record_act(session, Action.CLOSE_AT_INTAKE, actor, proposal, now, {"reason": words})
    return proposal


def request_changes(
    session: Session,
    actor: Actor,
    reference: str,
    requests: Sequence[Request],
    now: datetime,
    *,
    shown_hash: str | None = None,
    shown_step: str | None = None,
) -> Proposal:
    """Ask the team for changes, each in words of its own. The clocks of the review stand still until they answer. While they
    answer somebody else, this comes with it, and their days begin anew. `shown_hash` as `pass_intake`, `shown_step` the step
    that was read.

    Raises:
        Invalid: nothing was asked for, or far too much.
        WrongState: a data partner asks that has decided on all its datasets; or another version was sent after the one
            that was read, or it has moved on to another step.
    """
    proposal = locked(session, reference)
    after = permitted_in_step(session, Action.REQUEST_CHANGES, actor, proposal, shown_step)
    _as_shown(session, proposal, shown_hash)
    asked = [Request(clean(each.words), each.about) for each in requests if clean(each.words)]
    if not asked:
        raise Invalid(N_("Say what should change: at least one request, in words the team can act on."), field="words")
    if len(asked) > _MOST_REQUESTS or any(len(each.words) > LONGEST_WORDS for each in asked):
        raise Invalid(N_("Shorten your requests: up to 30, each with up to 4,000 characters."), field="words")
    organization = speaks_for(session, actor, proposal)
    _still_deciding(session, actor, proposal)
    said = [{"about": each.about, "words": each.words} for each in asked]
    facts: JSONObject = {"requests": said, "further": proposal.state is after}
    with undoable(session, Action.REQUEST_CHANGES, actor, proposal, now):
        proposal.returns_to = step_at(proposal.state, proposal.step, proposal.returns_to)
        stop_review_clock(proposal, now)
        proposal.state, proposal.waiting_since = after, now
        for each in asked:
            _post(session, actor, proposal, organization, each, now)
        record_act(session, Action.REQUEST_CHANGES, actor, proposal, now, facts)
    return proposal


def park_overdue(session: Session, now: datetime) -> int:
    """Park every proposal whose changes were not answered within their working days; the draft is kept. Returns how many."""
    waiting = session.scalars(
        select(Proposal)
        .where(Proposal.state == ProposalState.CHANGES_REQUESTED, Proposal.waiting_since.is_not(None))
        .order_by(Proposal.id)
    ).all()
    overdue = [proposal.reference for proposal in waiting if _is_over(session, proposal, now)]
    for reference in overdue:
        proposal = locked(session, reference)
        if _is_over(session, proposal, now):
            proposal.state = by_system(Action.PARK_PROPOSAL, proposal)
            proposal.waiting_since = None
            record_act(session, Action.PARK_PROPOSAL, SYSTEM, proposal, now)
    return len(overdue)


def _as_shown(session: Session, proposal: Proposal, shown_hash: str | None) -> None:
    if shown_hash is not None:
        shown_version(session, proposal, shown_hash)


def _is_over(session: Session, proposal: Proposal, now: datetime) -> bool:
    clock = changes_clock(session, proposal, now)
    return clock is not None and clock.is_over and is_possible(Action.PARK_PROPOSAL, proposal.state)


def _still_deciding(session: Session, actor: Actor, proposal: Proposal) -> None:
    """A data partner asks for changes while it has something left to decide; who else reviews it may while it is theirs."""
    roles = standing(session, actor, proposal)
    here = ACTS_OF_STEP[step_at(proposal.state, proposal.step, proposal.returns_to) or Step.INTAKE][
        Action.REQUEST_CHANGES
    ]
    if roles & (here - {Role.DATASET_STEWARD}):
        return
    own = [item for item in items_of(session, proposal) if item.dataset.organization_id in actor.organization_ids]
    if all(item.state is not ItemState.PENDING for item in own):
        raise WrongState(
            N_(
                "You have decided on all your datasets. Undo a decision first, while that is possible, or write a comment."
            )
        )


def _post(
    session: Session, actor: Actor, proposal: Proposal, organization: Organization | None, each: Request, now: datetime
) -> None:
    session.add(
        Comment(
            proposal_id=proposal.id,
            author_id=actor.person_id,
            organization_id=organization.id if organization else proposal.organization_id,
            about_answer=each.about,
            body=each.words,
            kind=CHANGE_REQUEST,
            posted_at=now,
        )
    )
