"""Taking back what one did last in a review: a request for changes, an end, the closing of a vote; and asking for what is taken
back, since who asks within ten minutes of somebody else, or at the intake check, is rare elsewhere.
"""

from collections.abc import Sequence

from app.proposals.commands.undoing import take_back
from app.rules.actions import Action
from app.rules.undoing import UNDO_TIME
from app.rules.workflow import Machine, ProposalState
from tests.machine.act import Act, Do, Thing, of
from tests.machine.acts.proposals import ask, officers, reviewers
from tests.machine.rows import AnyRow
from tests.machine.view import View
from tests.machine.world import World


def _acts(view: View, thing: Thing) -> list[AnyRow]:
    return [row for row in view.rows.of("undoable_act", "proposal_id", thing.row.id) if row.undone_at is None]


def _who_did_it(view: View, thing: Thing) -> Sequence[str]:
    """Of several who asked for changes in the same round, each can take back their own."""
    return list(dict.fromkeys(view.names[row.by_id] for row in _acts(view, thing)[-3:]))


def _is_fresh(view: View, thing: Thing) -> bool:
    """Most attempts come soon; the late ones come from any act by anybody."""
    return any(view.now <= row.at + UNDO_TIME for row in _acts(view, thing)[-1:])


def _is_checked(_view: View, thing: Thing) -> bool:
    return thing.state is ProposalState.IN_INTAKE


def _is_just_asked(view: View, thing: Thing) -> bool:
    """The team answers somebody who could take it back still."""
    return thing.state is ProposalState.CHANGES_REQUESTED and _is_fresh(view, thing)


def _others(view: View, thing: Thing) -> Sequence[str]:
    asked = set(_who_did_it(view, thing))
    return [name for name in reviewers(view, thing) if name not in asked]


def _take_back(world: World, do: Do) -> object:
    return take_back(world.session, world.actor(do.who), do.ref, world.now)


PROPOSALS = of(Machine.PROPOSAL)
ACTS = (
    Act("ask at the intake check", Action.REQUEST_CHANGES, PROPOSALS, officers, ask, _is_checked, weight=6),
    Act("ask as well", Action.REQUEST_CHANGES, PROPOSALS, _others, ask, _is_just_asked, weight=8),
    Act(
        "take back in review",
        Action.UNDO_REQUEST,
        PROPOSALS,
        _who_did_it,
        _take_back,
        _is_fresh,
        weight=10,
        besides=(
            Action.UNDO_REQUEST_AT_INTAKE,
            Action.UNDO_ONE_REQUEST,
            Action.REOPEN_INTAKE,
            Action.REOPEN_STEP,
            Action.REOPEN_VOTE,
        ),
    ),
)
