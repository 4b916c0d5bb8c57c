"""Declaring a conflict of interest, and a director lifting one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import NotFound, WrongState
from app.foundation.said import words_of
from app.foundation.words import N_
from app.organizations.models import Person
from app.proposals.commands.acting import NOT_THERE, locked, permitted, record_act
from app.proposals.models import Proposal
from app.proposals.queries.whose_turn import whose_turn
from app.proposals.step_models import ConflictOfInterest
from app.rules.actions import Action
from app.rules.actors import Actor


def declare_conflict(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> ConflictOfInterest:
    """Say that one is too close to a proposal to act on it. From then on another person is asked.

    Raises:
        Invalid: no words; those who take over and the director read them, the proposer does not.
        WrongState: it was declared already.
    """
    proposal = locked(session, reference)
    permitted(session, Action.DECLARE_CONFLICT, actor, proposal)
    said = words_of(words, N_("Say in a sentence what ties you to it. The proposer does not read this."))
    if _current(session, proposal.id, actor.person_id) is not None:
        raise WrongState(N_("You have declared a conflict of interest here already. A director can lift it."))
    before = _named(session, proposal, now)
    row = ConflictOfInterest(proposal_id=proposal.id, person_id=actor.person_id, words=said, declared_at=now)
    session.add(row)
    session.flush()
    takes_over = sorted({key for at, key in _named(session, proposal, now).items() if before.get(at) != key})
    facts: JSONObject = {"internal": True, "person": actor.name, "person_id": actor.person_id, "note": said}
    facts["takes_over"] = [*takes_over]
    record_act(session, Action.DECLARE_CONFLICT, actor, proposal, now, facts)
    return row


def lift_conflict(
    session: Session, actor: Actor, reference: str, person_id: int, reason: str, now: datetime
) -> ConflictOfInterest:
    """Let somebody act again who had declared a conflict of interest; for a director who has none.

    Raises:
        NotFound: this person has declared none that holds.
        Invalid: no reason.
    """
    proposal = locked(session, reference)
    permitted(session, Action.LIFT_CONFLICT, actor, proposal)
    row = _current(session, proposal.id, person_id)
    if row is None:
        raise NotFound(NOT_THERE)
    why = words_of(reason, N_("Say why it no longer holds: the history keeps your reason."), "reason")
    row.lifted_at, row.lifted_by_id, row.lift_reason = now, actor.person_id, why
    session.flush()
    person = session.get_one(Person, person_id)
    facts: JSONObject = {"internal": True, "person": person.name, "person_id": person.id, "note": why}
    record_act(session, Action.LIFT_CONFLICT, actor, proposal, now, facts)
    return row


def _named(session: Session, proposal: Proposal, now: datetime) -> dict[int, int]:
    """The key of the one who is named, for each organization that is waited for."""
    holders = whose_turn(session, proposal, now).holders
    return {holder.organization_id: holder.next.person_id for holder in holders if holder.next}


def _current(session: Session, proposal_id: int, person_id: int | None) -> ConflictOfInterest | None:
    return session.scalar(
        select(ConflictOfInterest).where(
            ConflictOfInterest.proposal_id == proposal_id,
            ConflictOfInterest.person_id == person_id,
            ConflictOfInterest.lifted_at.is_(None),
        )
    )
