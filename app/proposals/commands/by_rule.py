"""A decision that a data partner's standing consent makes on one of its items, at its listing's own terms."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotAllowed
from app.foundation.words import N_
from app.proposals.commands.deciding import settle_by_rule
from app.proposals.models import Decision, Proposal, ProposalItem
from app.proposals.standing import item_standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.pipelines import Step
from app.rules.turns import current_step
from app.rules.workflow import OPEN_FOR_DECISION, is_possible


def is_open_for_rules(session: Session, proposal: Proposal, item: ProposalItem) -> bool:
    """Whether a rule may decide on the item now: it is the data partners' turn, and nobody took a rule's decision back."""
    if proposal.state not in OPEN_FOR_DECISION or current_step(proposal.state, proposal.step) is not Step.DATA_PARTNERS:
        return False
    if not is_possible(Action.APPROVE_ITEM_BY_RULE, item.state):
        return False
    taken_back = select(Decision.id).where(
        Decision.item_id == item.id,
        Decision.proposal_version_id == proposal.current_version_id,
        Decision.by_rule.is_not(None),
        Decision.undone_at.is_not(None),
    )
    return session.scalar(taken_back.limit(1)) is None


def approve_by_rule(
    session: Session, proposal: Proposal, item: ProposalItem, answering: Actor, rule: str, now: datetime
) -> Decision:
    """Approve the item by a rule; after the last item the proposal goes on. The caller holds the proposal's lock.

    Args:
        answering: who switched the rule on and answers for it, with the roles of this moment.
        rule: the rule's reference.

    Raises:
        NotAllowed: whoever answers for the rule could not decide on this item themselves, as in a conflict of interest.
        Invalid: the terms leave nothing to grant.
    """
    if not may(item_standing(session, answering, proposal, item.dataset), Action.APPROVE_ITEM):
        raise NotAllowed(N_("Whoever answers for this rule may not decide on this proposal."))
    return settle_by_rule(session, proposal, item, answering, rule, now)
