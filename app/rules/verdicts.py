"""How a step of the review can end, what a member of the committee can vote, and how votes become an outcome."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.pipelines import Vote


class StepOutcome(StrEnum):
    """The verdict of a step on one version."""

    PASSED = "passed"
    DECLINED = "declined"
    LOOKED_AT = "looked_at"


class VoteChoice(StrEnum):
    """What a member of the committee says."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


CHOICES: dict[VoteChoice, str] = {
    VoteChoice.FOR: N_("For"),
    VoteChoice.AGAINST: N_("Against"),
    VoteChoice.ABSTAIN: N_("Abstain"),
}


@dataclass(frozen=True)
class Count:
    """The votes of the members without a conflict of interest, and how many of them had to vote."""

    in_favor: int
    against: int
    abstained: int
    members: int
    quorum: int

    @property
    def cast(self) -> int:
        """How many have voted."""
        return self.in_favor + self.against + self.abstained

    @property
    def has_quorum(self) -> bool:
        """Whether enough have voted for it to count."""
        return self.cast >= self.quorum

    @property
    def is_equal(self) -> bool:
        """Whether as many are for it as against it, so that the chair's own vote decides."""
        return self.in_favor == self.against


def count(vote: Vote, choices: Iterable[VoteChoice], members: int) -> Count:
    """The count of these votes, cast by members of whom so many have no conflict of interest."""
    number = Counter(choices)
    return Count(
        number[VoteChoice.FOR],
        number[VoteChoice.AGAINST],
        number[VoteChoice.ABSTAIN],
        members,
        vote.quorum(members),
    )


def carried(result: Count, casting: VoteChoice | None) -> bool | None:
    """Whether it is carried: by more votes for than against; where they are equal by the chair's own vote.

    Returns:
        None where votes are equal and the chair has not voted for or against.
    """
    if not result.is_equal:
        return result.in_favor > result.against
    return {VoteChoice.FOR: True, VoteChoice.AGAINST: False}.get(casting) if casting else None
