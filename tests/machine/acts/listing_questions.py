"""What happens on a dataset's page: questions asked, answered and hidden, and releases noted."""

from collections.abc import Sequence

from app.catalog.answers import Release
from app.catalog.commands.questions import answer, ask, hide, show
from app.catalog.commands.releases import add_release
from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import World

MOST = 4
_ASKS = (Role.PROJECT_STAFF, Role.FOCAL_POINT)


def _partner(view: View, thing: Thing) -> int:
    """The data partner whose dataset it is about."""
    is_question = thing.machine is Machine.LISTING_QUESTION
    row = view.rows.one("dataset", thing.row.dataset_id) if is_question else thing.row
    return int(row.organization_id)


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(_partner(view, thing), Role.STEWARD, Role.DEPUTY)


def _officers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER)


def _others(view: View, thing: Thing) -> Sequence[str]:
    partner = _partner(view, thing)
    return [name for name in view.holding(None, *_ASKS) if partner not in view.organizations_of(name)]


def _is_public(view: View, thing: Thing) -> bool:
    asked = view.rows.of("dataset_question", "dataset_id", thing.row.id)
    return thing.row.visibility == "public" and thing.row.listed_at is not None and len(asked) < MOST


def _ask(world: World, do: Do) -> object:
    number = len(world.rows.all("dataset_question"))
    text = "Why?" if do.more else f"Is a crossing counted once or twice? We ask for the {number}. time."
    return ask(world.session, world.actor(do.who), do.ref, text, world.now)


def _answer(world: World, do: Do) -> object:
    return answer(world.session, world.actor(do.who), do.ref, "" if do.more else "Once, on the way in.", world.now)


def _hide(world: World, do: Do) -> object:
    return hide(world.session, world.actor(do.who), do.ref, "" if do.more else "It names a person.", world.now)


def _show(world: World, do: Do) -> object:
    return show(world.session, world.actor(do.who), do.ref, world.now)


def _release(world: World, do: Do) -> object:
    label = "" if do.more else f"Release {len(world.rows.all('dataset_release')) + 1}"
    return add_release(world.session, world.actor(do.who), do.ref, Release(label, world.now.date()), world.now)


LISTINGS, QUESTIONS, WRONG = of(Machine.LISTING), of(Machine.LISTING_QUESTION), words("no words")
ACTS = (
    Act("ask", Action.ASK_QUESTION, LISTINGS, _others, _ask, _is_public, weight=1, wrong=WRONG, is_closed=False),
    Act("answer a question", Action.ANSWER_QUESTION, QUESTIONS, _stewards, _answer, weight=4, wrong=WRONG),
    Act("hide a question", Action.HIDE_QUESTION, QUESTIONS, _officers, _hide, weight=2, wrong=WRONG),
    Act(
        "show a question",
        Action.SHOW_QUESTION,
        QUESTIONS,
        _officers,
        _show,
        weight=4,
        besides=(Action.SHOW_ANSWERED_QUESTION,),
    ),
    Act("note a release", Action.ADD_RELEASE, LISTINGS, _stewards, _release, weight=1, wrong=WRONG),
)
