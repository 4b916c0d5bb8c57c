"""What a data partner, or the secretariat at intake, needs to decide in ten minutes without another window."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.cases import Case
from app.proposals.queries.flags import Flag, flags_of
from app.proposals.queries.items import ItemView, items
from app.proposals.queries.library import Condition, library
from app.proposals.queries.terms import terms_of_item
from app.proposals.queries.versions import answers_of
from app.rules.actors import Actor
from app.rules.questions import Brief, brief, codes, text
from app.rules.vocabulary import REASONS, Reason
from app.rules.workflow import APPROVALS, ITEM_STATES, ItemState

_MOST_COMPARED = 200
_MOST_SHOWN = 6


@dataclass(frozen=True)
class Before:
    """One decision of the same data partner on a proposal like this one."""

    reference: str
    title: str
    outcome: str
    tone: str
    reason: str
    decided_on: date


@dataclass(frozen=True)
class Precedents:
    """What the data partner decided before on the same dataset or theme."""

    approved: int
    not_approved: int
    reasons: tuple[tuple[str, int], ...]
    rows: tuple[Before, ...]

    @property
    def count(self) -> int:
        """How many there were."""
        return self.approved + self.not_approved


@dataclass(frozen=True)
class Review:
    """The review of one proposal for one reader. `own` are the datasets that are the reader's to decide on now."""

    of: Case
    brief: Brief
    items: tuple[ItemView, ...]
    own: tuple[ItemView, ...]
    listings: tuple[Dataset, ...]
    flags: tuple[Flag, ...]
    library: tuple[Condition, ...]
    before: Precedents

    @property
    def version_hash(self) -> str:
        """The hash of the version that is shown; the decision carries it."""
        return self.of.current.content_hash if self.of.current else ""


def review(session: Session, viewer: Actor, of: Case, now: datetime) -> Review:
    """Everything the review page shows, in a fixed number of statements."""
    answers = answers_of(of.content)
    found = items(session, viewer, of, now)
    own_ids = [item.id for item in found if item.is_own]
    own = tuple(item for item in found if item.is_own and item.acts)
    listings = _listings(session, own_ids)
    if of.current is None:
        return Review(of, brief(answers), tuple(found), (), (), (), (), Precedents(0, 0, (), ()))
    agreement = agreement_version(of.current.agreement_version).terms
    earlier = _earlier(session, of.proposal, {listing.organization_id for listing in listings})
    return Review(
        of=of,
        brief=brief(answers),
        items=tuple(found),
        own=own,
        listings=tuple(listings),
        flags=tuple(flags_of(agreement, answers, listings, _places(earlier))),
        library=tuple(library(agreement, terms_of_item(agreement, listings[0], answers))) if listings else (),
        before=_precedents(earlier, of, {listing.id for listing in listings}),
    )


@dataclass(frozen=True)
class _Earlier:
    """A decision that counts, with the proposal and version it was made on."""

    decision: Decision
    dataset_id: int
    proposal: Proposal
    version: ProposalVersion


def _listings(session: Session, item_ids: Collection[int]) -> Sequence[Dataset]:
    statement = (
        select(Dataset)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.id.in_(item_ids))
        .order_by(ProposalItem.id)
        .options(selectinload(Dataset.conditions), selectinload(Dataset.countries))
    )
    return session.scalars(statement).all()


def _earlier(session: Session, proposal: Proposal, partner_ids: Collection[int]) -> list[_Earlier]:
    statement = (
        select(Decision, ProposalItem.dataset_id, Proposal, ProposalVersion)
        .join(ProposalItem, ProposalItem.decision_id == Decision.id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Proposal, Proposal.id == ProposalItem.proposal_id)
        .join(ProposalVersion, ProposalVersion.id == Decision.proposal_version_id)
        .where(Dataset.organization_id.in_(partner_ids), Proposal.id != proposal.id)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(_MOST_COMPARED)
    )
    return [_Earlier(*row) for row in session.execute(statement)]


def _places(earlier: Sequence[_Earlier]) -> frozenset[str]:
    approved = [each for each in earlier if each.decision.outcome in APPROVALS]
    return frozenset(text(answers_of(each.version.content), "storage_country") for each in approved)


def _precedents(earlier: Sequence[_Earlier], of: Case, dataset_ids: Collection[int]) -> Precedents:
    like = [each for each in earlier if each.dataset_id in dataset_ids or _is_alike(each, of)]
    reasons = Counter(each.decision.reason for each in like if each.decision.reason)
    approved = sum(each.decision.outcome in APPROVALS for each in like)
    ordered = tuple((REASONS[Reason(reason)], number) for reason, number in reasons.most_common())
    return Precedents(approved, len(like) - approved, ordered, tuple(_before(each) for each in like[:_MOST_SHOWN]))


def _is_alike(each: _Earlier, of: Case) -> bool:
    mine, theirs = answers_of(of.content), answers_of(each.version.content)
    same_theme = bool(text(mine, "theme")) and text(mine, "theme") == text(theirs, "theme")
    return same_theme or bool(set(codes(mine, "purposes")) & set(codes(theirs, "purposes")))


def _before(each: _Earlier) -> Before:
    name, tone = ITEM_STATES[ItemState(each.decision.outcome)]
    reason = REASONS[each.decision.reason] if each.decision.reason else ""
    title = text(answers_of(each.version.content), "title") or each.proposal.title
    return Before(each.proposal.reference, title, name, tone, reason, each.decision.decided_at.date())
