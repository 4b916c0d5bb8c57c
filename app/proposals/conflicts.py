"""Who is too close to a proposal to act on it: of an organization of its team, or by their own word. For many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, Select, or_, select, union
from sqlalchemy.orm import Session

from app.organizations.models import Membership, Person
from app.proposals.models import Decision, Proposal, ProposalItem, TeamMember
from app.proposals.step_models import ConflictOfInterest
from app.proposals.team_models import CoApplicant
from app.rules.roles import Role
from app.rules.workflow import CoApplicantState


@dataclass(frozen=True)
class Conflicts:
    """What is known of some people towards some proposals.

    `proposing` are the organizations on the proposing side, by proposal; `belongs` those of each person; `declared` and
    `decided` are pairs of proposal and person: a conflict of their own word, and a decision that counts.
    """

    proposing: Mapping[int, Collection[int]]
    belongs: Mapping[int, Collection[int]]
    declared: frozenset[tuple[int, int]]
    decided: frozenset[tuple[int, int]]

    def has(self, proposal_id: int, person_id: int) -> bool:
        """Whether this person has a conflict of interest here (safety.md W7)."""
        tied = set(self.belongs.get(person_id, ())) & set(self.proposing.get(proposal_id, ()))
        return bool(tied) or (proposal_id, person_id) in self.declared

    def bars(self, proposal_id: int, person_id: int, role: Role) -> bool:
        """Whether this person may not act in this role here: who issues has not decided, and nobody acts in a conflict."""
        issued_by_a_decider = role is Role.DIRECTOR and (proposal_id, person_id) in self.decided
        return issued_by_a_decider or self.has(proposal_id, person_id)


def conflicts_of(session: Session, proposals: Sequence[Proposal], person_ids: Collection[int]) -> Conflicts:
    """The conflicts of these people towards these proposals, in five statements."""
    ids = [proposal.id for proposal in proposals]
    proposing: dict[int, set[int]] = {proposal.id: {proposal.organization_id} for proposal in proposals}
    for statement in (_organizations_of_teams(ids), _co_applicants(ids)):
        for proposal_id, organization_id in session.execute(statement):
            proposing[proposal_id].add(organization_id)
    belongs: dict[int, set[int]] = defaultdict(set)
    current = select(Membership.person_id, Membership.organization_id).where(Membership.ended_at.is_(None))
    for person_id, organization_id in session.execute(current.where(Membership.person_id.in_(person_ids))):
        belongs[person_id].add(organization_id)
    declared = select(ConflictOfInterest.proposal_id, ConflictOfInterest.person_id).where(
        ConflictOfInterest.proposal_id.in_(ids), ConflictOfInterest.lifted_at.is_(None)
    )
    decided = (
        select(ProposalItem.proposal_id, Decision.decided_by_id)
        .join(Decision, Decision.id == ProposalItem.decision_id)
        .where(ProposalItem.proposal_id.in_(ids))
    )
    return Conflicts(
        proposing,
        belongs,
        frozenset((proposal_id, person_id) for proposal_id, person_id in session.execute(declared)),
        frozenset((proposal_id, person_id) for proposal_id, person_id in session.execute(decided)),
    )


def proposing_organizations(session: Session, proposal: Proposal) -> frozenset[int]:
    """The proposer's organization, its co-applicants, and those of everyone on the team as they are now."""
    teams = [*session.execute(_organizations_of_teams([proposal.id])), *session.execute(_co_applicants([proposal.id]))]
    return frozenset({proposal.organization_id, *(organization_id for _proposal_id, organization_id in teams)})


def has_declared(session: Session, person_id: int, proposal_id: int) -> bool:
    """Whether this person declared a conflict here that nobody lifted."""
    found = select(ConflictOfInterest.id).where(
        ConflictOfInterest.proposal_id == proposal_id,
        ConflictOfInterest.person_id == person_id,
        ConflictOfInterest.lifted_at.is_(None),
    )
    return session.scalar(found.limit(1)) is not None


def holders_of(session: Session, roles: Collection[Role]) -> dict[Role, list[int]]:
    """The people who hold each of these roles now and can sign in, longest in the role first."""
    statement = (
        select(Membership.role, Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role.in_(roles), Membership.ended_at.is_(None), Person.active)
        .order_by(Membership.since, Membership.id)
    )
    found: dict[Role, list[int]] = {role: [] for role in roles}
    for role, person_id in session.execute(statement):
        if person_id not in found[role]:
            found[role].append(person_id)
    return found


def proposed_by(organization_ids: Collection[int]) -> CompoundSelect[int]:
    """The keys of the proposals on whose proposing side one of these organizations stands."""
    teams = (
        select(TeamMember.proposal_id)
        .join(Person, _IS_NAMED)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organization_id.in_(organization_ids), Membership.ended_at.is_(None))
    )
    return union(
        select(Proposal.id).where(Proposal.organization_id.in_(organization_ids)).correlate(None),
        select(CoApplicant.proposal_id).where(CoApplicant.organization_id.in_(organization_ids)).correlate(None),
        teams.correlate(None),
    )


# By address too: somebody may have got an account after they were named on the team.
_IS_NAMED = or_(TeamMember.person_id == Person.id, TeamMember.email == Person.email)


def _organizations_of_teams(proposal_ids: Collection[int]) -> Select[int, int]:
    return (
        select(TeamMember.proposal_id, Membership.organization_id)
        .join(Person, _IS_NAMED)
        .join(Membership, Membership.person_id == Person.id)
        .where(TeamMember.proposal_id.in_(proposal_ids), Membership.ended_at.is_(None))
        .distinct()
    )


def _co_applicants(proposal_ids: Collection[int]) -> Select[int, int]:
    return select(CoApplicant.proposal_id, CoApplicant.organization_id).where(
        CoApplicant.proposal_id.in_(proposal_ids), CoApplicant.state != CoApplicantState.WITHDRAWN
    )
