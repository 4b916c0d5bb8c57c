"""What the review page remembers for its reader: what is new since they last read, what they began, what was suggested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.models import Organization, Person
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.cases import Case
from app.proposals.queries.items import ItemView, content_for
from app.proposals.queries.versions import Row, changes
from app.proposals.standing import in_reach, sees_suggestion, standing, towards_suggestion
from app.proposals.workspace_models import Desk, Reading, ReviewDraft, Suggestion
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import allowed
from app.rules.questions import BANK, Shape
from app.rules.roles import Role
from app.rules.workflow import (
    ITEM_STATES,
    SUGGESTION_STATES,
    ItemState,
    Machine,
    SuggestionState,
    is_possible,
)

# The pages of a listing whose answers are terms: what it covers, and what may be done with it.
_PAGES_OF_TERMS = frozenset({"where", "terms"})


@dataclass(frozen=True)
class Since:
    """What came after the reader's last reading. Without one, what changed since the version before the one shown.

    `changed` maps an answer's key to how it stood then; None where it was not there.
    """

    read_at: datetime | None
    version: int | None
    changed: Mapping[str, Row | None] = field(default_factory=dict)

    def is_new(self, moment: datetime) -> bool:
        """Whether something said at this moment is new to the reader."""
        return self.read_at is not None and moment > self.read_at


@dataclass(frozen=True)
class SuggestionView:
    """One suggested edit as one reader sees it; `key` is the answer's field, `question` its question."""

    id: int
    key: str
    question: str
    label: str
    old: str
    new: str
    why: str
    by: str
    organization: str
    made_at: datetime
    is_open: bool
    is_outdated: bool
    state_name: str
    tone: str
    answer: str
    acts: frozenset[Action]
    waits_for_changes: bool


@dataclass(frozen=True)
class Void:
    """A decision of the reader's data partner that no longer counts, because the team changed the proposal."""

    dataset: str
    outcome: str
    version: int
    voided_at: datetime


@dataclass(frozen=True)
class TermsEdit:
    """The terms of a listing were edited after the proposal was sent."""

    dataset: str
    at: datetime
    by: str


def since_last_reading(session: Session, viewer: Actor, of: Case, found: Sequence[ItemView]) -> Since:
    """What is new to this reader, in one statement."""
    mine = (
        select(Reading.read_at, ProposalVersion)
        .join(ProposalVersion, ProposalVersion.id == Reading.version_id)
        .where(Reading.person_id == viewer.person_id, Reading.proposal_id == of.proposal.id)
        .order_by(Reading.read_at.desc(), Reading.id.desc())
    )
    last = session.execute(mine.limit(1)).first() if viewer.person_id else None
    before = last[1] if last else of.previous
    if of.current is None or before is None or before.id == of.current.id:
        return Since(last[0] if last else None, before.number if before else None)
    now_shown = content_for(of.content, of, found)
    found_changes = changes(content_for(before.content, of, found), now_shown)
    return Since(last[0] if last else None, before.number, {change.row.key: change.before for change in found_changes})


def begun(session: Session, viewer: Actor, of: Case, desk: Desk) -> dict[str, list[str]]:
    """What the reader has marked and typed so far on one page, by field."""
    mine = select(ReviewDraft.fields).where(
        ReviewDraft.person_id == viewer.person_id,
        ReviewDraft.proposal_id == of.proposal.id,
        ReviewDraft.desk == desk,
    )
    kept = session.scalar(mine) if viewer.person_id else None
    return {name: [str(value) for value in values] for name, values in (kept or {}).items() if isinstance(values, list)}


def suggestions(session: Session, viewer: Actor, proposal: Proposal, roles: frozenset[Role]) -> list[SuggestionView]:
    """The suggested edits that the reader may know of, the open ones first, each with the reader's acts; in one statement.

    Args:
        roles: those of the reader towards the proposal.
    """
    near = in_reach(roles, proposal)
    statement = (
        select(Suggestion, Person.name, Organization.name)
        .join(Person, Person.id == Suggestion.author_id)
        .join(Organization, Organization.id == Suggestion.organization_id)
        .where(Suggestion.proposal_id == proposal.id)
        .order_by(Suggestion.state != SuggestionState.OPEN, Suggestion.id)
    )
    return [
        _suggestion(proposal, towards_suggestion(viewer, near, row), row, by, organization)
        for row, by, organization in session.execute(statement)
        if sees_suggestion(viewer, near, row)
    ]


