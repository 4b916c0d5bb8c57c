"""Suggested edits: somebody in the review writes another text for an answer; the team takes it in one step, or says why not."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.said import words_of
from app.foundation.words import N_
from app.proposals.commands.acting import (
    NOT_THERE,
    current_version,
    locked,
    permitted_at_answers,
    roles_of,
    side_of,
)
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.outdating import open_suggestions, record_suggestion
from app.proposals.models import Proposal, ProposalVersion
from app.proposals.queries.versions import answers_of
from app.proposals.standing import in_reach, sees_suggestion, suggestion_standing
from app.proposals.workspace_models import Suggestion
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.questions import BANK, Part, Shape, cleaned, too_long
from app.rules.visibility import sees
from app.rules.workflow import Machine, SuggestionState, is_possible

# Only what is written in words can be rewritten; a choice, a date or a dataset is asked for in words.
REWRITABLE = frozenset({Shape.LINE, Shape.WORDS})
_MOST_OPEN = 50


def suggest(
    session: Session,
    actor: Actor,
    reference: str,
    answer: str,
    new_text: str,
    now: datetime,
    why: str = "",
    *,
    in_step: bool = False,
) -> Suggestion:
    """Propose another text for one answer, as it stands in the version that was sent last.

    Args:
        answer: the key of the answer's field.
        why: words that stand beside it; empty where the text speaks for itself.
        in_step: it is made in a step of the pipeline: then it is the secretariat's, whatever else its author is.

    Raises:
        Invalid: the text is empty, the same or too long; the answer is not one in words, or the team is changing it.
    """
    proposal = locked(session, reference)
    roles = permitted_at_answers(session, Action.SUGGEST_EDIT, actor, proposal)
    version, old, new = _rewritten(session, proposal, answer, new_text)
    row = Suggestion(
        proposal_id=proposal.id,
        version_id=version.id,
        answer_key=answer,
        old_text=old,
        new_text=new,
        why=words_of(why, field="why"),
        author_id=actor.person_id,
        organization_id=side_of(session, actor, proposal, roles, in_step=in_step),
        made_at=now,
    )
    session.add(row)
    session.flush()
    record_suggestion(session, Action.SUGGEST_EDIT, actor, proposal, row, now)
    return row


def _rewritten(session: Session, proposal: Proposal, answer: str, new_text: str) -> tuple[ProposalVersion, str, str]:
    """The version that was sent last, what the answer says in it, and what it would say."""
    part, version = BANK.part(answer), current_version(session, proposal)
    if part is None or part.shape not in REWRITABLE or version is None:
        raise Invalid(N_("Only an answer in words can be rewritten. Ask for the change in a comment."), field=answer)
    old, new = str(answers_of(version.content).get(answer, "")), _fitting(part, new_text)
    if is_possible(Action.EDIT_PROPOSAL, proposal.state) and str(proposal.answers.get(answer, "")) != old:
        raise Invalid(N_("The team is changing this answer now. Write a comment instead."), field=f"edit-{answer}")
    if old == new:
        raise Invalid(N_("Change the text first: this is what the answer says already."), field=f"edit-{answer}")
    if len(open_suggestions(session, proposal)) >= _MOST_OPEN:
        raise Invalid(N_("Fifty suggestions wait already. Write a comment that says what you would change."))
    return version, old, new


def accept(session: Session, actor: Actor, reference: str, suggestion_id: int, now: datetime) -> Suggestion:
    """Put the suggested text into the answer, while the team may write.

    Raises:
        WrongState: the team cannot write now (the suggestion waits until changes are asked for), or it was settled.
    """
    proposal = locked(session, reference)
    row = _found(session, actor, proposal, suggestion_id)
    after = _permitted(session, Action.ACCEPT_SUGGESTION, actor, proposal, row)
    if not is_possible(Action.EDIT_PROPOSAL, proposal.state):
        raise WrongState(
            N_("Your answers are closed while they are being read. You can accept this once changes are asked for.")
        )
    _settle(row, after, actor, now)
    record_suggestion(session, Action.ACCEPT_SUGGESTION, actor, proposal, row, now)
    save_answers(session, actor, reference, {row.answer_key: row.new_text}, now)
    return row


def decline(
    session: Session, actor: Actor, reference: str, suggestion_id: int, words: str, now: datetime
) -> Suggestion:
    """Leave the answer as it is, and say why.

    Raises:
        Invalid: no words were given.
        WrongState: it was settled already.
    """
    proposal = locked(session, reference)
    row = _found(session, actor, proposal, suggestion_id)
    after = _permitted(session, Action.DECLINE_SUGGESTION, actor, proposal, row)
    row.answer_words = words_of(words, N_("Say in a word why you leave it: who suggested it reads this."))
    _settle(row, after, actor, now)
    record_suggestion(session, Action.DECLINE_SUGGESTION, actor, proposal, row, now, {"words": row.answer_words})
    return row


def take_back(session: Session, actor: Actor, reference: str, suggestion_id: int, now: datetime) -> Suggestion:
    """Withdraw a suggestion of one's own organization that was not answered yet; raises as `decline`."""
    proposal = locked(session, reference)
    row = _found(session, actor, proposal, suggestion_id)
    after = _permitted(session, Action.WITHDRAW_SUGGESTION, actor, proposal, row)
    _settle(row, after, actor, now)
    record_suggestion(session, Action.WITHDRAW_SUGGESTION, actor, proposal, row, now)
    return row


def _found(session: Session, actor: Actor, proposal: Proposal, suggestion_id: int) -> Suggestion:
    roles = in_reach(roles_of(session, actor, proposal), proposal)
    row = session.get(Suggestion, suggestion_id, populate_existing=True)
    if row is None or row.proposal_id != proposal.id or not sees_suggestion(actor, roles, row):
        raise NotFound(NOT_THERE)
    return row


def _permitted(session: Session, action: Action, actor: Actor, proposal: Proposal, row: Suggestion) -> SuggestionState:
    roles = suggestion_standing(session, actor, proposal, row)
    if not sees(roles, Machine.SUGGESTION, row.state):  # of another organization: they may read it, and that is all
        raise NotAllowed(N_("This is for the team, and for the organization that suggested it."))
    return SuggestionState(permit(action, roles, Machine.SUGGESTION, row.state) or row.state)


def _settle(row: Suggestion, after: SuggestionState, actor: Actor, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by_id = after, now, actor.person_id


def _fitting(part: Part, text: str) -> str:
    """The text as the answer would store it.

    Raises:
        Invalid: it is empty, or longer than the answer may be.
    """
    kept = cleaned(part, text)
    new, field = str(kept.answer), f"edit-{part.key}"
    if not new:
        raise Invalid(
            N_("Write the text that you suggest. To have the answer removed, say so in a comment."), field=field
        )
    gap = next((gap for gap in too_long({part.key: new}) if gap.key == part.key), None)
    if kept.was_cut or gap:
        raise Invalid(gap.text if gap else N_("This is far longer than fits. Shorten it."), field=field)
    return new
