"""Data needs: posted by anybody of an organization, answered by the secretariat and data partners, ended."""

from collections.abc import Sequence

from app.needs.commands import Asked, Pledged, answer, end, leave, pledge, post, support, take_back
from app.rules.actions import Action
from app.rules.pledges import PledgeKind
from app.rules.roles import Kind, Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import World

MOST = 4
MEMBERS = (Kind.MEMBER, Kind.BOTH)
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


def _others(view: View, thing: Thing) -> Sequence[str]:
    """People of members that did not post it."""
    posted = thing.row.organization_id
    members = {row.id for row in view.rows.all("organization") if row.kind in MEMBERS}
    found = [(name, view.organizations_of(name)) for name in view.holding(None, *_HELD)]
    return [name for name, at in found if at & members and posted not in at]


def _has_supported(view: View, thing: Thing, name: str) -> bool:
    known = {row.organization_id for row in view.rows.of("need_support", "need_id", thing.row.id)}
    return bool(known & view.organizations_of(name))


def _new_supporters(view: View, thing: Thing) -> Sequence[str]:
    return [name for name in _others(view, thing) if not _has_supported(view, thing, name)]


def _supporters(view: View, thing: Thing) -> Sequence[str]:
    return [name for name in _others(view, thing) if _has_supported(view, thing, name)]


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    people = view.holding(None, Role.STEWARD, Role.DEPUTY)
    return [name for name in people if thing.row.organization_id not in view.organizations_of(name)]


def _pledges(view: View, thing: Thing) -> Sequence[object]:
    return [row.id for row in view.rows.of("need_pledge", "need_id", thing.row.id)]


def _pledging(view: View, thing: Thing) -> Sequence[str]:
    made = {row.organization_id for row in view.rows.of("need_pledge", "need_id", thing.row.id)}
    return [name for name in _stewards(view, thing) if view.organizations_of(name) & made]


def _support(world: World, do: Do) -> object:
    return support(world.session, world.actor(do.who), do.ref, world.now)


def _leave(world: World, do: Do) -> object:
    return leave(world.session, world.actor(do.who), do.ref, world.now)


def _pledge(world: World, do: Do) -> object:
    kind, said = (do.more, "We would.") if isinstance(do.more, PledgeKind) else (PledgeKind.DATA, "")
    return pledge(world.session, world.actor(do.who), do.ref, Pledged(kind, said), world.now)


def _take_back(world: World, do: Do) -> object:
    return take_back(world.session, world.actor(do.who), do.ref, int(str(do.more or 0)), world.now)


NEEDS, ORGANIZATIONS = of(Machine.NEED), of(Machine.ORGANIZATION)
ACTS = (
    Act("post need", Action.POST_NEED, ORGANIZATIONS, _people, _post, _has_room, wrong=words("no question"), weight=2),
    Act("answer need", Action.ANSWER_NEED, NEEDS, _answering, _answer, wrong=words("no words"), weight=2),
    Act("support need", Action.SUPPORT_NEED, NEEDS, _new_supporters, _support, weight=2),
    Act("leave need", Action.LEAVE_NEED, NEEDS, _supporters, _leave, weight=3),
    Act(
        "pledge",
        Action.PLEDGE_TO_NEED,
        NEEDS,
        _stewards,
        _pledge,
        more=words(*PledgeKind),
        wrong=words("no words"),
        weight=2,
    ),
    Act("take back pledge", Action.TAKE_BACK_PLEDGE, NEEDS, _pledging, _take_back, more=_pledges, weight=1),
    Act("meet need", Action.MEET_NEED, NEEDS, _ending, _meet, weight=1),
    Act("close need", Action.CLOSE_NEED, NEEDS, _ending, _close, weight=1),
)
