"""The data access committee's vote: one vote per member and version, changeable until the chair closes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import WrongState
from app.foundation.said import words_of
from app.foundation.words import N_
from app.proposals.commands.acting import locked, record_act
from app.proposals.commands.advancing import permitted_in_step, shown_version
from app.proposals.commands.stepping import Verdict, settle
from app.proposals.commands.undoing import undoable
from app.proposals.queries.votes import tally_of
from app.proposals.step_models import CommitteeVote, StepVerdict
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.pipelines import Step
from app.rules.verdicts import Count, StepOutcome, VoteChoice, carried


@dataclass(frozen=True)
class Closed:
    """A vote that was closed, and its outcome."""

    verdict: StepVerdict
    count: Count


def cast_vote(
    session: Session, actor: Actor, reference: str, shown_hash: str, choice: VoteChoice, words: str, now: datetime
) -> CommitteeVote:
    """Vote on the version that was read. A second vote of the same person takes the place of the first.

    Raises:
        Invalid: a vote against without words, which the committee reads.
        WrongState: the vote is closed, or another version was sent meanwhile.
    """
    proposal = locked(session, reference)
    permitted_in_step(session, Action.CAST_VOTE, actor, proposal)
    version = shown_version(session, proposal, shown_hash)
    missing = N_("Say why you vote against it: the committee and the chair read this.")
    said = words_of(words, missing if choice is VoteChoice.AGAINST else "")
    own = CommitteeVote.person_id == actor.person_id
    row = session.scalar(select(CommitteeVote).where(CommitteeVote.proposal_version_id == version.id, own))
    is_changed = row is not None
    if row is None:
        row = CommitteeVote(
            proposal_id=proposal.id,
            proposal_version_id=version.id,
            version_hash=version.content_hash,
            person_id=actor.person_id,
        )
        session.add(row)
    row.choice, row.words, row.cast_at = choice, said, now
    session.flush()
    facts: JSONObject = {"internal": True, "choice": choice.value, "note": said, "changed": is_changed}
    record_act(session, Action.CAST_VOTE, actor, proposal, now, facts)
    return row


def close_vote(session: Session, actor: Actor, reference: str, shown_hash: str, words: str, now: datetime) -> Closed:
    """Count the votes of the members without a conflict of interest, and pass the proposal on or end it.

    Args:
        words: why it is not carried and what would change it; the proposer reads this. A carried vote needs none.

    Raises:
        WrongState: too few have voted, votes are equal and the chair has not voted, or the vote is closed already.
        Invalid: it is not carried and no reason is given.
    """
    proposal = locked(session, reference)
    permitted_in_step(session, Action.CLOSE_VOTE, actor, proposal)
    version = shown_version(session, proposal, shown_hash)
    found = tally_of(session, proposal)
    if not found.count.has_quorum:
        raise WrongState(
            N_("Too few members without a conflict of interest have voted. The page says how many are needed.")
        )
    outcome = carried(found.count, found.choice_of(actor.person_id))
    if outcome is None:
        raise WrongState(N_("As many are for it as against it. Vote for or against it yourself first: yours decides."))
    reason = _reason(words, is_carried=outcome)
    counts = _counts(found.count)
    verdict = Verdict(Step.COMMITTEE, StepOutcome.PASSED if outcome else StepOutcome.DECLINED, reason, counts=counts)
    with undoable(session, Action.CLOSE_VOTE, actor, proposal, now):
        record_act(session, Action.CLOSE_VOTE, actor, proposal, now, {"internal": True, **counts})
        return Closed(settle(session, actor, proposal, version, verdict, now), found.count)


def _reason(words: str, *, is_carried: bool) -> str:
    if is_carried:
        return words_of(words)
    missing = N_("The vote is not carried. Say why and what would change it: the proposer reads this, and no names.")
    return words_of(words, missing)


def _counts(result: Count) -> JSONObject:
    return {
        "for": result.in_favor,
        "against": result.against,
        "abstained": result.abstained,
        "members": result.members,
        "quorum": result.quorum,
    }
