"""Each data partner's decision on its own items, what follows when the last one is made, and taking one back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.binding import has_left, offers_nothing_new
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.hashing import content_hash
from app.foundation.words import N_
from app.proposals.commands.acting import (
    NOT_THERE,
    current_version,
    items_of,
    locked,
    record_act,
    roles_of,
)
from app.proposals.commands.advancing import complete, reopen
from app.proposals.commands.ruling import Checked, Ruling, checked_ruling
from app.proposals.commands.settling import DECIDES, Act, facts_of, settle
from app.proposals.commands.undoing import leaving_requests
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.standing import item_standing
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import UNDO_MINUTES
from app.rules.permissions import permit
from app.rules.pipelines import VERDICT_STEPS
from app.rules.roles import Capacity, Role
from app.rules.turns import current_step
from app.rules.workflow import (
    APPROVALS,
    OPEN_FOR_DECISION,
    OPEN_FOR_REVISION,
    OPEN_FOR_UNDO,
    WITH_GRANTS,
    ItemState,
    Machine,
    ProposalState,
)

__all__ = [
    "Ruling",
    "decide",
    "may_still_undo",
    "revise",
    "settle_by_rule",
    "undo_decision",
    "void_approvals",
    "void_decisions",
]


def decide(
    session: Session, actor: Actor, reference: str, datasets: Sequence[str], ruling: Ruling, now: datetime
) -> list[Decision]:
    """Decide on the items of these datasets, all of them or none. After the last item the proposal is decided.

    Args:
        datasets: references of the actor's own data partner's datasets in the proposal.

    Raises:
        WrongState: the proposal was changed after the version that the actor was shown, or an item is decided already.
        Invalid: a no without reason and words, conditions that the agreement does not take, or no conditions at all.
    """
    proposal = locked(session, reference)
    roles_of(session, actor, proposal)
    items = items_of(session, proposal)
    chosen = [_item(items, each) for each in dict.fromkeys(datasets)]
    if not chosen:
        raise Invalid(N_("Choose at least one of your datasets to decide on."), field="datasets")
    version = _shown_version(session, proposal, ruling.version_hash)
    after = [_permitted(session, actor, proposal, item, DECIDES[ruling.outcome]) for item in chosen]
    checked = checked_ruling(session, ruling, version, [item.dataset_id for item in chosen])
    act = Act(session, actor, proposal, version, now)
    decisions = [settle(act, item, state, checked) for item, state in zip(chosen, after, strict=True)]
    complete(session, proposal, items, now)
    return decisions


def revise(
    session: Session, actor: Actor, reference: str, datasets: Sequence[str], ruling: Ruling, now: datetime
) -> list[Decision]:
    """Replace decisions by new ones until grants are issued. The old ones stay in the record, each named by its successor.

    Raises:
        WrongState: grants were issued on them, the proposal or the listing's terms changed after they were shown, or there is
            nothing to replace yet.
        Invalid: as `decide`, or the new decision says what the old one says.
    """
    proposal = locked(session, reference)
    roles_of(session, actor, proposal)
    items = items_of(session, proposal)
    chosen = [_item(items, each) for each in dict.fromkeys(datasets)]
    if not chosen:
        raise Invalid(N_("Choose at least one of your datasets to decide on."), field="datasets")
    for item in chosen:
        _permitted(session, actor, proposal, item, Action.REVISE_DECISION)
    version = _shown_version(session, proposal, ruling.version_hash, OPEN_FOR_REVISION)
    checked = checked_ruling(session, ruling, version, [item.dataset_id for item in chosen])
    act = Act(session, actor, proposal, version, now)
    replaced = [_supersede(act, item, checked) for item in chosen]
    reopen(session, proposal, now)
    decisions = [settle(act, item, checked.outcome, checked, old) for item, old in zip(chosen, replaced, strict=True)]
    complete(session, proposal, items, now)
    return decisions


def settle_by_rule(
    session: Session, proposal: Proposal, item: ProposalItem, answering: Actor, rule: str, now: datetime
) -> Decision:
    """Approve an item by a data partner's standing consent, for `by_rule`, which has checked that the rule may act.

    Raises:
        WrongState: the item is decided already.
        Invalid: the terms leave nothing to grant.
    """
    version = current_version(session, proposal)
    if version is None:
        raise WrongState(N_("This proposal is not open for decisions now. Its page says whose turn it is."))
    after = permit(Action.APPROVE_ITEM_BY_RULE, frozenset({Role.SYSTEM}), Machine.ITEM, item.state)
    ruling = Ruling(version.content_hash, ItemState.APPROVED)
    checked = checked_ruling(session, ruling, version, [item.dataset_id])
    act = Act(session, answering, proposal, version, now, rule)
    decision = settle(act, item, ItemState(after or item.state), checked)
    complete(session, proposal, items_of(session, proposal), now)
    return decision


def undo_decision(session: Session, actor: Actor, reference: str, dataset: str, now: datetime) -> ProposalItem:
    """Take a decision back within ten minutes; it stays in the history. A proposal that it had completed opens again.

    Raises:
        WrongState: the time is over, or grants were issued meanwhile.
    """
    proposal = locked(session, reference)
    roles_of(session, actor, proposal)
    item = _item(items_of(session, proposal), dataset)
    after = _permitted(session, actor, proposal, item, Action.UNDO_DECISION)
    decision = session.get_one(Decision, item.decision_id)
    if not may_still_undo(proposal.state, decision.decided_at, now, by_rule=decision.by_rule is not None):
        raise WrongState(
            N_("A decision can be taken back for ten minutes, and before grants are issued. Write to the secretariat.")
        )
    facts = facts_of(item, decision)
    with leaving_requests(session, proposal):
        decision.undone_at, item.state, item.decision_id = now, after, None
    record_act(session, Action.UNDO_DECISION, actor, proposal, now, facts)
    reopen(session, proposal, now)
    return item


def may_still_undo(state: ProposalState, decided_at: datetime, now: datetime, *, by_rule: bool = False) -> bool:
    """Whether the ten minutes still run and nothing was issued. What a rule decided can be undone until something is issued."""
    return state in OPEN_FOR_UNDO and (by_rule or now - decided_at <= timedelta(minutes=UNDO_MINUTES))


def void_decisions(session: Session, proposal: Proposal, now: datetime) -> int:
    """Void every decision that was made on an earlier version than the current one. Returns how many.

    For `sending`, which holds the row's lock and has made the new version current.
    """
    count = 0
    for item in items_of(session, proposal):
        decision = session.get(Decision, item.decision_id) if item.decision_id else None
        if decision is None or decision.proposal_version_id == proposal.current_version_id:
            continue
        _void(session, proposal, item, decision, now)
        count += 1
    return count


def void_approvals(session: Session, proposal: Proposal, now: datetime) -> list[ProposalItem]:
    """Void every approval, so that it is asked for anew whatever the team sends. Returns the items; a no stands.

    For `new_days`, which holds the row's lock.
    """
    approved = [item for item in items_of(session, proposal) if item.state in APPROVALS]
    for item in approved:
        _void(session, proposal, item, session.get_one(Decision, item.decision_id), now)
    return approved


def _void(session: Session, proposal: Proposal, item: ProposalItem, decision: Decision, now: datetime) -> None:
    state = permit(Action.VOID_DECISION, frozenset({Role.SYSTEM}), Machine.ITEM, item.state)
    facts = facts_of(item, decision)
    decision.voided_at, item.state, item.decision_id = now, ItemState(state or item.state), None
    session.flush()
    record_act(session, Action.VOID_DECISION, SYSTEM, proposal, now, facts)


def _item(items: Sequence[ProposalItem], dataset: str) -> ProposalItem:
    found = next((item for item in items if item.dataset.reference == dataset), None)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _permitted(session: Session, actor: Actor, proposal: Proposal, item: ProposalItem, action: Action) -> ItemState:
    """The item's state after the act, which is for a steward of this dataset's own data partner alone, while it and whoever
    proposes are in the consortium.
    """
    roles = item_standing(session, actor, proposal, item.dataset)
    after = permit(action, roles, Machine.ITEM, item.state)
    if session.scalar(select(offers_nothing_new(item.dataset.organization_id))):
        raise WrongState(
            N_(
                "Your organization leaves or has left the common agreement, so what was decided stands, "
                "and nothing new is decided."
            )
        )
    if has_left(session, proposal.organization_id, Capacity.MEMBER):
        raise WrongState(
            N_("Whoever proposed this has left the common agreement, so nothing is decided on it any more.")
        )
    return ItemState(after or item.state)


def _shown_version(
    session: Session, proposal: Proposal, shown_hash: str, open_in: Collection[ProposalState] = OPEN_FOR_DECISION
) -> ProposalVersion:
    version = current_version(session, proposal)
    if proposal.state in WITH_GRANTS:
        raise WrongState(
            N_(
                "Grants were issued on this, so the decision stands. "
                "Open the grant to suspend or revoke it, or to ask for an amendment."
            )
        )
    is_elsewhere = current_step(proposal.state, proposal.step) in VERDICT_STEPS
    if version is None or proposal.state not in open_in or is_elsewhere:
        raise WrongState(N_("This proposal is not open for decisions now. Its page says whose turn it is."))
    if version.content_hash != shown_hash:
        raise WrongState(
            N_(
                "The team changed the proposal after you opened it, so nothing was decided. "
                "Open it again and decide on what it says now."
            )
        )
    return version


def _supersede(act: Act, item: ProposalItem, checked: Checked) -> Decision:
    old = act.session.get_one(Decision, item.decision_id)
    terms = content_hash(checked.terms[item.dataset_id])
    new = (checked.outcome, checked.reason, checked.words, checked.conditions, terms)
    if new == (old.outcome, old.reason, old.words, old.conditions, old.terms_hash):
        raise Invalid(
            N_("This is the decision that stands already. Change something in it, or leave it."), field="words"
        )
    old.superseded_at, item.state, item.decision_id = act.now, ItemState.PENDING, None
    act.session.flush()
    return old
