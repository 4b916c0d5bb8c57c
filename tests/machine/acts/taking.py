"""Putting one's name on what colleagues could do as well."""

from collections.abc import Sequence

from app.inbox.taking import take_case
from app.rules.roles import Role
from app.rules.taking import TAKEN, Side
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Fits, Thing, Who, of
from tests.machine.acts.grants import stewards
from tests.machine.view import View
from tests.machine.world import World


def _take(machine: Machine) -> Act:
    def run(world: World, what: Do) -> object:
        ref = what.ref
        if machine is Machine.DUTY:
            row = next(row for row in world.rows.all("duty") if row.id == int(ref))
            ref = f"{world.rows.one('grant', row.grant_id).number}:{ref}"
        take_case(world.session, world.actor(what.who), machine.value, ref, world.now)
        return None

    return Act(f"take a {machine.value}", None, of(machine), _who(machine), run, _waits(machine), weight=1)


def _who(machine: Machine) -> Who:
    """Whoever is waited for in this state: those of the data partner, or of the secretariat."""

    def found(view: View, thing: Thing) -> Sequence[str]:
        sides = TAKEN[machine].get(thing.state, {}) if thing.state else {}
        if Side.DATA_PARTNER not in sides:
            return view.holding(None, Role.OFFICER, Role.DIRECTOR)
        grant = view.rows.one("grant", thing.row.grant_id)
        return stewards(view, Thing(Machine.GRANT, grant.number, grant.state, grant))

    return found


def _waits(machine: Machine) -> Fits:
    def fits(_view: View, thing: Thing) -> bool:
        return thing.state in TAKEN[machine]

    return fits


ACTS = tuple(_take(machine) for machine in TAKEN)
