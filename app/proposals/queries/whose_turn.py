"""Whose turn it is on a proposal: who must act and who stands in, by when, and what comes next. Every state has an answer.

Used by the proposal's page, the inbox, mails, and dataset pages. Any number of proposals takes four statements.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.organizations.models import Membership, Organization, Person
from app.proposals.models import Proposal, ProposalItem
from app.proposals.queries.clock import progress_of
from app.proposals.queries.way import Stop, way_of
from app.rules.actors import initials_of
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT, Progress
from app.rules.roles import Kind, Role
from app.rules.turns import Expected, Turn, expected


@dataclass(frozen=True)
class Name:
    """A person, as far as a status sentence needs one."""

    person_id: int
    name: str
    email: str

    @property
    def initials(self) -> str:
        """Two letters for the mark beside the name."""
        return initials_of(self.name)


@dataclass(frozen=True)
class Holder:
    """An organization that is waited for: who acts for it, and who is asked when they are away."""

    organization_id: int
    organization: str
    kind: Kind
    people: tuple[Name, ...]
    deputies: tuple[Name, ...] = ()


@dataclass(frozen=True)
class WhoseTurn:
    """The answer. `holders` is empty when the proposal has ended.

    `taken_over_by` names the secretariat's officers once far too much time has passed, or where nobody is there to act.
    """

    turn: Turn
    name: str
    act: str
    after: str
    holders: tuple[Holder, ...]
    taken_over_by: tuple[Name, ...]
    since: datetime | None
    progress: Progress | None
    ended_at: datetime | None
    way: tuple[Stop, ...]

    @property
    def is_ended(self) -> bool:
        """Whether nobody has to act any more."""
        return not self.holders

    @property
    def due(self) -> date | None:
        """The day by which the holders act; None where there is no date."""
        return self.progress.due if self.progress else None

    @property
    def is_overdue(self) -> bool:
        """Whether that day has passed."""
        return self.progress is not None and self.progress.is_over

    @property
    def person_ids(self) -> frozenset[int]:
        """Everyone whose turn it is now; a deputy from the due day on."""
        acting = {name.person_id for holder in self.holders for name in holder.people}
        if self.progress is not None and self.progress.percent >= DEPUTY_JOINS_AT:
            acting |= {name.person_id for holder in self.holders for name in holder.deputies}
        return frozenset(acting | {name.person_id for name in self.taken_over_by})

    def waits_for(self, person_id: int | None) -> bool:
        """Whether it is this person's turn."""
        return person_id in self.person_ids


def whose_turn(session: Session, proposal: Proposal, now: datetime) -> WhoseTurn:
    """The answer for one proposal."""
    return turns(session, [proposal], now)[proposal.id]


def turns(session: Session, proposals: Sequence[Proposal], now: datetime) -> dict[int, WhoseTurn]:
    """The answers for many proposals, by their key."""
    pending = _undecided_partners(session, [proposal.id for proposal in proposals])
    partners = {partner for found in pending.values() for partner in found}
    organizations = _organizations(session, partners | {proposal.organization_id for proposal in proposals})
    people = _people(session, partners)
    leads = _leads(session, {proposal.lead_id for proposal in proposals})
    known = _Known(pending, organizations, people, leads)
    return {proposal.id: _answer(proposal, known, now) for proposal in proposals}


@dataclass(frozen=True)
class _Known:
    """What the database says about everyone who may be waited for."""

    pending: Mapping[int, list[int]]
    organizations: Mapping[int, Organization]
    people: Mapping[tuple[int, Role], list[Name]]
    leads: Mapping[int, Name]

    @property
    def secretariat(self) -> Organization:
        """The one organization of its kind."""
        return next(o for o in self.organizations.values() if o.kind is Kind.SECRETARIAT)

    def names(self, organization_id: int, role: Role) -> tuple[Name, ...]:
        return tuple(self.people.get((organization_id, role), ()))

    def officers(self) -> tuple[Name, ...]:
        return self.names(self.secretariat.id, Role.OFFICER) or self.names(self.secretariat.id, Role.DIRECTOR)


