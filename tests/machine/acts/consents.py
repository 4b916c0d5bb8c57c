"""Standing consents: written, tried on the past, switched on and off."""

from collections.abc import Sequence

from app.consents.commands.switching import give_up, simulate, switch_off, switch_on
from app.consents.commands.writing import Written, save, start
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.consents import Criteria
from app.rules.roles import Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import World

CRITERIA = Criteria(
    purposes=frozenset({"dev.mobility"}),
    access_modes=frozenset({"secure_transfer"}),
    most_sensitive="3",
    personal_data=frozenset({"none", "deidentified"}),
    longest_months=24,
)


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return view.holding(at, Role.STEWARD, Role.DEPUTY)


def _has_room(view: View, thing: Thing) -> bool:
    return bool(_stewards(view, thing)) and len(view.rows.of("standing_consent", "organization_id", thing.row.id)) < 2


def _written(do: Do) -> Written:
    return Written("" if do.more == "no name" else "Mobility, up to class 3", CRITERIA)


def _start(world: World, do: Do) -> object:
    key = next(row.id for row in world.rows.all("organization") if row.slug == do.ref)
    organization = world.session.get_one(Organization, key)
    return start(world.session, world.actor(do.who), organization, _written(do), world.now)


def _save(world: World, do: Do) -> object:
    return save(world.session, world.actor(do.who), do.ref, _written(do), world.now)


def _try(world: World, do: Do) -> object:
    return simulate(world.session, world.actor(do.who), do.ref, world.now)


def _on(world: World, do: Do) -> object:
    row = next(row for row in world.rows.all("standing_consent") if row.reference == do.ref)
    shown = "0" * 64 if do.more == "another hash" else row.criteria_hash
    return switch_on(world.session, world.actor(do.who), do.ref, shown, world.now)


def _off(world: World, do: Do) -> object:
    return switch_off(world.session, world.actor(do.who), do.ref, "" if do.more else "We look anew.", world.now)


def _give_up(world: World, do: Do) -> object:
    return give_up(world.session, world.actor(do.who), do.ref, world.now)


CONSENTS, ORGANIZATIONS = of(Machine.CONSENT), of(Machine.ORGANIZATION)
ACTS = (
    Act("write consent", Action.START_CONSENT, ORGANIZATIONS, _stewards, _start, _has_room, wrong=words("no name"), weight=3),
    Act("edit consent", Action.EDIT_CONSENT, CONSENTS, _stewards, _save, wrong=words("no name"), weight=1),
    Act("try consent", Action.SIMULATE_CONSENT, CONSENTS, _stewards, _try, weight=4),
    Act("switch on", Action.SWITCH_ON_CONSENT, CONSENTS, _stewards, _on, wrong=words("another hash"), weight=5),
    Act("switch off", Action.SWITCH_OFF_CONSENT, CONSENTS, _stewards, _off, wrong=words("no reason"), weight=2),
    Act("give up consent", Action.GIVE_UP_CONSENT, CONSENTS, _stewards, _give_up, weight=1),
)  # fmt: skip
