"""The conversation that stays with a proposal: to everyone on it, or inside one's own organization and the secretariat."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.words import N_
from app.proposals.commands.acting import locked, permitted, record_act, speaks_for
from app.proposals.commands.intake import written
from app.proposals.models import Comment
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
) -> Comment:
    """Post one message. An internal one is never shown to the proposers or to another data partner.

    Args:
        about: the key of the answer that it concerns.

    Raises:
        Invalid: it is empty, or longer than 4,000 characters.
    """
    action, proposal = _ACTS[is_internal], locked(session, reference)
    permitted(session, action, actor, proposal)
    words = written(body, "body", N_("Write a message before you post it."))
    organization = speaks_for(session, actor, proposal)
    row = Comment(
        proposal_id=proposal.id,
        author_id=actor.person_id,
        organization_id=organization.id if organization else proposal.organization_id,
        about_answer=about,
        body=words,
        is_internal=is_internal,
        posted_at=now,
    )
    session.add(row)
    session.flush()
    facts: JSONObject = {"comment": row.id, "internal": is_internal, "organization": row.organization_id}
    record_act(session, action, actor, proposal, now, {**facts, "words": words})
    return row
