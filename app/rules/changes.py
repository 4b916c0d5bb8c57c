"""What can be changed in a grant, and who must agree: one row for each kind. A data partner may switch some of its decisions off.

What would widen a grant beyond its data partner is no change: it is a new proposal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.workflow import GrantState, is_possible


class ChangeKind(StrEnum):
    """One kind of difference between a grant and the one that is asked for."""

    RENEWAL = "renewal"
    ADD_DATASETS = "add_datasets"
    DROP_DATASETS = "drop_datasets"
    LONGER = "longer"
    SHORTER = "shorter"
    PURPOSE = "purpose"
    STORAGE = "storage"
    TEAM = "team"


# What clause 19.7 rules out from the notice of a data partner on: granted anew, for longer, or on more of its listings.
GRANTS_ANEW = frozenset({ChangeKind.RENEWAL, ChangeKind.LONGER, ChangeKind.ADD_DATASETS})
# What says by itself when the grant is to end.
MOVES_THE_END = frozenset({ChangeKind.RENEWAL, ChangeKind.LONGER, ChangeKind.SHORTER})
# What waits while the member owes something that is overdue: RestrictionKind.RENEW_GRANTS.
LETS_IT_RUN_LONGER = frozenset({ChangeKind.RENEWAL, ChangeKind.LONGER})


@dataclass(frozen=True)
class Row:
    """Who has a part in one kind of change.

    `decides`: the data partner decides; `is_fixed`: it cannot give that up. `is_checked`: the secretariat looks at it first.
    `has_letter`: the letter no longer says what holds, so that the director issues a newer one.
    """

    name: str
    explains: str
    decides: bool
    is_fixed: bool
    is_checked: bool
    has_letter: bool


CHANGES: dict[ChangeKind, Row] = {
    # Clause 19.3: on a short report, under the version in force then, by a decision of the data partner.
    ChangeKind.RENEWAL: Row(
        N_("Renewal"), N_("A new term, on a short report of what was done."), True, True, True, True
    ),
    ChangeKind.ADD_DATASETS: Row(
        N_("More datasets"), N_("Datasets of yours that the grant does not name yet."), True, True, True, True
    ),
    ChangeKind.DROP_DATASETS: Row(
        N_("Fewer datasets"), N_("The member no longer needs a dataset, and deletes it."), True, False, False, True
    ),
    ChangeKind.LONGER: Row(
        N_("A later last day"), N_("Within the longest term that your terms allow."), True, True, True, True
    ),
    ChangeKind.SHORTER: Row(N_("An earlier last day"), N_("The use ends sooner."), True, False, False, True),
    ChangeKind.PURPOSE: Row(
        N_("Purpose, narrower or in other words"),
        N_("Never wider: that takes a new proposal."),
        True,
        False,
        True,
        True,
    ),
    ChangeKind.STORAGE: Row(
        N_("Place of storage"), N_("Within the places that your terms allow."), True, False, True, True
    ),
    # Clause 11.1: people are named in the grant, or added later by the member.
    ChangeKind.TEAM: Row(
        N_("People who handle the data"), N_("You are told at once, who came and who left."), False, False, False, False
    ),
}


@dataclass(frozen=True)
class Needs:
    """What one change needs, all of its kinds taken together."""

    check: bool
    decision: bool
    letter: bool


def decides(kind: ChangeKind, wishes: Mapping[str, bool]) -> bool:
    """Whether the data partner decides on this kind: by its own wish, where the table leaves it one."""
    row = CHANGES[kind]
    return row.decides if row.is_fixed else wishes.get(kind.value, row.decides)


def needs(kinds: Iterable[ChangeKind], wishes: Mapping[str, bool]) -> Needs:
    """Who must do something for a change of these kinds.

    Args:
        wishes: the data partner's own rules, kind to whether it decides; kinds without a wish follow the table.
    """
    asked = list(kinds)
    decision = any(decides(kind, wishes) for kind in asked)
    return Needs(
        check=any(CHANGES[kind].is_checked for kind in asked),
        decision=decision,
        # What was decided is signed, even where the kind alone would be only a notice.
        letter=decision or any(CHANGES[kind].has_letter for kind in asked),
    )


def can_follow(state: GrantState, *, renews: bool) -> bool:
    """Whether something can still follow a grant in this state: an amendment while it is in force or rests, a renewal also
    where its last day has passed, as that may be sealed a little after the end.
    """
    if is_possible(Action.ASK_FOR_CHANGE, state) or is_possible(Action.LIFT_SUSPENSION, state):
        return True
    return renews and is_possible(Action.REPLACE_GRANT, state)


# Days before a grant's last day on which its lead is reminded to renew or close it.
REMIND_DAYS_BEFORE_END = (60, 30, 7)
