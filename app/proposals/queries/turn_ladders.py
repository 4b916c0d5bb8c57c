"""Which people stand on which rung for each role that a proposal waits for. `rules.ladder` then names exactly one."""

from collections.abc import Callable, Sequence

from app.organizations.naming import Name
from app.proposals.models import Proposal
from app.proposals.queries.turn_people import Facts
from app.rules.ladder import Ladder, taken_first
from app.rules.pipelines import STAND_INS, Vote, pipeline_of
from app.rules.roles import Role

# An organization that is waited for, with everyone who could act for it.
Rungs = tuple[int, Ladder[Name]]


def ladders_of(role: Role, proposal: Proposal, facts: Facts) -> list[Rungs]:
    """One ladder for each organization that the proposal waits for in this role."""
    found = _OF_ROLE.get(role, _reviewing(role))(proposal, facts)
    return found or _checking(proposal, facts)


def has_quorum(proposal: Proposal, facts: Facts) -> bool:
    """Whether enough of the committee have voted on what is current, so that the vote can be closed."""
    vote, committee = _vote(proposal), _committee(proposal, facts)
    cast = [each for each in committee if (proposal.id, each.person_id) in facts.voted]
    return vote is not None and len(cast) >= vote.quorum(len(committee))


def _deciding(proposal: Proposal, facts: Facts) -> list[Rungs]:
    found = []
    for partner_id in facts.pending.get(proposal.id, ()):
        stewards, deputies = (
            facts.free(proposal, facts.holding(partner_id, role), role) for role in (Role.STEWARD, Role.DEPUTY)
        )
        taken = _taken(proposal, partner_id, facts)
        own = _with_taken(taken, stewards, deputies)
        others = [each for each in deputies if each not in own]
        found.append((partner_id, Ladder(own, others, (), _officers(proposal, facts))))
    return found


def _checking(proposal: Proposal, facts: Facts) -> list[Rungs]:
    """The secretariat's officers; a director takes over."""
    own = facts.free(proposal, facts.holding(facts.secretariat.id, Role.OFFICER), Role.OFFICER)
    return [_of_secretariat(proposal, facts, own, _last(proposal, facts, Role.DIRECTOR, Role.OFFICER))]


def _issuing(proposal: Proposal, facts: Facts) -> list[Rungs]:
    """Never one who decided on it: who issues a grant is not its only approver."""
    own = facts.free(proposal, facts.holding(facts.secretariat.id, Role.DIRECTOR), Role.DIRECTOR)
    return [_of_secretariat(proposal, facts, own, _officers(proposal, facts))]


def _leading(proposal: Proposal, facts: Facts) -> list[Rungs]:
    """The lead; after leaving, the member's focal point, then the secretariat."""
    focal_points = facts.holding(proposal.organization_id, Role.FOCAL_POINT)
    rungs = Ladder(facts.lead(proposal), (), focal_points, _officers(proposal, facts))
    return [(proposal.organization_id, rungs)]


def _voting(proposal: Proposal, facts: Facts) -> list[Rungs]:
    """Whoever has not voted yet. A director where too few are left to vote."""
    vote, committee = _vote(proposal), _committee(proposal, facts)
    if vote is not None and not vote.can_be_reached(len(committee)):
        return [_of_secretariat(proposal, facts, (), _last(proposal, facts, Role.DIRECTOR, Role.OFFICER))]
    own = [each for each in committee if (proposal.id, each.person_id) not in facts.voted]
    return [_of_secretariat(proposal, facts, own, _officers(proposal, facts))]


def _committee(proposal: Proposal, facts: Facts) -> list[Name]:
    return facts.free(proposal, facts.holding(None, Role.REVIEWER, Role.CHAIR), Role.REVIEWER)


def _vote(proposal: Proposal) -> Vote | None:
    return next((step.vote for step in pipeline_of(proposal.pipeline).steps if step.vote), None)


def _reviewing(role: Role) -> Callable[[Proposal, Facts], list[Rungs]]:
    def of(proposal: Proposal, facts: Facts) -> list[Rungs]:
        own = facts.free(proposal, facts.holding(None, role), role)
        stand_ins = facts.free(proposal, facts.holding(None, *STAND_INS.get(role, ())), role)
        return [_of_secretariat(proposal, facts, own, _officers(proposal, facts), stand_ins)]

    return of


_OF_ROLE: dict[Role, Callable[[Proposal, Facts], list[Rungs]]] = {
    Role.PROJECT_LEAD: _leading,
    Role.DATASET_STEWARD: _deciding,
    Role.OFFICER: _checking,
    Role.DIRECTOR: _issuing,
    Role.REVIEWER: _voting,
}


def _of_secretariat(
    proposal: Proposal, facts: Facts, own: Sequence[Name], last: Sequence[Name], substitutes: Sequence[Name] = ()
) -> Rungs:
    secretariat = facts.secretariat.id
    taken = _taken(proposal, secretariat, facts)
    return secretariat, Ladder(taken_first(own, taken), (), substitutes, last)


def _officers(proposal: Proposal, facts: Facts) -> list[Name]:
    return _last(proposal, facts, Role.OFFICER, Role.DIRECTOR)


def _last(proposal: Proposal, facts: Facts, *roles: Role) -> list[Name]:
    """The secretariat's people in this order; those in conflict stand at the end: they can still appoint somebody."""
    everyone = facts.holding(facts.secretariat.id, *roles)
    clear = facts.free(proposal, everyone, Role.OFFICER)
    return [*clear, *(each for each in everyone if each not in clear)]


def _taken(proposal: Proposal, organization_id: int, facts: Facts) -> Name | None:
    return facts.names.get(facts.taken.get((proposal.reference, organization_id), 0))


def _with_taken(taken: Name | None, stewards: Sequence[Name], deputies: Sequence[Name]) -> tuple[Name, ...]:
    """A deputy may take it too, and stands in front of the stewards then."""
    if taken in deputies and taken is not None:
        return (taken, *(each for each in stewards if each != taken))
    return taken_first(stewards, taken)