def suggestions_at(session: Session, viewer: Actor, proposal: Proposal) -> dict[str, list[SuggestionView]]:
    """What the team has to answer while it writes, by question: the open ones, and those that its own changes outdated."""
    found: dict[str, list[SuggestionView]] = {}
    for each in suggestions(session, viewer, proposal, standing(session, viewer, proposal)):
        if each.is_open or each.is_outdated:
            found.setdefault(each.question, []).append(each)
    return found


def rewritable() -> frozenset[str]:
    """The fields whose answer is text that somebody else can rewrite."""
    parts = [part for step in BANK.steps for part in step.parts()]
    return frozenset(part.key for part in parts if part.shape in (Shape.LINE, Shape.WORDS))


def voided(session: Session, own: Sequence[ItemView]) -> list[Void]:
    """Decisions on the reader's own datasets that an edit has voided and that were not made anew, the latest of each."""
    statement = (
        select(ProposalItem.id, Decision, ProposalVersion.number)
        .join(Decision, Decision.item_id == ProposalItem.id)
        .join(ProposalVersion, ProposalVersion.id == Decision.proposal_version_id)
        .where(
            ProposalItem.id.in_([item.id for item in own]),
            ProposalItem.state == ItemState.PENDING,
            Decision.voided_at.is_not(None),
        )
        .order_by(Decision.id)
    )
    titles = {item.id: item.title for item in own}
    latest = {
        key: Void(titles[key], ITEM_STATES[ItemState(decision.outcome)][0], number, decision.voided_at)
        for key, decision, number in session.execute(statement)
        if decision.voided_at is not None
    }
    return list(latest.values())


def decisions_at_stake(session: Session, proposal: Proposal) -> int:
    """How many decisions count now, and would be void once a changed version is sent."""
    made = select(func.count(ProposalItem.id)).where(
        ProposalItem.proposal_id == proposal.id, ProposalItem.decision_id.is_not(None)
    )
    return session.scalar(made) or 0


def edits_of_terms(session: Session, of: Case, own: Sequence[ItemView]) -> list[TermsEdit]:
    """The latest edit of each listing's terms since the proposal was sent, for those who decide on that listing."""
    if of.current is None or not own:
        return []
    titles = {item.reference: item.title for item in own if item.reference}
    statement = (
        select(HistoryEvent.thing_ref, HistoryEvent.at, HistoryDetail.payload)
        .join(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(
            HistoryEvent.thing == "listing",
            HistoryEvent.thing_ref.in_(titles),
            HistoryEvent.type == Event.LISTING_EDITED.value,
            HistoryEvent.at > of.current.sent_at,
        )
        .order_by(HistoryEvent.seq)
    )
    latest = {
        reference: TermsEdit(titles[reference], at, str(facts.get("actor") or ""))
        for reference, at, facts in session.execute(statement)
        if facts.get("page") in _PAGES_OF_TERMS
    }
    return list(latest.values())


def _suggestion(
    proposal: Proposal, roles: frozenset[Role], row: Suggestion, by: str, organization: str
) -> SuggestionView:
    question = BANK.question_of(row.answer_key)
    part = BANK.part(row.answer_key)
    name, tone = SUGGESTION_STATES[row.state]
    acts = allowed(roles, Machine.SUGGESTION, row.state)
    is_closed = not is_possible(Action.EDIT_PROPOSAL, proposal.state)
    return SuggestionView(
        id=row.id,
        key=row.answer_key,
        question=question.key if question else row.answer_key,
        label=(part.label if part else "") or (question.label if question else row.answer_key),
        old=row.old_text,
        new=row.new_text,
        why=row.why,
        by=by,
        organization=organization,
        made_at=row.made_at,
        is_open=row.state is SuggestionState.OPEN,
        is_outdated=row.state is SuggestionState.OUTDATED,
        state_name=name,
        tone=tone,
        answer=row.answer_words,
        acts=acts - {Action.ACCEPT_SUGGESTION} if is_closed else acts,
        waits_for_changes=is_closed and Action.ACCEPT_SUGGESTION in acts,
    )
