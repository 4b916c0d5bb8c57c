"""From an approved proposal to the frozen record of one data partner's grant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.library import Version
from app.catalog.models import Dataset
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.grants.duties import dated_duties
from app.grants.record import Act, GrantedDataset, Named, Party, Record
from app.grants.terms import Asked, effective_terms, first_and_last_day
from app.grants.ways import main_way
from app.organizations.models import Membership, Organization
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.joint import withdrawn_from_version
from app.proposals.queries.versions import answers_of, team_of
from app.rules.actors import Actor
from app.rules.questions import Answer, codes, purposes, text
from app.rules.roles import ROLE_NAMES, Role
from app.rules.terms import EffectiveTerms
from app.rules.terms.operators import fold
from app.rules.terms.values import as_codes
from app.rules.vocabulary import Visibility

_DECIDERS = (Role.STEWARD, Role.DEPUTY)
UNNAMED = N_("A data partner of the consortium")


@dataclass(frozen=True)
class Approved:
    """One approved dataset with the decision on it."""

    item: ProposalItem
    dataset: Dataset
    decision: Decision


@dataclass(frozen=True)
class Case:
    """What all grants of one proposal share."""

    session: Session
    actor: Actor
    proposal: Proposal
    version: ProposalVersion
    agreement: Version
    member: Organization
    consortium: str
    now: datetime


def frozen_record(case: Case, number: str, partner: Organization, approved: Sequence[Approved]) -> Record:
    """All that is granted on these datasets of one data partner; raises Invalid where terms contradict each other."""
    answers = answers_of(case.version.content)
    terms = _terms(case, approved, answers)
    starts_on, ends_on = _days(terms)
    unnamed = any(each.value("donor_anonymous") is True for each in terms)
    return Record(
        number=number,
        title=text(answers, "title") or case.proposal.title,
        consortium=case.consortium,
        issued_at=case.now,
        agreement_version=case.version.agreement_version,
        agreement_title=case.agreement.title,
        agreement_sha256=case.version.agreement_hash,
        proposal=case.proposal.reference,
        proposal_version=case.version.number,
        proposal_sha256=case.version.content_hash,
        data_partner=Party(partner.slug, partner.name),
        partner_is_unnamed=unnamed,
        member=Party(case.member.slug, case.member.name),
        datasets=tuple(_granted(each, of_it, answers) for each, of_it in zip(approved, terms, strict=True)),
        purposes=_purposes(case, terms, answers),
        purpose_words=text(answers, "decision") or text(answers, "question"),
        benefit=text(answers, "benefit"),
        theme=text(answers, "theme"),
        countries=countries_of(terms, codes(answers, "countries")),
        access_mode=main_way(terms, text(answers, "access_mode")),
        kept_where=text(answers, "storage_place"),
        kept_in=text(answers, "storage_country"),
        people=_people(case),
        starts_on=starts_on,
        ends_on=ends_on,
        duties=dated_duties(terms, UNNAMED if unnamed else partner.name, starts_on, ends_on, case.member.country),
        approvals=tuple(_approval(case.session, each, partner) for each in approved),
        issue=_issue_act(case),
        co_applicants=_co_applicants(case),
    )


def _terms(case: Case, approved: Sequence[Approved], answers: dict[str, Answer]) -> list[EffectiveTerms]:
    wanted = Asked(f"proposal:{case.proposal.reference}@{case.version.number}", answers)
    today = case.now.astimezone(UTC).date()
    agreement = case.agreement.terms
    return [
        effective_terms(agreement, each.dataset, wanted, each.decision.conditions, today, each.decision.terms)
        for each in approved
    ]


def _purposes(case: Case, terms: Sequence[EffectiveTerms], answers: dict[str, Answer]) -> tuple[str, ...]:
    """The purposes for which every dataset of the grant may be used: its head says no more than its terms (safety.md G4)."""
    spec = case.agreement.terms.specs["permitted_purposes"]
    held = fold(spec, [value for each in terms if (value := each.value(spec.name)) is not None])
    if not held:
        raise Invalid(N_("The datasets share no purpose they may be used for. Ask the team for a proposal for each."))
    return _in_order(as_codes(held), purposes(answers))


def countries_of(terms: Sequence[EffectiveTerms], wanted: Sequence[str]) -> tuple[str, ...]:
    """The countries asked for that at least one dataset of the grant covers, as they were asked for."""
    covered = [as_codes(value) for each in terms if (value := each.value("coverage_space")) is not None]
    return _in_order(frozenset[str]().union(*covered), wanted)


def _in_order(held: Iterable[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Codes as they were asked for, those that stand for a part of what was asked after them."""
    return tuple(sorted(held, key=lambda code: (wanted.index(code) if code in wanted else len(wanted), code)))


def _days(terms: Sequence[EffectiveTerms]) -> tuple[date, date]:
    days = [first_and_last_day(each) for each in terms]
    starts_on, ends_on = max(first for first, _ in days), min(last for _, last in days)
    if starts_on >= ends_on:
        raise Invalid(N_("The time that was asked for is over, or ends before it begins. Ask the team for new dates."))
    return starts_on, ends_on


def _granted(each: Approved, terms: EffectiveTerms, answers: dict[str, Answer]) -> GrantedDataset:
    return GrantedDataset(
        reference=each.dataset.reference,
        title=each.dataset.title,
        release=each.dataset.release,
        unit=text(answers, "granularity") or each.dataset.unit,
        content_hash=each.dataset.content_hash,
        is_public=each.dataset.visibility is Visibility.PUBLIC,
        terms=terms,
    )


def _people(case: Case) -> tuple[Named, ...]:
    team = team_of(case.session, case.proposal.id)
    return tuple(Named(member.name, member.organization_name, member.is_lead) for member in team)


def _co_applicants(case: Case) -> tuple[Party, ...]:
    """The organizations that the version names beside the member, without those that have withdrawn since."""
    named = case.version.content.get("co_applicants")
    gone = {row.slug for row in withdrawn_from_version(case.session, case.proposal, case.version.content)}
    rows = [each for each in named if isinstance(each, dict)] if isinstance(named, list) else []
    return tuple(Party(str(each["slug"]), str(each["name"])) for each in rows if each["slug"] not in gone)


def _approval(session: Session, each: Approved, partner: Organization) -> Act:
    made = each.decision
    return Act(
        made.decided_by.name,
        ROLE_NAMES[role_of_decider(session, made.decided_by_id, partner.id, made.decided_at)],
        partner.name,
        made.decided_at,
        made.authentication,
        made.words,
        each.dataset.reference,
    )


def role_of_decider(session: Session, person_id: int, partner_id: int, at: datetime) -> Role:
    """In which role somebody decided for a data partner at that moment: as its steward, or else as its deputy."""
    of_partner = (Membership.person_id == person_id, Membership.organization_id == partner_id)
    known = session.scalars(
        select(Membership).where(*of_partner, Membership.since <= at, Membership.role.in_(_DECIDERS))
    )
    # Who no longer holds it has consented to it earlier, for all that would come.
    best = max(
        known, key=lambda row: (row.ended_at is None or row.ended_at > at, row.role is Role.STEWARD), default=None
    )
    return best.role if best else Role.STEWARD


def _issue_act(case: Case) -> Act:
    return Act(case.actor.name, ROLE_NAMES[Role.DIRECTOR], "", case.now, case.actor.authentication)
