"""The committee of a proposal: who votes, who may not, what was voted, and how many have to. And the verdicts of its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Person
from app.proposals.conflicts import Conflicts, conflicts_of, holders_of
from app.proposals.models import Proposal
from app.proposals.step_models import CommitteeVote, StepVerdict
from app.rules.pipelines import Step, Vote, pipeline_of
from app.rules.roles import Role
from app.rules.verdicts import Count, StepOutcome, VoteChoice, count


@dataclass(frozen=True)
class Member:
    """One member of the committee: in conflict, or with the vote that stands. `words` are for the committee alone."""

    person_id: int
    name: str
    is_chair: bool
    is_in_conflict: bool
    choice: VoteChoice | None
    words: str
    cast_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """The vote as it stands."""

    members: tuple[Member, ...]
    count: Count

    def choice_of(self, person_id: int | None) -> VoteChoice | None:
        """What somebody has voted."""
        return next((each.choice for each in self.members if each.person_id == person_id), None)

    @property
    def can_be_reached(self) -> bool:
        """Whether there are enough members without a conflict; otherwise a director appoints somebody first."""
        return self.count.members >= self.count.quorum

    @property
    def left(self) -> int:
        """How many votes are missing until it can be closed."""
        return max(self.count.quorum - self.count.cast, 0)


@dataclass(frozen=True)
class Passed:
    """How a step ended, as everybody on the proposal may read it; `words` and `counts` for those who review it."""

    step: Step
    outcome: StepOutcome
    by: str
    at: datetime
    words: str
    counts: dict[str, object]
    is_current: bool


def tally_of(session: Session, proposal: Proposal) -> Tally:
    """The vote on the version that is current now; votes of people who left or have a conflict are not in the count."""
    return tallies_of(session, [proposal])[proposal.id]


def tallies_of(session: Session, proposals: Sequence[Proposal]) -> dict[int, Tally]:
    """The votes on many proposals, by key, in a number of statements that does not grow with them."""
    rules = {each.id: _rule_of(each) for each in proposals}
    roles = {role for rule in rules.values() if rule is not None for role in rule.voters}
    holders = holders_of(session, roles) if roles else {}
    everyone = {person_id for found in holders.values() for person_id in found}
    known = conflicts_of(session, proposals, everyone)
    names = {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(everyone)))}
    versions = [each.current_version_id for each in proposals if each.current_version_id is not None]
    votes = session.scalars(select(CommitteeVote).where(CommitteeVote.proposal_version_id.in_(versions))).all()
    return {
        each.id: _tally(each, rule, {role: holders[role] for role in rule.voters}, known, names, votes)
        if (rule := rules[each.id]) is not None
        else Tally((), Count(0, 0, 0, 0, 0))
        for each in proposals
    }


def _rule_of(proposal: Proposal) -> Vote | None:
    return next((each.vote for each in pipeline_of(proposal.pipeline).steps if each.vote), None)


def _tally(
    proposal: Proposal,
    vote: Vote,
    holders: Mapping[Role, Sequence[int]],
    known: Conflicts,
    names: Mapping[int, str],
    votes: Sequence[CommitteeVote],
) -> Tally:
    people = list(dict.fromkeys([*holders.get(Role.CHAIR, ()), *(each for role in holders for each in holders[role])]))
    cast = {row.person_id: row for row in votes if row.proposal_version_id == proposal.current_version_id}
    members = tuple(
        Member(
            person_id=person_id,
            name=names[person_id],
            is_chair=person_id in holders.get(Role.CHAIR, ()),
            is_in_conflict=known.has(proposal.id, person_id),
            choice=cast[person_id].choice if person_id in cast else None,
            words=cast[person_id].words if person_id in cast else "",
            cast_at=cast[person_id].cast_at if person_id in cast else None,
        )
        for person_id in people
    )
    free = [each for each in members if not each.is_in_conflict]
    return Tally(members, count(vote, [each.choice for each in free if each.choice], len(free)))


def verdicts_of(session: Session, proposal: Proposal) -> Sequence[Passed]:
    """How each step ended, oldest first; one on an earlier version is not current."""
    statement = (
        select(StepVerdict, Person.name)
        .join(Person, Person.id == StepVerdict.given_by_id)
        .where(StepVerdict.proposal_id == proposal.id, StepVerdict.undone_at.is_(None))
        .order_by(StepVerdict.given_at, StepVerdict.id)
    )
    return [
        Passed(
            row.step,
            row.outcome,
            by,
            row.given_at,
            row.words,
            row.counts,
            row.proposal_version_id == proposal.current_version_id,
        )
        for row, by in session.execute(statement)
    ]
