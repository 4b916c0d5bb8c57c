"""What a data partner says on an item, checked: parts that fit each other, and conditions that leave something to grant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.catalog.terms import kept_layer, listed_terms
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.hashing import content_hash
from app.foundation.said import words_of
from app.foundation.words import N_
from app.proposals.models import Decision, ProposalItem, ProposalVersion
from app.proposals.queries.terms import share_nothing, terms_of_item, terms_on
from app.proposals.queries.versions import answers_of
from app.rules.checklists import REVIEW, Mark
from app.rules.terms import AgreementTerms, EffectiveTerms, Level, read_layer
from app.rules.terms.values import plain
from app.rules.vocabulary import Reason
from app.rules.workflow import APPROVALS, ItemState


@dataclass(frozen=True)
class Ruling:
    """What a data partner says on an item, and the hash of the version that it was shown while reading.

    `conditions` are grant conditions (layer L4): parameters of the agreement's clauses, as a form or JSON brings them.
    `words` are conditions in words, or what would change a no.
    """

    version_hash: str
    outcome: ItemState
    reason: Reason | None = None
    words: str = ""
    conditions: Mapping[str, object] = field(default_factory=dict)
    checklist: Mapping[str, str] = field(default_factory=dict)
    # For each dataset on whose page it was decided: the hash of its listing's terms as they were shown there.
    shown_terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A ruling whose parts fit each other and the agreement."""

    outcome: ItemState
    reason: Reason | None
    words: str
    conditions: JSONObject
    marks: JSONObject
    # What each listing's terms say at this moment, by dataset: the decision keeps them.
    terms: Mapping[int, JSONObject] = field(default_factory=dict)


def checked_ruling(session: Session, ruling: Ruling, version: ProposalVersion, dataset_ids: Sequence[int]) -> Checked:
    """The ruling as it will be kept for each of these datasets.

    Raises:
        Invalid: a no without reason and words, conditions that the agreement does not take, or terms that contradict each
            other, so that no grant could be issued; the field is named.
        WrongState: the terms of a listing are not those that the decider was shown.
    """
    words = words_of(ruling.words)
    agreement = agreement_version(version.agreement_version).terms
    reason, conditions = _PARTS[ruling.outcome](ruling, words, agreement)
    listings = _listings(session, dataset_ids)
    terms = {listing.id: listed_terms(listing) for listing in listings}
    for listing in listings:
        shown = ruling.shown_terms.get(listing.reference)
        if shown is not None and shown != content_hash(terms[listing.id]):
            raise WrongState(_TERMS_CHANGED)
    if ruling.outcome in APPROVALS:
        _leave_something(session, listings, version, agreement, conditions)
    marks: JSONObject = {
        check.key: Mark(ruling.checklist[check.key]).value
        for check in REVIEW
        if ruling.checklist.get(check.key) in list(Mark)
    }
    return Checked(ruling.outcome, reason, words, conditions, marks, terms)


def checked_conditions(raw: Mapping[str, object], agreement: AgreementTerms) -> JSONObject:
    """Grant conditions as they are stored, each a value that its parameter takes.

    Raises:
        Invalid: a value is unknown, malformed, fixed by the agreement or beyond what it allows; the sentence says how to mend it.
    """
    layer, findings = read_layer(agreement, Level.GRANT, "grant conditions", raw)
    refusal = next((finding for finding in findings if finding.is_refusal), None)
    if refusal is not None:
        raise Invalid(str(refusal.sentence), field=refusal.parameter)
    return {name: plain(rule.value) for name, rule in sorted(layer.rules.items())}


def _yes(_ruling: Ruling, _words: str, _agreement: AgreementTerms) -> tuple[Reason | None, JSONObject]:
    return None, {}


def _yes_if(ruling: Ruling, words: str, agreement: AgreementTerms) -> tuple[Reason | None, JSONObject]:
    conditions = checked_conditions(ruling.conditions, agreement)
    if not conditions and not words:
        raise Invalid(N_("Tick at least one condition or write one. Without any, choose Approve."), field="words")
    return None, conditions


def _no(ruling: Ruling, words: str, _agreement: AgreementTerms) -> tuple[Reason | None, JSONObject]:
    if ruling.reason is None:
        message = N_("Choose the reason that fits best. The register counts reasons, without names.")
        raise Invalid(message, field="reason")
    if not words:
        raise Invalid(N_("Say in words what would change your answer: the proposer reads this."), field="words")
    return ruling.reason, {}


_PARTS = {
    ItemState.APPROVED: _yes,
    ItemState.APPROVED_WITH_CONDITIONS: _yes_if,
    ItemState.NOT_APPROVED: _no,
}


_TERMS_CHANGED = N_(
    "The terms of your listing changed after you opened this page, so nothing was decided. "
    "Open it again and decide on what they say now."
)


def _listings(session: Session, dataset_ids: Sequence[int]) -> Sequence[Dataset]:
    wanted = select(Dataset).where(Dataset.id.in_(dataset_ids)).order_by(Dataset.id)
    loaded = wanted.options(selectinload(Dataset.conditions), selectinload(Dataset.countries))
    return session.scalars(loaded.execution_options(populate_existing=True)).all()


def _leave_something(
    session: Session,
    listings: Sequence[Dataset],
    version: ProposalVersion,
    agreement: AgreementTerms,
    conditions: JSONObject,
) -> None:
    """A contradiction is named to the one who can mend it, not to the director who could only not issue."""
    answers = answers_of(version.content)
    terms = {listing.id: terms_of_item(agreement, listing, answers, conditions) for listing in listings}
    for each in terms.values():
        for conflict in each.conflicts:
            raise Invalid(str(conflict.sentence), field="conditions")
    for partner_id in {listing.organization_id for listing in listings}:
        own = [terms[listing.id] for listing in listings if listing.organization_id == partner_id]
        standing = _approved_terms(session, version, partner_id, agreement, terms)
        problem = share_nothing(agreement, [*own, *standing]) if len(own) + len(standing) > 1 else None
        if problem:
            raise Invalid(problem, field="datasets")


def _approved_terms(
    session: Session,
    version: ProposalVersion,
    partner_id: int,
    agreement: AgreementTerms,
    deciding: Mapping[int, EffectiveTerms],
) -> list[EffectiveTerms]:
    """The terms of what this data partner approved before in this version: one grant will hold all of it."""
    statement = (
        select(Dataset, Decision)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .join(Decision, Decision.id == ProposalItem.decision_id)
        .where(
            Decision.proposal_version_id == version.id,
            Dataset.organization_id == partner_id,
            Dataset.id.not_in(deciding),
            ProposalItem.state.in_(APPROVALS),
        )
        .options(selectinload(Dataset.conditions), selectinload(Dataset.countries))
    )
    answers = answers_of(version.content)
    return [
        terms_on(
            agreement, kept_layer(decision.terms or listed_terms(dataset), agreement), answers, decision.conditions
        )
        for dataset, decision in session.execute(statement)
    ]
