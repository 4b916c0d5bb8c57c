"""Sending a proposal: everything is checked, what was shown is frozen, and the review begins or goes on. And withdrawing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.text import clean
from app.foundation.words import N_
from app.proposals.commands.accepting import lead_accepts
from app.proposals.commands.acting import by_system, current_version, locked, permitted, record_act, stop_review_clock
from app.proposals.commands.advancing import begin, resume
from app.proposals.commands.deciding import void_decisions
from app.proposals.commands.ending import go_on
from app.proposals.commands.gathering import link_team
from app.proposals.models import Proposal, ProposalVersion
from app.proposals.queries.readiness import readiness_of
from app.proposals.queries.routing import as_kept
from app.proposals.queries.versions import content_of, datasets_in, hash_of
from app.proposals.step_models import VersionDataset
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.questions import Gap, StepKey
from app.rules.workflow import is_possible

LONGEST_REASON = 2000
_CHANGED = N_("The proposal was changed after you opened this page. Read it again, then send it.")


class NotReady(Invalid):
    """The proposal cannot be sent yet. `gaps` says what to mend, in reading order; every answer is saved."""

    def __init__(self, found: Sequence[Gap]) -> None:
        super().__init__(N_("Some answers need your attention before this can be sent."), field=found[0].key)
        self.gaps = tuple(found)


def send(session: Session, actor: Actor, reference: str, shown_hash: str, now: datetime, *, declares: bool) -> Proposal:
    """Freeze the proposal as it was shown and hand it in; after requested changes, hand it in again.

    A version is new when its content or its agreement differs from the last one; decisions on the last one are void then.

    Args:
        shown_hash: the hash of the content that the sender read (`versions.hash_of`).
        declares: whether the sender made the declaration.

    Raises:
        NotReady: answers are missing or unclear, the agreement is not in force, or the declaration was not made.
        WrongState: somebody changed the proposal after it was shown, or it was sent already.
    """
    proposal = locked(session, reference)
    action = _action(proposal)
    after = permitted(session, action, actor, proposal)
    link_team(session, proposal)
    readiness = readiness_of(session, actor, proposal, now)
    undeclared = () if declares else (_UNDECLARED,)
    if readiness.gaps or undeclared or readiness.accession is None:
        raise NotReady([*readiness.gaps, *undeclared])
    content = content_of(session, proposal)
    if hash_of(content) != shown_hash:
        raise WrongState(_CHANGED)
    version = _version(session, actor, proposal, content, readiness.accession, now)
    proposal.state, proposal.current_version_id, proposal.sent_at = after, version.id, proposal.sent_at or now
    lead_accepts(session, actor, proposal, version, now)
    moved = begin(session, proposal, version.number, now)
    facts: JSONObject = {
        "version": version.number,
        "datasets": [d.reference for d in datasets_in(session, proposal.id)],
    }
    record_act(session, action, actor, proposal, now, facts)
    if moved is not None:
        by_system(Action.REROUTE_PROPOSAL, proposal)
        told: JSONObject = {"version": version.number, "pipeline": moved.route.pipeline, "way": as_kept(moved)}
        record_act(session, Action.REROUTE_PROPOSAL, SYSTEM, proposal, now, told)
    _go_on(session, proposal, now)
    return proposal


def withdraw(session: Session, actor: Actor, reference: str, reason: str, now: datetime) -> Proposal:
    """End the proposal by its lead's will; a draft needs no reason. Its answers stay readable and can be copied.

    Raises:
        Invalid: the reason is far too long.
    """
    proposal = locked(session, reference)
    after = permitted(session, Action.WITHDRAW_PROPOSAL, actor, proposal)
    words = clean(reason)
    if len(words) > LONGEST_REASON:
        raise Invalid(N_("Shorten the reason to 2,000 characters."), field="reason")
    stop_review_clock(proposal, now)
    proposal.state, proposal.step, proposal.waiting_since = after, None, None
    proposal.ended_at, proposal.end_reason = now, words
    session.flush()
    record_act(session, Action.WITHDRAW_PROPOSAL, actor, proposal, now, {"reason": words})
    return proposal


_UNDECLARED = Gap("declares", StepKey.MEASURE, N_("Read the declaration and tick it."))


def _action(proposal: Proposal) -> Action:
    """Sending, or sending again: whichever is possible in this state."""
    again = is_possible(Action.RESEND_PROPOSAL, proposal.state)
    return Action.RESEND_PROPOSAL if again else Action.SEND_PROPOSAL


def _version(
    session: Session, actor: Actor, proposal: Proposal, content: JSONObject, accession: Accession, now: datetime
) -> ProposalVersion:
    """The version that is sent: the last one where nothing differs, or a new one with the next number."""
    last = current_version(session, proposal)
    digest = hash_of(content)
    if last and (last.content_hash, last.agreement_hash) == (digest, accession.agreement_hash):
        return last
    version = ProposalVersion(
        proposal_id=proposal.id,
        number=last.number + 1 if last else 1,
        content=content,
        content_hash=digest,
        agreement_version=accession.agreement_version,
        agreement_hash=accession.agreement_hash,
        sent_at=now,
        sent_by_id=actor.person_id,
    )
    session.add(version)
    session.flush()
    asked = [dataset.id for dataset in datasets_in(session, proposal.id)]
    session.add_all(VersionDataset(proposal_version_id=version.id, dataset_id=each) for each in asked)
    session.flush()
    return version


def _go_on(session: Session, proposal: Proposal, now: datetime) -> None:
    """What follows from sending again: decisions on an earlier version are void, who asked gets the answer, and nobody waits for
    a data partner that has left.
    """
    void_decisions(session, proposal, now)
    resume(session, proposal, now)
    proposal.returns_to = None
    session.flush()
    go_on(session, proposal, now)
