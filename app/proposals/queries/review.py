"""What a data partner, or the secretariat at intake, needs to decide in ten minutes without another window."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.catalog.terms import listed_terms
from app.foundation.hashing import content_hash
from app.proposals.models import ProposalItem
from app.proposals.queries.cases import Case
from app.proposals.queries.flags import Flag, flags_of
from app.proposals.queries.items import ItemView
from app.proposals.queries.library import Condition, library
from app.proposals.queries.precedents import (
    Precedents,
    datasets_asked_for,
    earlier_decisions,
    places_of,
    precedents,
)
from app.proposals.queries.terms import terms_of_item
from app.proposals.queries.versions import answers_of
from app.proposals.queries.workspace import (
    Since,
    SuggestionView,
    TermsEdit,
    Void,
    begun,
    edits_of_terms,
    since_last_reading,
    suggestions,
    voided,
)
from app.proposals.workspace_models import Desk
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.questions import Brief, brief
from app.rules.terms import AgreementTerms

DECIDING_ACTS = frozenset({Action.APPROVE_ITEM, Action.APPROVE_ITEM_WITH_CONDITIONS, Action.NOT_APPROVE_ITEM})


@dataclass(frozen=True)
class Review:
    """The review of one proposal for one reader.

    `own` are the datasets that are the reader's to decide on now; `decided` those of its decisions that it may replace.
    `terms` are the hashes of the listings' terms as they are shown: the decision carries them back.
    """

    of: Case
    brief: Brief
    items: tuple[ItemView, ...]
    own: tuple[ItemView, ...]
    decided: tuple[ItemView, ...]
    listings: tuple[Dataset, ...]
    flags: tuple[Flag, ...]
    library: tuple[Condition, ...]
    before: Precedents
    terms: Mapping[str, str]
    since: Since
    suggestions: tuple[SuggestionView, ...]
    voided: tuple[Void, ...]
    edited_terms: tuple[TermsEdit, ...]
    begun: Mapping[str, list[str]]


def review(session: Session, viewer: Actor, of: Case, found: Sequence[ItemView], desk: Desk) -> Review:
    """Everything a page of the review shows, in a fixed number of statements. `found` is every item, as the viewer sees it."""
    answers = answers_of(of.content)
    mine = [item for item in found if item.is_own]
    listings = _listings(session, [item.id for item in mine])
    agreement = agreement_version(of.current.agreement_version).terms if of.current else None
    earlier = earlier_decisions(session, viewer, of, {listing.organization_id for listing in listings})
    ids = [listing.id for listing in listings] or datasets_asked_for(session, of)
    return Review(
        of=of,
        brief=brief(answers),
        items=tuple(found),
        own=tuple(item for item in mine if item.acts & DECIDING_ACTS),
        decided=tuple(item for item in mine if Action.REVISE_DECISION in item.acts),
        listings=tuple(listings),
        flags=tuple(flags_of(agreement, answers, listings, places_of(earlier))) if agreement else (),
        library=_library(agreement, listings, answers),
        before=precedents(earlier, of, ids),
        terms={listing.reference: content_hash(listed_terms(listing)) for listing in listings},
        since=since_last_reading(session, viewer, of, found),
        suggestions=tuple(suggestions(session, viewer, of.proposal, of.roles)),
        voided=tuple(voided(session, mine)),
        edited_terms=tuple(edits_of_terms(session, of, mine)),
        begun=begun(session, viewer, of, desk),
    )


def _library(
    agreement: AgreementTerms | None, listings: Sequence[Dataset], answers: Mapping[str, object]
) -> tuple[Condition, ...]:
    if agreement is None or not listings:
        return ()
    return tuple(library(agreement, terms_of_item(agreement, listings[0], answers)))


def _listings(session: Session, item_ids: Collection[int]) -> Sequence[Dataset]:
    statement = (
        select(Dataset)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.id.in_(item_ids))
        .order_by(ProposalItem.id)
        .options(selectinload(Dataset.conditions), selectinload(Dataset.countries))
    )
    return session.scalars(statement).all()