def _answer(proposal: Proposal, known: _Known, now: datetime) -> WhoseTurn:
    row = expected(proposal.state, proposal.step, proposal.ended_at is not None)
    clock = progress_of(proposal, now)
    holders = tuple(_HOLDERS[row.role](proposal, known) or _officers(proposal, known)) if row.role else ()
    return WhoseTurn(
        turn=row.turn,
        name=row.name,
        act=row.act,
        after=row.after,
        holders=holders,
        taken_over_by=_standing_in(row, holders, clock, known),
        since=proposal.waiting_since,
        progress=clock,
        ended_at=proposal.ended_at,
        way=way_of(proposal, row, clock),
    )


def _standing_in(row: Expected, holders: Sequence[Holder], clock: Progress | None, known: _Known) -> tuple[Name, ...]:
    """The secretariat's officers, once far too much time has passed or where nobody is there to act."""
    if row.role is None or row.role in (Role.OFFICER, Role.DIRECTOR):
        return ()
    is_late = clock is not None and clock.percent >= SECRETARIAT_JOINS_AT
    is_orphaned = any(not holder.people for holder in holders)
    return known.officers() if is_late or is_orphaned else ()


def _lead(proposal: Proposal, known: _Known) -> list[Holder]:
    organization = known.organizations[proposal.organization_id]
    return [Holder(organization.id, organization.name, organization.kind, (known.leads[proposal.lead_id],))]


def _stewards(proposal: Proposal, known: _Known) -> list[Holder]:
    found = []
    for partner_id in known.pending.get(proposal.id, []):
        organization = known.organizations[partner_id]
        stewards, deputies = (known.names(partner_id, role) for role in (Role.STEWARD, Role.DEPUTY))
        people = stewards or deputies
        standing_in = tuple(name for name in deputies if name not in people)
        found.append(Holder(partner_id, organization.name, organization.kind, people, standing_in))
    return found


def _officers(_proposal: Proposal, known: _Known) -> list[Holder]:
    secretariat = known.secretariat
    return [Holder(secretariat.id, secretariat.name, secretariat.kind, known.officers())]


def _directors(_proposal: Proposal, known: _Known) -> list[Holder]:
    secretariat = known.secretariat
    people = known.names(secretariat.id, Role.DIRECTOR) or known.officers()
    return [Holder(secretariat.id, secretariat.name, secretariat.kind, people)]


_HOLDERS = {
    Role.PROJECT_LEAD: _lead,
    Role.DATASET_STEWARD: _stewards,
    Role.OFFICER: _officers,
    Role.DIRECTOR: _directors,
}


def _undecided_partners(session: Session, proposal_ids: Sequence[int]) -> dict[int, list[int]]:
    """The data partners with something left to decide, by proposal, in the order of its items."""
    found: dict[int, list[int]] = defaultdict(list)
    statement = (
        select(ProposalItem.proposal_id, Dataset.organization_id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .where(ProposalItem.proposal_id.in_(proposal_ids), ProposalItem.decision_id.is_(None))
        .order_by(ProposalItem.id)
    )
    for proposal_id, partner_id in session.execute(statement):
        if partner_id not in found[proposal_id]:
            found[proposal_id].append(partner_id)
    return found


def _organizations(session: Session, ids: Collection[int]) -> dict[int, Organization]:
    wanted = Organization.id.in_(ids) | (Organization.kind == Kind.SECRETARIAT)
    return {organization.id: organization for organization in session.scalars(select(Organization).where(wanted))}


def _people(session: Session, partner_ids: Collection[int]) -> dict[tuple[int, Role], list[Name]]:
    """Who decides for these data partners, and the secretariat's officers and directors, longest in the role first."""
    deciding = Membership.organization_id.in_(partner_ids) & Membership.role.in_((Role.STEWARD, Role.DEPUTY))
    statement = (
        select(Membership.organization_id, Membership.role, Person.id, Person.name, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.ended_at.is_(None),
            Person.active,
            deciding | Membership.role.in_((Role.OFFICER, Role.DIRECTOR)),
        )
        .order_by(Membership.since, Person.id)
    )
    found: dict[tuple[int, Role], list[Name]] = defaultdict(list)
    for organization_id, role, person_id, name, email in session.execute(statement):
        found[organization_id, role].append(Name(person_id, name, email))
    return found


def _leads(session: Session, ids: Collection[int]) -> dict[int, Name]:
    statement = select(Person.id, Person.name, Person.email).where(Person.id.in_(ids))
    return {person_id: Name(person_id, name, email) for person_id, name, email in session.execute(statement)}
