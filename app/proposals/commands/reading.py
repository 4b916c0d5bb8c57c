"""What a reader of the review keeps for itself: that it has read this version, and what it has marked and begun to write."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.text import clean
from app.proposals.commands.acting import locked, roles_of
from app.proposals.models import Decision, Proposal, ProposalItem
from app.proposals.workspace_models import Desk, Reading, ReviewDraft
from app.rules.actors import Actor
from app.rules.undoing import UNDO_TIME

_MOST_FIELDS, _MOST_VALUES = 300, 60
_LONGEST = 20_000


def note_reading(session: Session, actor: Actor, reference: str, now: datetime) -> Reading | None:
    """Keep that the actor has read the version that was sent last, so that only what comes later is marked as new.

    Returns None where nothing was sent yet, or the actor is no person.
    """
    proposal = locked(session, reference)
    roles_of(session, actor, proposal)
    if actor.person_id is None or proposal.current_version_id is None:
        return None
    mine = select(Reading).where(
        Reading.person_id == actor.person_id, Reading.version_id == proposal.current_version_id
    )
    row = session.scalar(mine)
    if row is None:
        row = Reading(
            person_id=actor.person_id, proposal_id=proposal.id, version_id=proposal.current_version_id, read_at=now
        )
        session.add(row)
    row.read_at = now
    session.flush()
    return row


def keep_draft(
    session: Session, actor: Actor, reference: str, desk: Desk, fields: Mapping[str, Sequence[str]], now: datetime
) -> ReviewDraft | None:
    """Keep what the actor has marked and typed on a page of the review. Whatever it is, it is kept, and nobody else reads it.

    Args:
        fields: the values of the form's fields by name; empty ones are left out.
    """
    proposal = locked(session, reference)
    roles_of(session, actor, proposal)
    if actor.person_id is None:
        return None
    row = _draft_of(session, actor.person_id, proposal, desk)
    if row is None:
        row = ReviewDraft(person_id=actor.person_id, proposal_id=proposal.id, desk=desk, saved_at=now)
        session.add(row)
    kept = {name: [clean(value)[:_LONGEST] for value in values[:_MOST_VALUES]] for name, values in fields.items()}
    filled = [(name[:80], values) for name, values in kept.items() if any(values)]
    row.fields, row.saved_at = {**dict(filled[:_MOST_FIELDS])}, now
    session.flush()
    return row


def set_aside(session: Session, actor: Actor, proposal: Proposal, desk: Desk, kept: Sequence[str]) -> None:
    """What was begun has been said: only fields whose names begin with one of `kept` stay on the page."""
    row = _draft_of(session, actor.person_id, proposal, desk) if actor.person_id else None
    if row is not None:
        stays = {name: value for name, value in row.fields.items() if name.startswith(tuple(kept))}
        row.said = {name: value for name, value in row.fields.items() if name not in stays}
        row.fields = stays
        session.flush()


def bring_back(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """What the actor said in the last ten minutes is taken back: it stands on the page again, to be said otherwise.

    Not while another decision of theirs from these minutes stands: the words kept may be that one's.
    """
    stands = select(Decision.id).join(ProposalItem, ProposalItem.id == Decision.item_id)
    stands = stands.where(ProposalItem.proposal_id == proposal.id, Decision.decided_by_id == actor.person_id)
    stands = stands.where(
        Decision.undone_at.is_(None), Decision.by_rule.is_(None), Decision.decided_at >= now - UNDO_TIME
    )
    if session.scalar(stands.limit(1)) is not None:
        return
    mine = (ReviewDraft.person_id == actor.person_id, ReviewDraft.proposal_id == proposal.id)
    lately = select(ReviewDraft).where(*mine, ReviewDraft.saved_at >= now - UNDO_TIME)
    for row in session.scalars(lately.order_by(ReviewDraft.saved_at.desc()).limit(1)):
        row.fields, row.said = {**row.said, **row.fields}, {}
    session.flush()


def _draft_of(session: Session, person_id: int, proposal: Proposal, desk: Desk) -> ReviewDraft | None:
    mine = (ReviewDraft.person_id == person_id, ReviewDraft.proposal_id == proposal.id, ReviewDraft.desk == desk)
    return session.scalar(select(ReviewDraft).where(*mine))
