"""The steps of a pipeline: ethics, law, the committee's vote, a look afterwards; conflicts, and who of several does it."""

from collections.abc import Sequence
from datetime import timedelta

from app.proposals.commands.crises import declare_crisis
from app.proposals.commands.recusing import declare_conflict, lift_conflict
from app.proposals.commands.stepping import decline_in_step, look_again, pass_step
from app.proposals.commands.suggesting import accept, decline, suggest, take_back
from app.proposals.commands.taking import hand_on, take
from app.proposals.commands.voting import cast_vote, close_vote
from app.rules.actions import Action
from app.rules.checklists import OF_STEP, Mark
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.verdicts import VoteChoice
from app.rules.workflow import ItemState, Machine, ProposalState
from tests.machine.act import Act, Do, Fits, Thing, of, words
from tests.machine.acts.proposals import officers, reviewers, stewards
from tests.machine.view import View
from tests.machine.world import World

_READERS = {Step.ETHICS: Role.ETHICS_REVIEWER, Step.LEGAL: Role.LEGAL_REVIEWER}


def _in(*steps: Step) -> Fits:
    def fits(_view: View, thing: Thing) -> bool:
        return thing.state is ProposalState.IN_REVIEW and thing.row.step in steps

    return fits


def _readers(view: View, thing: Thing) -> Sequence[str]:
    role = _READERS.get(Step(thing.row.step)) if thing.row.step else None
    return view.holding(None, role) if role else view.holding(None, *_READERS.values())


def _committee(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.REVIEWER, Role.CHAIR)


def _chair(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.CHAIR)


def _directors(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.DIRECTOR)


def _shown(world: World, do: Do) -> str:
    """The hash of the current version, or that of an older one."""
    found = next(row for row in world.rows.all("proposal") if row.reference == do.ref)
    versions = world.rows.of("proposal_version", "proposal_id", found.id)
    current = next((row.content_hash for row in versions if row.id == found.current_version_id), "0" * 64)
    if do.more != "an older version":
        return str(current)
    return str(next((row.content_hash for row in versions if row.content_hash != current), "0" * 64))


def _marks(world: World, do: Do) -> dict[str, str]:
    step = next(row.step for row in world.rows.all("proposal") if row.reference == do.ref)
    checks = OF_STEP.get(Step(step), ()) if step else ()
    marks = {check.key: Mark.YES.value for check in checks}
    return {**marks, next(iter(marks)): Mark.NO.value} if marks and do.more == "a no in the check" else marks


def _pass(world: World, do: Do) -> object:
    return pass_step(world.session, world.actor(do.who), do.ref, _shown(world, do), _marks(world, do), "", world.now)


def _decline(world: World, do: Do) -> object:
    said = "" if do.more == "no reason" else "The risk is larger than the use."
    return decline_in_step(world.session, world.actor(do.who), do.ref, _shown(world, do), {}, said, world.now)


def _vote(world: World, do: Do) -> object:
    choice = VoteChoice(str(do.more)) if do.more in set(VoteChoice) else VoteChoice.FOR
    return cast_vote(world.session, world.actor(do.who), do.ref, _shown(world, do), choice, "Too broad.", world.now)


def _close_vote(world: World, do: Do) -> object:
    return close_vote(world.session, world.actor(do.who), do.ref, _shown(world, do), "Narrow it.", world.now)


def _look(world: World, do: Do) -> object:
    said = "" if do.more == "no findings" else "The quick way was right."
    return look_again(world.session, world.actor(do.who), do.ref, _shown(world, do), {}, said, world.now)


def _declare(world: World, do: Do) -> object:
    said = "" if do.more == "no words" else "My sister works there."
    return declare_conflict(world.session, world.actor(do.who), do.ref, said, world.now)


def _declared(view: View, thing: Thing) -> Sequence[object]:
    rows = view.rows.of("conflict_of_interest", "proposal_id", thing.row.id)
    return [row.person_id for row in rows if row.lifted_at is None]


