"""Data needs: posted by anybody of an organization, answered by the secretariat and data partners, ended."""

from collections.abc import Sequence

from app.needs.commands import Asked, answer, end, post
from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import World

MOST = 4
_HELD = (Role.FOCAL_POINT, Role.PROJECT_STAFF, Role.STEWARD, Role.DEPUTY, Role.SIGNATORY)


def _people(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return view.holding(at, *_HELD)


def _answering(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER, Role.DIRECTOR, Role.STEWARD, Role.DEPUTY)


def _ending(view: View, thing: Thing) -> Sequence[str]:
    return [*_people(view, thing), *view.holding(None, Role.OFFICER, Role.DIRECTOR)]


def _has_room(view: View, thing: Thing) -> bool:
    return bool(_people(view, thing)) and len(view.rows.all("data_need")) < MOST


def _post(world: World, do: Do) -> object:
    key = next(row.id for row in world.rows.all("organization") if row.slug == do.ref)
    asked = Asked("" if do.more == "no question" else "Who walks where?", "Counts by block.", "CO")
    return post(world.session, world.actor(do.who), key, asked, world.now)


def _answer(world: World, do: Do) -> object:
    return answer(world.session, world.actor(do.who), do.ref, "" if do.more else "We have such data.", world.now)


def _meet(world: World, do: Do) -> object:
    return end(world.session, world.actor(do.who), do.ref, Action.MEET_NEED, "Found.", world.now)


def _close(world: World, do: Do) -> object:
    return end(world.session, world.actor(do.who), do.ref, Action.CLOSE_NEED, "", world.now)


NEEDS, ORGANIZATIONS = of(Machine.NEED), of(Machine.ORGANIZATION)
ACTS = (
    Act("post need", Action.POST_NEED, ORGANIZATIONS, _people, _post, _has_room, wrong=words("no question"), weight=2),
    Act("answer need", Action.ANSWER_NEED, NEEDS, _answering, _answer, wrong=words("no words"), weight=2),
    Act("meet need", Action.MEET_NEED, NEEDS, _ending, _meet, weight=1),
    Act("close need", Action.CLOSE_NEED, NEEDS, _ending, _close, weight=1),
)
