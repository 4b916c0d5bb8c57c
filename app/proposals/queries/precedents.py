"""Past decisions that are like the one to be made, each with what it has in common; only those that the reader may know of."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.words import N_
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.cases import Case, for_a_step, visible_to
from app.proposals.queries.versions import answers_of
from app.rules.actors import Actor
from app.rules.pipelines import STEP_ROLES
from app.rules.questions import codes, purposes, text
from app.rules.roles import Role
from app.rules.vocabulary import REASONS, THEMES, Reason, Theme
from app.rules.workflow import APPROVALS, ITEM_STATES, ItemState

_MOST_COMPARED = 200
_MOST_SHOWN = 6
_READS_ALL = frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR})
_SAME_DATASET, _SAME_PURPOSE, _SAME_THEME = N_("same dataset"), N_("same purpose"), N_("same theme: %(theme)s")
_SAME_COUNTRY = N_("same country: %(country)s")
# What weighs more stands first.
_WEIGHTS = {_SAME_DATASET: 8, _SAME_PURPOSE: 4, _SAME_THEME: 2, _SAME_COUNTRY: 1}
Likeness = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Before:
    """One earlier decision. `alike` says in what: sentences with the facts that fill them."""

    reference: str
    title: str
    outcome: str
    tone: str
    reason: str
    words: str
    decided_on: date
    alike: tuple[Likeness, ...]


@dataclass(frozen=True)
class Precedents:
    """How decisions like this one went."""

    approved: int
    not_approved: int
    reasons: tuple[tuple[str, int], ...]
    rows: tuple[Before, ...]

    @property
    def count(self) -> int:
        """How many there were."""
        return self.approved + self.not_approved


@dataclass(frozen=True)
class Earlier:
    """A decision that counts, with the proposal it was made on and what that said; `reads_why`: with its reason and words."""

    decision: Decision
    dataset_id: int
    reference: str
    title: str
    content: JSONObject
    reads_why: bool


def earlier_decisions(session: Session, viewer: Actor, of: Case, partner_ids: Collection[int]) -> list[Earlier]:
    """The latest decisions of these data partners; all of the consortium's for the secretariat. Who reviews a step finds those on
    the proposals that have a step of theirs, and of what is not theirs the outcome alone (safety.md T5).
    """
    reads_all = bool(viewer.consortium_roles & _READS_ALL)
    statement = (
        select(
            Decision,
            Dataset.organization_id,
            ProposalItem.dataset_id,
            Proposal.reference,
            Proposal.title,
            ProposalVersion.content,
        )
        .join(ProposalItem, ProposalItem.decision_id == Decision.id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Proposal, Proposal.id == ProposalItem.proposal_id)
        .join(ProposalVersion, ProposalVersion.id == Decision.proposal_version_id)
        .where(visible_to(viewer), Proposal.id != of.proposal.id)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(_MOST_COMPARED)
    )
    if not reads_all:
        in_steps = for_a_step(viewer) if of.near & STEP_ROLES else []
        statement = statement.where(or_(Dataset.organization_id.in_(partner_ids), *in_steps))
    return [
        Earlier(decision, dataset_id, reference, title, content, reads_all or partner_id in partner_ids)
        for decision, partner_id, dataset_id, reference, title, content in session.execute(statement)
    ]


def datasets_asked_for(session: Session, of: Case) -> list[int]:
    """The keys of the proposal's datasets."""
    asked = select(ProposalItem.dataset_id).where(ProposalItem.proposal_id == of.proposal.id)
    return list(session.scalars(asked))


def places_of(earlier: Sequence[Earlier]) -> frozenset[str]:
    """The countries in which data was allowed to be kept."""
    approved = [each for each in earlier if each.decision.outcome in APPROVALS]
    return frozenset(text(answers_of(each.content), "storage_country") for each in approved)


def precedents(earlier: Sequence[Earlier], of: Case, dataset_ids: Collection[int]) -> Precedents:
    """Those that have something in common beyond a country, the most alike first, the newest first among equals."""
    mine = answers_of(of.content)
    found = [(each, _alike(each, mine, dataset_ids)) for each in earlier]
    like = [(each, alike) for each, alike in found if any(sentence != _SAME_COUNTRY for sentence, _facts in alike)]
    like.sort(key=lambda pair: -sum(_WEIGHTS[sentence] for sentence, _facts in pair[1]))
    reasons = Counter(each.decision.reason for each, _ in like if each.decision.reason and each.reads_why)
    approved = sum(each.decision.outcome in APPROVALS for each, _ in like)
    ordered = tuple((REASONS[Reason(reason)], number) for reason, number in reasons.most_common())
    rows = tuple(_before(each, alike) for each, alike in like[:_MOST_SHOWN])
    return Precedents(approved, len(like) - approved, ordered, rows)


def _alike(each: Earlier, mine: Mapping[str, object], dataset_ids: Collection[int]) -> tuple[Likeness, ...]:
    theirs = answers_of(each.content)
    found: list[Likeness] = []
    if each.dataset_id in dataset_ids:
        found.append((_SAME_DATASET, ()))
    if set(purposes(mine)) & set(purposes(theirs)):
        found.append((_SAME_PURPOSE, ()))
    theme = text(mine, "theme")
    if theme in set(Theme) and theme == text(theirs, "theme"):
        found.append((_SAME_THEME, (("theme", THEMES[Theme(theme)]),)))
    shared = sorted(set(codes(mine, "countries")) & set(codes(theirs, "countries")))
    if shared:
        found.append((_SAME_COUNTRY, (("country", shared[0]),)))
    return tuple(found)


def _before(each: Earlier, alike: tuple[Likeness, ...]) -> Before:
    name, tone = ITEM_STATES[ItemState(each.decision.outcome)]
    reason = REASONS[each.decision.reason] if each.decision.reason and each.reads_why else ""
    title = text(answers_of(each.content), "title") or each.title
    words, day = each.decision.words if each.reads_why else "", each.decision.decided_at.date()
    return Before(each.reference, title, name, tone, reason, words, day, alike)