def _lift(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return lift_conflict(world.session, world.actor(do.who), do.ref, do.more, "She has left.", world.now)


def _take(world: World, do: Do) -> object:
    return take(world.session, world.actor(do.who), do.ref, world.now)


def _hand_on(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return hand_on(world.session, world.actor(do.who), do.ref, do.more, world.now)


def _waited_for(view: View, thing: Thing) -> Sequence[str]:
    """Those of one organization who could act on it now: the officers, or the people of a data partner that is to decide."""
    pending = [row for row in view.items(thing.row.id) if row.state is ItemState.PENDING]
    if thing.row.step != Step.DATA_PARTNERS or not pending:
        return officers(view, thing)
    owner = view.rows.one("dataset", pending[0].dataset_id).organization_id
    return view.holding(owner, Role.STEWARD, Role.DEPUTY)


def _is_with_several(_view: View, thing: Thing) -> bool:
    return thing.state is ProposalState.IN_INTAKE or thing.row.step == Step.DATA_PARTNERS


def _colleagues(view: View, thing: Thing) -> Sequence[object]:
    return [view.people[name].id for name in _waited_for(view, thing)]


def _suggest(world: World, do: Do) -> object:
    answer, text = ("theme", "x") if do.more == "a choice" else ("question", f"Which crossings, in {world.now:%H%M}?")
    return suggest(world.session, world.actor(do.who), do.ref, answer, text, world.now)


def _of_suggestion(world: World, do: Do) -> str:
    row = next(row for row in world.rows.all("suggestion") if row.id == int(do.ref))
    return str(world.rows.one("proposal", row.proposal_id).reference)


def _accept(world: World, do: Do) -> object:
    return accept(world.session, world.actor(do.who), _of_suggestion(world, do), int(do.ref), world.now)


def _leave(world: World, do: Do) -> object:
    said = "" if do.more == "no words" else "It says that already."
    return decline(world.session, world.actor(do.who), _of_suggestion(world, do), int(do.ref), said, world.now)


def _take_back(world: World, do: Do) -> object:
    return take_back(world.session, world.actor(do.who), _of_suggestion(world, do), int(do.ref), world.now)


def _author(view: View, thing: Thing) -> Sequence[str]:
    return [view.names[thing.row.author_id]]


def _team_of(view: View, thing: Thing) -> Sequence[str]:
    return view.team(thing.row.proposal_id)


def _is_written(view: View, thing: Thing) -> bool:
    return view.rows.one("proposal", thing.row.proposal_id).state.value in {"draft", "changes_requested", "parked"}


def _crisis(world: World, do: Do) -> object:
    day = world.now.date()
    countries = [] if do.more == "no country" else ["CO"]
    return declare_crisis(
        world.session, world.actor(do.who), "Floods", countries, day, day + timedelta(days=60), world.now
    )


def _is_calm(view: View, thing: Thing) -> bool:
    return thing.ref == "secretariat" and not view.rows.all("crisis")


def _has_look(_view: View, thing: Thing) -> bool:
    return bool(thing.row.step == Step.AFTERWARDS)


PROPOSALS, SUGGESTIONS, OLD = of(Machine.PROPOSAL), of(Machine.SUGGESTION), words("an older version")
CHOICES, CHECKED = words("for", "for", "against"), words("an older version", "a no in the check")
NO_COUNTRY = words("no country")
ACTS = (
    Act("pass step", Action.PASS_STEP, PROPOSALS, _readers, _pass, _in(Step.ETHICS, Step.LEGAL), wrong=CHECKED, weight=8),
    Act(
        "decline in step",
        Action.DECLINE_IN_STEP,
        PROPOSALS,
        _readers,
        _decline,
        _in(Step.ETHICS, Step.LEGAL),
        wrong=words("an older version", "no reason"),
        weight=1,
    ),
    Act("vote", Action.CAST_VOTE, PROPOSALS, _committee, _vote, _in(Step.COMMITTEE), CHOICES, OLD, weight=6),
    Act("close vote", Action.CLOSE_VOTE, PROPOSALS, _chair, _close_vote, _in(Step.COMMITTEE), wrong=OLD, weight=6),
    Act("look again", Action.LOOK_AGAIN, PROPOSALS, _chair, _look, _has_look, wrong=words("no findings"), weight=8),
    Act("declare conflict", Action.DECLARE_CONFLICT, PROPOSALS, stewards, _declare, wrong=words("no words"), weight=1),
    Act("lift conflict", Action.LIFT_CONFLICT, PROPOSALS, _directors, _lift, more=_declared, weight=3),
    Act("take", Action.TAKE_PROPOSAL, PROPOSALS, _waited_for, _take, _is_with_several),
    Act("hand on", Action.HAND_ON_PROPOSAL, PROPOSALS, _waited_for, _hand_on, _is_with_several, _colleagues, weight=5),
    Act("suggest", Action.SUGGEST_EDIT, PROPOSALS, reviewers, _suggest, wrong=words("a choice"), weight=3),
    Act("accept suggestion", Action.ACCEPT_SUGGESTION, SUGGESTIONS, _team_of, _accept, _is_written, weight=10),
    Act("decline suggestion", Action.DECLINE_SUGGESTION, SUGGESTIONS, _team_of, _leave, wrong=words("no words"), weight=2),
    Act("take back suggestion", Action.WITHDRAW_SUGGESTION, SUGGESTIONS, _author, _take_back, weight=2),
    Act("declare crisis", Action.DECLARE_CRISIS, of(Machine.ORGANIZATION), _directors, _crisis, _is_calm, wrong=NO_COUNTRY),
)  # fmt: skip
