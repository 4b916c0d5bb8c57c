"""People come, change what they hold, and leave."""

from collections.abc import Sequence

from sqlalchemy import select

from app.organizations.commands.invitations import accept_invitation, invite
from app.organizations.commands.people import change_roles, remove_person
from app.organizations.models import Membership
from app.rules.actions import Action
from app.rules.actors import NOBODY
from app.rules.roles import HELD_ROLES, Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of
from tests.machine.view import View
from tests.machine.world import World

MOST = 22


def _focal(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(thing.row.id, Role.FOCAL_POINT) or view.holding(None, Role.DIRECTOR)


def _has_room(view: View, _thing: Thing) -> bool:
    return len(view.people) < MOST


def _roles(_view: View, thing: Thing) -> Sequence[object]:
    return sorted(HELD_ROLES[thing.row.kind])


def _join(world: World, do: Do) -> object:
    """Invited, and the invitation taken up at once."""
    at = next(row.id for row in world.rows.all("organization") if row.slug == do.ref)
    number = len(world.rows.all("person"))
    address = f"new{number}@{do.ref}.example"
    invited = invite(
        world.session, world.actor(do.who), at, f"New Person {number}", address, [Role(str(do.more))], world.now
    )
    return accept_invitation(world.session, NOBODY, invited.token, f"New Person {number}", "hash", world.now)


def _members(view: View, thing: Thing) -> Sequence[object]:
    return sorted({row.person_id for row in view.held if row.organization_id == thing.row.id})


def _changes(view: View, thing: Thing) -> Sequence[object]:
    return [(person, role) for person in _members(view, thing) for role in sorted(HELD_ROLES[thing.row.kind])]


def _change(world: World, do: Do) -> object:
    """One role more, or one less where the person has it."""
    at = next(row.id for row in world.rows.all("organization") if row.slug == do.ref)
    assert isinstance(do.more, tuple)
    person, role = int(do.more[0]), Role(do.more[1])
    wanted = select(Membership.role).where(
        Membership.person_id == person, Membership.organization_id == at, Membership.ended_at.is_(None)
    )
    held = set(world.session.scalars(wanted))
    return change_roles(world.session, world.actor(do.who), at, person, held ^ {role}, world.now)


def _remove(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    at = next(row.id for row in world.rows.all("organization") if row.slug == do.ref)
    return remove_person(world.session, world.actor(do.who), at, do.more, world.now)


ORGANIZATIONS = of(Machine.ORGANIZATION)
ACTS = (
    Act("join", Action.INVITE_PERSON, ORGANIZATIONS, _focal, _join, _has_room, _roles, weight=1, in_parts=True),
    Act("change roles", Action.CHANGE_ROLES, ORGANIZATIONS, _focal, _change, more=_changes, weight=1),
    Act(
        "leave", Action.REMOVE_PERSON, ORGANIZATIONS, _focal, _remove, more=_members, weight=1, is_open_to_oneself=True
    ),
)
