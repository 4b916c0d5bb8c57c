"""Everyone who may be named on a proposal, read for many at once: who holds which role, who is in conflict, who took it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.organizations.assignments import assigned_to
from app.organizations.calendars import calendars
from app.organizations.models import Membership, Organization, Person
from app.organizations.naming import Name
from app.proposals.conflicts import Conflicts, conflicts_of
from app.proposals.models import Proposal, ProposalItem
from app.proposals.step_models import CommitteeVote
from app.rules.calendar import Calendar
from app.rules.pipelines import STEP_ROLES
from app.rules.roles import Kind, Role
from app.rules.workflow import ItemState

_CONSORTIUM = (Role.OFFICER, Role.DIRECTOR, *sorted(STEP_ROLES))


@dataclass(frozen=True)
class Facts:
    """What the database says about everyone who may be waited for. People without access are in none of it."""

    pending: Mapping[int, Sequence[int]]
    organizations: Mapping[int, Organization]
    calendars: Mapping[int, Calendar]
    # By organization and role, longest in the role first; consortium roles also under no organization.
    people: Mapping[tuple[int | None, Role], Sequence[Name]]
    names: Mapping[int, Name]
    conflicts: Conflicts
    voted: frozenset[tuple[int, int]]
    taken: Mapping[tuple[str, int], int]

    @cached_property
    def secretariat(self) -> Organization:
        """The one organization of its kind."""
        return next(o for o in self.organizations.values() if o.kind is Kind.SECRETARIAT)

    def holding(self, organization_id: int | None, *roles: Role) -> list[Name]:
        """The people with one of these roles there, without repeats."""
        return list(dict.fromkeys(name for role in roles for name in self.people.get((organization_id, role), ())))

    def free(self, proposal: Proposal, people: Sequence[Name], role: Role) -> list[Name]:
        """Those who may act in this role here: not tied to the proposing side, by an organization or by their own word."""
        return [each for each in people if not self.conflicts.bars(proposal.id, each.person_id, role)]

    def lead(self, proposal: Proposal) -> list[Name]:
        """The project lead, while that person may sign in and belongs to the proposing organization."""
        name = self.names.get(proposal.lead_id)
        is_there = proposal.organization_id in self.conflicts.belongs.get(proposal.lead_id, ())
        return [name] if name is not None and is_there else []


def facts_of(session: Session, proposals: Sequence[Proposal]) -> Facts:
    """The facts for these proposals, in a number of statements that does not grow with them."""
    ids = [proposal.id for proposal in proposals]
    pending = _undecided_partners(session, ids)
    partners = {partner for found in pending.values() for partner in found}
    proposers = {proposal.organization_id for proposal in proposals}
    wanted = Organization.id.in_(partners | proposers) | (Organization.kind == Kind.SECRETARIAT)
    organizations = {row.id: row for row in session.scalars(select(Organization).where(wanted))}
    people = _people(session, partners, proposers)
    leads = _active(session, {proposal.lead_id for proposal in proposals})
    names = leads | {name.person_id: name for found in people.values() for name in found}
    return Facts(
        pending=pending,
        organizations=organizations,
        calendars=calendars(session, organizations.values()),
        people=people,
        names=names,
        conflicts=conflicts_of(session, proposals, names),
        voted=_voters(session, [p.current_version_id for p in proposals if p.current_version_id]),
        taken=assigned_to(session, "proposal", [proposal.reference for proposal in proposals]),
    )


def _undecided_partners(session: Session, proposal_ids: Sequence[int]) -> dict[int, list[int]]:
    """The data partners with something left to decide, by proposal, in the order of its items."""
    found: dict[int, list[int]] = defaultdict(list)
    statement = (
        select(ProposalItem.proposal_id, Dataset.organization_id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .where(ProposalItem.proposal_id.in_(proposal_ids), ProposalItem.state == ItemState.PENDING)
        .order_by(ProposalItem.id)
    )
    for proposal_id, partner_id in session.execute(statement):
        if partner_id not in found[proposal_id]:
            found[proposal_id].append(partner_id)
    return found


def _people(
    session: Session, partners: Collection[int], proposers: Collection[int]
) -> dict[tuple[int | None, Role], list[Name]]:
    """Who decides for these data partners, who manages people at these members, and whoever has a consortium role."""
    deciding = Membership.organization_id.in_(partners) & Membership.role.in_((Role.STEWARD, Role.DEPUTY))
    managing = Membership.organization_id.in_(proposers) & (Membership.role == Role.FOCAL_POINT)
    statement = (
        select(Membership.organization_id, Membership.role, Person.id, Person.name, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.ended_at.is_(None), Person.active, or_(deciding, managing, Membership.role.in_(_CONSORTIUM)))
        .order_by(Membership.since, Person.id)
    )
    found: dict[tuple[int | None, Role], list[Name]] = defaultdict(list)
    for organization_id, role, person_id, name, email in session.execute(statement):
        who = Name(person_id, name, email)
        found[organization_id, role].append(who)
        if role in _CONSORTIUM:
            found[None, role].append(who)
    return found


def _active(session: Session, ids: Collection[int]) -> dict[int, Name]:
    statement = select(Person.id, Person.name, Person.email).where(Person.id.in_(ids), Person.active)
    return {person_id: Name(person_id, name, email) for person_id, name, email in session.execute(statement)}


def _voters(session: Session, version_ids: Sequence[int]) -> frozenset[tuple[int, int]]:
    statement = select(CommitteeVote.proposal_id, CommitteeVote.person_id).where(
        CommitteeVote.proposal_version_id.in_(version_ids)
    )
    return frozenset((proposal_id, person_id) for proposal_id, person_id in session.execute(statement))
