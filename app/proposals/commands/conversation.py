"""The conversation that stays with a proposal: to everyone on it, or inside one's own organization and the secretariat."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.said import words_of
from app.foundation.words import N_
from app.proposals.commands.acting import (
    locked,
    permitted,
    permitted_at_answers,
    record_act,
    side_of,
    speaks_for,
)
from app.proposals.models import Comment, Proposal
from app.rules.actions import Action
from app.rules.actors import Actor

_ACTS = {False: Action.COMMENT_ON_PROPOSAL, True: Action.COMMENT_INTERNALLY}


def comment(
    session: Session,
    actor: Actor,
    reference: str,
    body: str,
    now: datetime,
    *,
    is_internal: bool = False,
    about: str | None = None,
    in_step: bool = False,
) -> Comment:
    """Post one message. An internal one is never shown to the proposers or to another data partner.

    Args:
        about: the key of the answer that it concerns.
        in_step: it is written in a step of the pipeline: an internal one stays with the secretariat then.

    Raises:
        Invalid: it is empty, or longer than 4,000 characters.
    """
    proposal = locked(session, reference)
    side = _side(session, actor, proposal, is_internal=is_internal, in_step=in_step)
    words = words_of(body, N_("Write a message before you post it."), "body")
    row = Comment(
        proposal_id=proposal.id,
        author_id=actor.person_id,
        organization_id=side,
        about_answer=about,
        body=words,
        is_internal=is_internal,
        posted_at=now,
    )
    session.add(row)
    session.flush()
    facts: JSONObject = {"comment": row.id, "internal": is_internal, "organization": row.organization_id}
    record_act(session, _ACTS[is_internal], actor, proposal, now, {**facts, "words": words})
    return row


def _side(session: Session, actor: Actor, proposal: Proposal, *, is_internal: bool, in_step: bool) -> int:
    """The key of the organization for which it is said."""
    if is_internal:
        roles = permitted_at_answers(session, Action.COMMENT_INTERNALLY, actor, proposal)
        return side_of(session, actor, proposal, roles, in_step=in_step)
    permitted(session, Action.COMMENT_ON_PROPOSAL, actor, proposal)
    organization = speaks_for(session, actor, proposal)
    return organization.id if organization else proposal.organization_id
