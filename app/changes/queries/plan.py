"""The grant that a change would make: computed from the grant as it is, never wider than its data partner may give.

A dataset that stays keeps the terms that it was granted under, and only what was asked differs. A dataset that is added,
and every dataset of a renewal, is merged anew, as issuing does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.catalog.terms import listed_terms
from app.changes.handed import as_it_runs
from app.changes.queries.parties import require_bound, version_for_renewal
from app.changes.queries.terms import narrowed, renewed_end
from app.changes.wanted import Wanted, differences
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid
from app.foundation.hashing import content_hash
from app.foundation.words import N_
from app.grants.commands.freezing import UNNAMED, countries_of
from app.grants.duties import dated_duties
from app.grants.models import Grant
from app.grants.queries.grants import people_on
from app.grants.record import GrantedDataset, Named, Record
from app.grants.succession import Succession
from app.grants.terms import Asked, effective_terms
from app.grants.ways import main_way
from app.organizations.models import Organization
from app.proposals.models import Decision, ProposalItem, ProposalVersion
from app.proposals.queries.versions import answers_of
from app.rules.listings import OFFERED
from app.rules.terms import AgreementTerms, EffectiveTerms, is_within
from app.rules.terms.operators import fold
from app.rules.terms.values import as_codes, as_number
from app.rules.vocabulary import Visibility


@dataclass(frozen=True)
class Plan:
    """What would be issued, before it has a number; and the hash of what the listings said of their terms."""

    before: Record
    after: Record
    terms_hash: str


@dataclass(frozen=True)
class _Work:
    """What planning one change needs to know."""

    session: Session
    grant: Grant
    reference: str
    wanted: Wanted
    before: Record
    agreement: AgreementTerms
    today: date


def plan(session: Session, grant: Grant, reference: str, wanted: Wanted, now: datetime) -> Plan:
    """What a change would make of a grant.

    Raises:
        Invalid: it would be wider than it may be, terms contradict each other, or a side has left the consortium.
    """
    before = replace(as_it_runs(grant), people=_people_now(session, grant))
    version, digest = before.agreement_version, before.agreement_sha256
    if wanted.renews:
        version, digest = version_for_renewal(session, grant, now)
    else:
        require_bound(session, grant)
    known = agreement_version(version)
    work = _Work(session, grant, reference, wanted, before, known.terms, now.astimezone(UTC).date())
    _check_people(work)
    merged = _datasets(session, _merged_anew(work))
    datasets = tuple(_dataset(work, each, merged) for each in _references(work))
    if not datasets:
        raise Invalid(N_("A grant needs at least one dataset. To end the use of all of them, close the grant."), "drop")
    _check_number(work, datasets)
    after = replace(
        before, agreement_version=version, agreement_sha256=digest, agreement_title=known.title, datasets=datasets
    )
    kept = {dataset.reference: listed_terms(dataset) for dataset in merged.values()}
    return Plan(before, _headed(work, after), content_hash(kept))


def _people_now(session: Session, grant: Grant) -> tuple[Named, ...]:
    return tuple(Named(p.name, p.organization_name, p.is_lead) for p in people_on(session, grant.id))


def _references(work: _Work) -> list[str]:
    held = [each.reference for each in work.before.datasets]
    unknown = [reference for reference in work.wanted.drop if reference not in held]
    if unknown:
        raise Invalid(N_("The grant does not name this dataset, so it cannot be left out."), "drop")
    return [each for each in held if each not in work.wanted.drop] + [e for e in work.wanted.add if e not in held]


def _merged_anew(work: _Work) -> list[str]:
    return _references(work) if work.wanted.renews else list(work.wanted.add)


def _datasets(session: Session, references: Sequence[str]) -> dict[str, Dataset]:
    statement = select(Dataset).where(Dataset.reference.in_(references))
    whole = statement.options(
        selectinload(Dataset.conditions), selectinload(Dataset.countries), joinedload(Dataset.organization)
    )
    found = session.scalars(whole.execution_options(populate_existing=True))
    return {dataset.reference: dataset for dataset in found}


def _dataset(work: _Work, reference: str, merged: Mapping[str, Dataset]) -> GrantedDataset:
    held = next((each for each in work.before.datasets if each.reference == reference), None)
    if reference in merged:
        return _merged(work, merged[reference], held)
    if held is None:
        raise Invalid(N_("There is no such dataset in the catalog. Choose one from the list."), "add")
    terms = narrowed(held.terms, held.title, work.wanted, work.before, work.agreement.specs, work.reference)
    return replace(held, terms=terms)


def _merged(work: _Work, dataset: Dataset, held: GrantedDataset | None) -> GrantedDataset:
    if dataset.organization_id != work.grant.data_partner_id:
        raise Invalid(
            f"{dataset.title} belongs to another data partner, so it needs a proposal of its own. Start one from its page.",
            "add",
        )
    if dataset.state not in OFFERED:
        raise Invalid(f"{dataset.title} is not listed now. Leave it out, or ask its data partner to list it.", "add")
    return GrantedDataset(
        reference=dataset.reference,
        title=dataset.title,
        release=dataset.release,
        unit=held.unit if held else dataset.unit,
        content_hash=dataset.content_hash,
        is_public=dataset.visibility is Visibility.PUBLIC,
        terms=_terms(work, dataset),
    )


def _terms(work: _Work, dataset: Dataset) -> EffectiveTerms:
    """The terms of one dataset as issuing makes them, for what is left of the time, or for the new term."""
    version = work.session.get_one(ProposalVersion, work.grant.proposal_version_id)
    ends_on = work.wanted.ends_on or work.before.ends_on
    answers: JSONObject = {
        **answers_of(version.content),
        "starts_on": work.today.isoformat(),
        "ends_on": ends_on.isoformat(),
        "purposes": list(work.wanted.purposes or work.before.purposes),
        "storage_place": work.wanted.kept_where or work.before.kept_where,
        "storage_country": work.wanted.kept_in or work.before.kept_in,
    }
    asked = Asked(f"change:{work.reference}", answers)
    terms = effective_terms(work.agreement, dataset, asked, _conditions(work, dataset), work.today)
    renewed_end(terms, dataset.title, ends_on)
    return terms


def _conditions(work: _Work, dataset: Dataset) -> Mapping[str, object]:
    """What the data partner asked for when it decided on this dataset; it holds for a renewal too."""
    decided = (
        select(Decision.conditions)
        .join(ProposalItem, ProposalItem.decision_id == Decision.id)
        .where(ProposalItem.proposal_id == work.grant.proposal_id, ProposalItem.dataset_id == dataset.id)
    )
    return work.session.scalar(decided) or {}


def _headed(work: _Work, after: Record) -> Record:
    """The record with the facts that hold for all of its datasets, and what differs from the one before."""
    wanted, before = work.wanted, work.before
    terms = [each.terms for each in after.datasets]
    ends_on = wanted.ends_on or before.ends_on
    began = work.today if wanted.renews else before.term_began_on
    if ends_on <= work.today:
        raise Invalid(N_("The last day lies in the future. To end the use today, close the grant."), "ends_on")
    unnamed = before.partner_is_unnamed or any(each.value("donor_anonymous") is True for each in terms)
    partner = UNNAMED if unnamed else after.data_partner.name
    seat = work.session.get_one(Organization, work.grant.member_id).country
    headed = replace(
        after,
        partner_is_unnamed=unnamed,
        purposes=_purposes(work, terms),
        purpose_words=wanted.purpose_words or before.purpose_words,
        countries=countries_of(terms, before.countries),
        access_mode=main_way(terms, before.access_mode),
        kept_where=wanted.kept_where or before.kept_where,
        kept_in=wanted.kept_in or before.kept_in,
        people=_people(work),
        starts_on=max(before.starts_on, work.today),
        ends_on=ends_on,
        duties=dated_duties(terms, partner, began, ends_on, seat),
        predecessor=work.grant.number,
    )
    kind = "renews" if wanted.renews else "amends"
    rows = differences(before, headed)
    return replace(headed, succession=Succession(kind, work.reference, "", began, rows))


def _purposes(work: _Work, terms: Sequence[EffectiveTerms]) -> tuple[str, ...]:
    spec = work.agreement.specs["permitted_purposes"]
    asked = frozenset(work.wanted.purposes or work.before.purposes)
    if not is_within(spec, asked, frozenset(work.before.purposes)):
        raise Invalid(N_("This purpose is wider than the grant's. A wider purpose takes a new proposal."), "purposes")
    held = fold(spec, [asked, *(value for each in terms if (value := each.value(spec.name)) is not None)])
    if not held:
        raise Invalid(
            N_("The datasets share no purpose that they may be used for. Ask for them in proposals of their own."),
            "add",
        )
    order = list(work.before.purposes)
    return tuple(sorted(as_codes(held), key=lambda code: (order.index(code) if code in order else len(order), code)))


def _people(work: _Work) -> tuple[Named, ...]:
    gone = {p.id for p in people_on(work.session, work.grant.id) if p.email in work.wanted.leave}
    stay = [p for p in people_on(work.session, work.grant.id) if p.id not in gone]
    return (
        *(Named(p.name, p.organization_name, p.is_lead) for p in stay),
        *(Named(p.name, p.organization, False) for p in work.wanted.join),
    )


def _check_people(work: _Work) -> None:
    current = people_on(work.session, work.grant.id)
    lead = {p.email for p in current if p.is_lead}
    if lead & set(work.wanted.leave):
        raise Invalid(
            N_("The project lead stays on the grant. Hand over the lead on the proposal's page first."), "leave"
        )
    known = {p.email.lower() for p in current if p.email not in work.wanted.leave}
    doubled = [p.name for p in work.wanted.join if p.email.lower() in known]
    if doubled:
        raise Invalid(f"{doubled[0]} is on the grant already.", "join_email")


def _check_number(work: _Work, datasets: Sequence[GrantedDataset]) -> None:
    """Raises Invalid where more people would handle a dataset than its terms allow: one that stays, or one that is added."""
    total = len(_people(work))
    for each in datasets:
        most = each.terms.value("max_users")
        if most is not None and total > as_number(most):
            raise Invalid(
                f"{each.title}: its terms allow {as_number(most)} people at most, and the grant would name {total}.",
                "join_name" if work.wanted.join else "add",
            )
