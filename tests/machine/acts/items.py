"""What data partners say on their items, taking it back, and the director's issue."""

from collections.abc import Sequence

from app.grants.commands import issue
from app.proposals.commands.deciding import decide, revise, undo_decision
from app.proposals.commands.ruling import Ruling
from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, Machine, ProposalState
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import CONSORTIUM, World


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    owner = view.rows.one("dataset", thing.row.dataset_id).organization_id
    return view.holding(owner, Role.STEWARD, Role.DEPUTY)


def _directors(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.DIRECTOR)


def _in_review(view: View, thing: Thing) -> bool:
    return view.rows.one("proposal", thing.row.proposal_id).state is ProposalState.IN_REVIEW


def _ruling(world: World, outcome: ItemState, proposal: str, said: object) -> Ruling:
    found = next(row for row in world.rows.all("proposal") if row.reference == proposal)
    versions = [row for row in world.rows.all("proposal_version") if row.proposal_id == found.id]
    shown = next((row.content_hash for row in versions if row.id == found.current_version_id), "0" * 64)
    if said == "an older version":
        shown = next((row.content_hash for row in versions if row.content_hash != shown), "0" * 64)
    reason = Reason.TOO_EARLY if outcome is ItemState.NOT_APPROVED and said != "no reason" else None
    conditions = {"k_min": 25} if outcome is ItemState.APPROVED_WITH_CONDITIONS and said != "no condition" else {}
    spoken = "Ask again after the pilot." if outcome is ItemState.NOT_APPROVED else ""
    return Ruling(shown, outcome, reason, spoken, conditions)


def _decide(world: World, do: Do, outcome: ItemState) -> object:
    proposal, _, dataset = do.ref.partition("/")
    ruling = _ruling(world, outcome, proposal, do.more)
    return decide(world.session, world.actor(do.who), proposal, [dataset], ruling, world.now)


def _yes(world: World, do: Do) -> object:
    return _decide(world, do, ItemState.APPROVED)


def _yes_if(world: World, do: Do) -> object:
    return _decide(world, do, ItemState.APPROVED_WITH_CONDITIONS)


def _no(world: World, do: Do) -> object:
    return _decide(world, do, ItemState.NOT_APPROVED)


def _undo(world: World, do: Do) -> object:
    proposal, _, dataset = do.ref.partition("/")
    return undo_decision(world.session, world.actor(do.who), proposal, dataset, world.now)


def _revise(world: World, do: Do) -> object:
    proposal, _, dataset = do.ref.partition("/")
    ruling = _ruling(world, ItemState(str(do.more)), proposal, None)
    return revise(world.session, world.actor(do.who), proposal, [dataset], ruling, world.now)


def _is_fresh(view: View, thing: Thing) -> bool:
    """Most attempts at undoing come soon; the late ones come from any act by anybody."""
    if thing.row.decision_id is None:
        return False
    proposal = view.rows.one("proposal", thing.row.proposal_id)
    return proposal.state in {ProposalState.IN_REVIEW, ProposalState.DECIDED}


def _issue(world: World, do: Do) -> object:
    return issue(world.session, world.actor(do.who), do.ref, CONSORTIUM, world.now)


def _approved(view: View, thing: Thing) -> bool:
    return any(row.state is not ItemState.NOT_APPROVED for row in view.items(thing.row.id))


def _old(_view: View, _thing: Thing) -> Sequence[object]:
    return ("an older version",)


_OUTCOMES = (ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS, ItemState.NOT_APPROVED)
ITEMS = of(Machine.ITEM)
ACTS = (
    Act("approve", Action.APPROVE_ITEM, ITEMS, _stewards, _yes, _in_review, weight=8, wrong=_old),
    Act(
        "approve with conditions",
        Action.APPROVE_ITEM_WITH_CONDITIONS,
        ITEMS,
        _stewards,
        _yes_if,
        _in_review,
        weight=4,
        wrong=words("an older version", "no condition"),
    ),
    Act(
        "not approve",
        Action.NOT_APPROVE_ITEM,
        ITEMS,
        _stewards,
        _no,
        _in_review,
        wrong=words("an older version", "no reason"),
    ),
    Act("undo", Action.UNDO_DECISION, ITEMS, _stewards, _undo, _is_fresh, weight=3),
    Act("revise", Action.REVISE_DECISION, ITEMS, _stewards, _revise, _is_fresh, words(*_OUTCOMES), weight=2),
    Act("issue", Action.ISSUE_GRANTS, of(Machine.PROPOSAL), _directors, _issue, _approved, weight=8),
)
