"""What ends in a review because a side leaves the common agreement: a member's proposals on its day, a data partner's part in
others with its notice.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, literal, select
from sqlalchemy.orm import Session

from app.agreements.binding import left, offers_nothing_new
from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.organizations.models import Organization
from app.proposals.commands.acting import by_system, items_of, locked, record_act, stop_review_clock
from app.proposals.commands.advancing import complete
from app.proposals.models import Decision, Proposal, ProposalItem
from app.proposals.queries.whose_turn import whose_turn
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.permissions import permit
from app.rules.roles import Capacity, Role
from app.rules.turns import is_open_for_decision
from app.rules.workflow import APPROVALS, ItemState, Machine, is_possible, transition

# Names nobody: a data partner may not know which others were asked. Each dataset says who offered it, to those who may know.
NOTHING_OFFERED = (
    "What could still be granted is no longer offered, because its data partner leaves the common agreement."
)


def end_proposals_of(session: Session, member: Organization, left_on: date, now: datetime) -> list[Proposal]:
    """End every proposal of a member that has left and that was on its way; drafts stay. Returns what ended."""
    reason = (
        f"{member.name} left the common agreement on {left_on:%d %b %Y}. Its proposals on their way ended with that."
    )
    ended = list(_on_their_way(session, Proposal.organization_id == member.id))
    for proposal in ended:
        _end(session, proposal, reason, now)
    return ended


def go_on_without(session: Session, partner: Organization, now: datetime) -> list[Proposal]:
    """Let every proposal on its way that asks for datasets of a data partner that leaves go on without them.

    Returns those that asked for some.
    """
    asking = select(ProposalItem.proposal_id).join(Dataset, Dataset.id == ProposalItem.dataset_id)
    of_partner = asking.where(Dataset.organization_id == partner.id, _counts())
    found = list(_on_their_way(session, Proposal.id.in_(of_partner)))
    for proposal in found:
        go_on(session, proposal, now)
    return found


def sides_that_left() -> tuple[Select[int, str], Select[int, str]]:
    """Whoever leaves or has left while a proposal of theirs, or one that counts on their data, is still on its way."""
    proposing = select(Proposal.organization_id, literal(Capacity.MEMBER.value))
    asked = select(Dataset.organization_id, literal(Capacity.DATA_PARTNER.value))
    asked = asked.join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
    asked = asked.join(Proposal, Proposal.id == ProposalItem.proposal_id)
    return (
        proposing.where(_is_on_its_way(), left(Proposal.organization_id, Capacity.MEMBER)),
        asked.where(_is_on_its_way(), _counts(), offers_nothing_new(Dataset.organization_id)),
    )


def go_on(session: Session, proposal: Proposal, now: datetime) -> None:
    """Close the items of data partners that leave, or have left, and see to it that the rest waits for somebody.

    For every command that brings a proposal back into its review, or on in it. The row is locked.
    """
    if not is_possible(Action.END_PROPOSAL, proposal.state) or proposal.ended_at is not None:
        return
    items = items_of(session, proposal)
    for item in items:
        if is_possible(Action.CLOSE_ITEM, item.state) and _has_left(session, item):
            _close(session, proposal, item, now)
    is_decided = is_possible(Action.REOPEN_DECISIONS, proposal.state)
    if _are_closed(items) or (is_decided and not any(item.state in APPROVALS for item in items)):
        _end(session, proposal, NOTHING_OFFERED, now)
    elif is_open_for_decision(proposal.state, proposal.step):
        complete(session, proposal, items, now)


def _on_their_way(session: Session, which: ColumnElement[bool]) -> Iterator[Proposal]:
    """These proposals, each locked, the oldest first. One that was decided without an approval has ended already."""
    wanted = select(Proposal.reference).where(which, _is_on_its_way())
    for reference in session.scalars(wanted.order_by(Proposal.id)).all():
        proposal = locked(session, reference)
        if is_possible(Action.END_PROPOSAL, proposal.state) and proposal.ended_at is None:
            yield proposal


def _is_on_its_way() -> ColumnElement[bool]:
    return and_(Proposal.state.in_(transition(Action.END_PROPOSAL).sources), Proposal.ended_at.is_(None))


def _counts() -> ColumnElement[bool]:
    return ProposalItem.state.in_(transition(Action.CLOSE_ITEM).sources)


def _has_left(session: Session, item: ProposalItem) -> bool:
    return bool(session.scalar(select(offers_nothing_new(item.dataset.organization_id))))


def _are_closed(items: Sequence[ProposalItem]) -> bool:
    return bool(items) and all(item.state is ItemState.NOT_OFFERED for item in items)


def _close(session: Session, proposal: Proposal, item: ProposalItem, now: datetime) -> None:
    """Nobody decides on it any more. What its data partner had approved stands in the history."""
    after = permit(Action.CLOSE_ITEM, frozenset({Role.SYSTEM}), Machine.ITEM, item.state)
    before = item.state
    if item.decision_id is not None:
        session.get_one(Decision, item.decision_id).voided_at = now
    item.state, item.decision_id = ItemState(after or item.state), None
    session.flush()
    facts: JSONObject = {
        "dataset": item.dataset.reference,
        "partner": item.dataset.organization_id,
        "outcome": item.state.value,
        "before": before.value,
    }
    record_act(session, Action.CLOSE_ITEM, SYSTEM, proposal, now, facts)


def _end(session: Session, proposal: Proposal, reason: str, now: datetime) -> None:
    """End it, with where it stood and whose turn it was among the facts: they are told that it waits for them no more."""
    before, asked = proposal.state, sorted(whose_turn(session, proposal, now).person_ids)
    after = by_system(Action.END_PROPOSAL, proposal)
    stop_review_clock(proposal, now)
    proposal.state, proposal.step, proposal.waiting_since, proposal.returns_to = after, None, None, None
    proposal.ended_at, proposal.end_reason = now, reason
    session.flush()
    facts: JSONObject = {"reason": reason, "asked": asked, "before": before.value}
    record_act(session, Action.END_PROPOSAL, SYSTEM, proposal, now, facts)
