"""The datasets of a proposal as one viewer sees them: every outcome, and another data partner's reasons only where allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.binding import left, offers_nothing_new
from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.organizations.models import Organization, Person
from app.proposals.models import Decision, ProposalItem
from app.proposals.queries.cases import Case
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import UNDO_MINUTES
from app.rules.permissions import allowed
from app.rules.roles import Capacity, Role
from app.rules.turns import is_open_for_decision
from app.rules.vocabulary import REASONS
from app.rules.workflow import ITEM_STATES, OPEN_FOR_REVISION, OPEN_FOR_UNDO, ItemState, Machine

# Who decides for a data partner reads its reasons and notes; whoever is of it in another role, and sees the proposal as
# somebody else's steward, does not (safety.md T5).
DECIDING = (Role.STEWARD, Role.DEPUTY)


@dataclass(frozen=True)
class Ruled:
    """A decision, for those who may read it."""

    reason: str
    words: str
    conditions: dict[str, object]
    decided_by: str
    decided_at: datetime
    number: int
    decided_by_id: int
    # The standing consent that made it; what a rule decided can be taken back until grants are issued.
    rule: str | None = None

    @property
    def undo_until(self) -> datetime:
        """When a person's decision can no longer be taken back."""
        return self.decided_at + timedelta(minutes=UNDO_MINUTES)


@dataclass(frozen=True)
class ItemView:
    """One dataset. A listing that the viewer may not know of has no reference, title or partner here."""

    id: int
    reference: str | None
    title: str
    partner: str
    partner_id: int | None
    state: ItemState
    state_name: str
    tone: str
    decision: Ruled | None
    is_own: bool
    acts: frozenset[Action]
    undo_until: datetime | None
    is_by_viewer: bool = False
    # Its data partner leaves or has left the agreement: the page says so beside the outcome.
    is_closed: bool = False


def items(session: Session, viewer: Actor, of: Case, now: datetime) -> list[ItemView]:
    """The items in the order in which they were added, in one statement."""
    gone = offers_nothing_new(Organization.id) | left(of.proposal.organization_id, Capacity.MEMBER)
    statement = (
        select(
            ProposalItem,
            Dataset,
            Organization,
            Decision,
            Person.name,
            known_to(viewer).label("is_known"),
            gone.label("is_over"),
        )
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Organization, Organization.id == Dataset.organization_id)
        .outerjoin(Decision, Decision.id == ProposalItem.decision_id)
        .outerjoin(Person, Person.id == Decision.decided_by_id)
        .where(ProposalItem.proposal_id == of.proposal.id)
        .order_by(ProposalItem.id)
    )
    return [
        _view(viewer, of, item, dataset, partner, _ruled(decision, by), now, is_known=is_known, is_over=is_over)
        for item, dataset, partner, decision, by, is_known, is_over in session.execute(statement)
    ]


def _view(
    viewer: Actor,
    of: Case,
    item: ProposalItem,
    dataset: Dataset,
    partner: Organization,
    ruled: Ruled | None,
    now: datetime,
    *,
    is_known: bool,
    is_over: bool,
) -> ItemView:
    is_own = partner.id in viewer.organizations_with(*DECIDING) and Role.DATASET_STEWARD in of.roles
    reads = is_own or of.reads_everything
    shows = is_own or of.reads_answers or is_known
    acts = frozenset() if is_over else _acts(viewer, of, item, partner.id, ruled, now)
    name, tone = ITEM_STATES[item.state]
    return ItemView(
        id=item.id,
        reference=dataset.reference if shows else None,
        title=dataset.title if shows else "",
        partner=partner.name if shows else "",
        partner_id=partner.id if shows else None,
        state=item.state,
        state_name=name,
        tone=tone,
        decision=ruled if reads else None,
        is_own=is_own,
        acts=acts,
        undo_until=ruled.undo_until if ruled and Action.UNDO_DECISION in acts else None,
        is_by_viewer=ruled is not None and ruled.rule is None and ruled.decided_by_id == viewer.person_id,
        is_closed=item.state is ItemState.NOT_OFFERED,
    )


def _acts(
    viewer: Actor, of: Case, item: ProposalItem, partner_id: int, ruled: Ruled | None, now: datetime
) -> frozenset[Action]:
    """What the viewer may do with this item now: the rules' answer, within the proposal's state and the ten minutes."""
    is_steward = partner_id in viewer.organizations_with(*DECIDING)
    roles = of.roles if is_steward else of.roles - {Role.DATASET_STEWARD}
    acts = allowed(roles, Machine.ITEM, item.state)
    may_undo = (
        of.proposal.state in OPEN_FOR_UNDO and ruled is not None and (ruled.rule is not None or now <= ruled.undo_until)
    )
    if not may_undo:
        acts -= {Action.UNDO_DECISION}
    if of.proposal.state not in OPEN_FOR_REVISION:
        acts -= {Action.REVISE_DECISION}
    is_open = is_open_for_decision(of.proposal.state, of.proposal.step)
    return acts if is_open else acts & {Action.UNDO_DECISION, Action.REVISE_DECISION}


def _ruled(decision: Decision | None, by: str | None) -> Ruled | None:
    if decision is None:
        return None
    reason = REASONS[decision.reason] if decision.reason else ""
    return Ruled(
        reason,
        decision.words,
        decision.conditions,
        by or "",
        decision.decided_at,
        decision.id,
        decision.decided_by_id,
        decision.by_rule,
    )


def content_for(content: Mapping[str, object], of: Case, found: Sequence[ItemView]) -> dict[str, object]:
    """A version's content as the viewer may read it: listings that a data partner may not know of are left out."""
    if of.reads_answers:
        return dict(content)
    references = {item.reference for item in found if item.reference}
    partners = {item.partner for item in found if item.partner}
    return {
        **content,
        "datasets": [row for row in _rows(content, "datasets") if row.get("reference") in references],
        "extra": [row for row in _rows(content, "extra") if row.get("partner") in partners],
    }


def _rows(content: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = content.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
