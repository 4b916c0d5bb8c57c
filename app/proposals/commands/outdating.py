"""What becomes of suggested edits when the answers that they are about change, and the line that each of their acts leaves."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.proposals.commands.acting import record_event
from app.proposals.models import Proposal
from app.proposals.workspace_models import Suggestion
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.roles import Role
from app.rules.workflow import Machine, SuggestionState, transition


def outdate_suggestions(session: Session, proposal: Proposal, changed: Collection[str], now: datetime) -> int:
    """Close the open suggestions on answers that say something else now. Returns how many.

    For those who changed the answers; they hold the proposal's lock.
    """
    count = 0
    for row in open_suggestions(session, proposal):
        text = str(proposal.answers.get(row.answer_key, ""))
        if row.answer_key not in changed or text == row.old_text:
            continue
        after = permit(Action.OUTDATE_SUGGESTION, frozenset({Role.SYSTEM}), Machine.SUGGESTION, row.state)
        row.state, row.settled_at = SuggestionState(after or row.state), now
        session.flush()
        record_suggestion(session, Action.OUTDATE_SUGGESTION, SYSTEM, proposal, row, now)
        count += 1
    return count


def open_suggestions(session: Session, proposal: Proposal) -> list[Suggestion]:
    """Those that wait for the team's answer, oldest first."""
    statement = select(Suggestion).where(
        Suggestion.proposal_id == proposal.id, Suggestion.state == SuggestionState.OPEN
    )
    return list(session.scalars(statement.order_by(Suggestion.id).execution_options(populate_existing=True)))


def record_suggestion(
    session: Session,
    action: Action,
    actor: Actor,
    proposal: Proposal,
    row: Suggestion,
    now: datetime,
    more: JSONObject | None = None,
) -> None:
    """Record the event of an act on a suggestion, in the history of its proposal."""
    event = transition(action).event
    facts: JSONObject = {"suggestion": row.id, "about": row.answer_key, "organization": row.organization_id}
    if event is not None:
        record_event(session, event, actor, proposal, now, {**facts, **(more or {})})
