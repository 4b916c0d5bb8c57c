"""Issuing: one grant for each data partner that approved, numbered once ever, frozen, and on its way to be sealed."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.agreements.binding import leaving_under, offers_nothing_new
from app.agreements.library import version as agreement_version
from app.agreements.models import Accession
from app.catalog.models import Dataset
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.numbers import yearly_reference
from app.foundation.words import N_
from app.grants.commands.acting import NOT_THERE, record_event
from app.grants.commands.freezing import Approved, Case, frozen_record
from app.grants.models import Duty, Grant, GrantDataset, GrantPerson
from app.grants.record import Record, record_hash, to_json
from app.organizations.models import Organization
from app.outbox.commands import enqueue
from app.proposals.commands.acting import current_version, locked, permitted, record_act
from app.proposals.commands.advancing import leave_issue
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.versions import team_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.listings import OFFERED
from app.rules.roles import Capacity
from app.rules.workflow import APPROVALS, BINDS, GrantState

PREFIX = "GR"
SEAL_LETTER = "letter.seal"
_TOKEN_BYTES = 8  # 64 random bits


def issue(session: Session, actor: Actor, reference: str, consortium: str, now: datetime) -> list[Grant]:
    """Issue one grant per approving data partner; each awaits its seal, which the worker sets.

    The proposal's row is locked first and its state moves in the same transaction, so that a second issue finds it issued.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; whoever decided on the proposal does not issue on it.
        WrongState: a decision was made on another version than the current one.
        Invalid: nobody approved, a party has not signed this version of the agreement, or terms contradict each other.
    """
    proposal = locked(session, reference)
    after = permitted(session, Action.ISSUE_GRANTS, actor, proposal)
    case, per_partner = _case(session, actor, proposal, consortium, now)
    grants = [_issue_for(case, approved) for approved in per_partner]
    leave_issue(session, proposal, after, now)
    record_act(session, Action.ISSUE_GRANTS, actor, proposal, now, {"grants": [grant.number for grant in grants]})
    return grants


def prepare(session: Session, actor: Actor, reference: str, consortium: str, now: datetime) -> list[Record]:
    """What `issue` would freeze now, without numbers; raises as it does, and writes nothing."""
    proposal = session.scalar(select(Proposal).where(Proposal.reference == reference))
    if proposal is None:
        raise NotFound(NOT_THERE)
    permitted(session, Action.ISSUE_GRANTS, actor, proposal)
    case, per_partner = _case(session, actor, proposal, consortium, now)
    return [frozen_record(case, "", each[0].dataset.organization, each) for each in per_partner]


def _case(
    session: Session, actor: Actor, proposal: Proposal, consortium: str, now: datetime
) -> tuple[Case, list[list[Approved]]]:
    """What is to be issued, by data partner, once everything that speaks against it was checked."""
    version = current_version(session, proposal)
    if version is None:
        raise WrongState(N_("Nothing was sent yet, so there is nothing to issue."))
    approved = _approved(session, proposal, version)
    member = session.get_one(Organization, proposal.organization_id)
    agreement = agreement_version(version.agreement_version)
    case = Case(session, actor, proposal, version, agreement, member, consortium, now)
    _require_signed(case, member, Capacity.MEMBER)
    by_partner: dict[int, list[Approved]] = {}
    for each in approved:
        by_partner.setdefault(each.dataset.organization_id, []).append(each)
    for of_partner in by_partner.values():
        _require_signed(case, of_partner[0].dataset.organization, Capacity.DATA_PARTNER)
    return case, [by_partner[key] for key in sorted(by_partner)]


def _approved(session: Session, proposal: Proposal, version: ProposalVersion) -> list[Approved]:
    statement = (
        select(ProposalItem, Dataset, Decision)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Decision, Decision.id == ProposalItem.decision_id)
        .where(ProposalItem.proposal_id == proposal.id, ProposalItem.state.in_(APPROVALS))
        .order_by(ProposalItem.id)
        .options(
            selectinload(Dataset.conditions),
            selectinload(Dataset.countries),
            joinedload(Dataset.organization),
            joinedload(Decision.decided_by),
        )
        .execution_options(populate_existing=True)
    )
    found = [Approved(*row) for row in session.execute(statement)]
    if not found:
        raise Invalid(N_("No data partner approved, so there is nothing to issue. The proposal's page says why."))
    closed = [each.dataset for each in found if each.dataset.state not in OFFERED]
    if closed:
        raise WrongState(_listing_closed(closed[0]))
    if any(each.decision.version_hash != version.content_hash for each in found):
        raise WrongState(N_("A decision was made on an earlier version of the proposal. Ask that data partner again."))
    return found


def _listing_closed(dataset: Dataset) -> str:
    """Why nothing is issued while a listing rests, and who can mend it."""
    return (
        f"{dataset.reference} is no longer listed: {dataset.organization.name} paused or withdrew it after approving. "
        "Ask its data steward to list it again, or to decide on it anew; then issue."
    )


def _issue_for(case: Case, approved: Sequence[Approved]) -> Grant:
    session, now, partner = case.session, case.now, approved[0].dataset.organization
    number = yearly_reference(session, PREFIX, now.astimezone(UTC).year)
    record = frozen_record(case, number, partner, approved)
    grant = _grant(case, record, partner)
    grant.datasets = [GrantDataset(dataset_id=each.dataset.id, item_id=each.item.id) for each in approved]
    grant.people = [
        GrantPerson(
            person_id=member.person_id,
            name=member.name,
            email=member.email,
            organization_name=member.organization_name,
            is_lead=member.is_lead,
            added_at=now,
        )
        for member in team_of(session, case.proposal.id)
    ]
    grant.duties = [Duty(kind=d.kind, clause=d.clause, sentence=d.sentence, due_on=d.due_on) for d in record.duties]
    session.add(grant)
    session.flush()
    record_event(
        session, Event.GRANT_ISSUED, case.actor, grant, now, {"title": grant.title, "record": grant.record_hash}
    )
    enqueue(session, SEAL_LETTER, {"number": number}, now, about=number)
    return grant


def _grant(case: Case, record: Record, partner: Organization) -> Grant:
    return Grant(
        number=record.number,
        proposal_id=case.proposal.id,
        proposal_version_id=case.version.id,
        data_partner_id=partner.id,
        member_id=case.member.id,
        title=record.title,
        state=GrantState.AWAITING_SIGNATURE,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        record=to_json(record),
        record_hash=record_hash(record),
        agreement_version=record.agreement_version,
        agreement_hash=record.agreement_sha256,
        verify_token=secrets.token_hex(_TOKEN_BYTES),
        issued_by_id=case.actor.person_id,
        issued_at=case.now,
        state_since=case.now,
    )


def _require_signed(case: Case, party: Organization, capacity: Capacity) -> None:
    """Both parties are bound by the version that the proposal was sent under (safety.md G1), and no data partner leaves."""
    if capacity is Capacity.DATA_PARTNER:
        _require_stays(case, party)
    signed = case.session.scalar(
        select(Accession.id).where(
            Accession.organization_id == party.id,
            Accession.capacity == capacity,
            Accession.state.in_(BINDS),
            Accession.agreement_version == case.version.agreement_version,
            Accession.agreement_hash == case.version.agreement_hash,
        )
    )
    if signed is None:
        raise Invalid(
            f"{party.name} has no accession in force to version {case.version.agreement_version} of the common agreement. "
            "Ask its authorized signatory to sign; then issue again."
        )


def _require_stays(case: Case, party: Organization) -> None:
    """No notice of it counts yet: from then on no new grant is issued on its data (clause 19.7)."""
    leaving = leaving_under(case.session, party.id, Capacity.DATA_PARTNER)
    if leaving is None or leaving.leaves_on is None or not case.session.scalar(select(offers_nothing_new(party.id))):
        return
    raise Invalid(
        f"{party.name} has given notice of leaving the common agreement on {leaving.leaves_on:%d %b %Y}. "
        "Nothing is granted anew on its data (clause 19.7)."
    )
