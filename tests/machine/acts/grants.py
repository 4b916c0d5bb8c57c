"""A grant's life after issue: sealed, read, suspended, lifted, revoked, closed."""

from collections.abc import Sequence

from sqlalchemy import select

from app.changes.commands import close
from app.grants.commands import activate, lift_suspension, revoke, suspend
from app.grants.models import Grant
from app.grants.standing import standing
from app.rules.actions import Action
from app.rules.permissions import permit
from app.rules.roles import Role
from app.rules.workflow import SETTLED, Machine
from tests.machine.act import Act, Do, Thing, of, those, words
from tests.machine.view import SYSTEM, View
from tests.machine.world import World


def stewards(view: View, thing: Thing) -> Sequence[str]:
    """The data partner's stewards and deputies."""
    return view.holding(thing.row.data_partner_id, Role.STEWARD, Role.DEPUTY)


def deciders(view: View, thing: Thing) -> Sequence[str]:
    """They and the directors."""
    return [*stewards(view, thing), *view.holding(None, Role.DIRECTOR)]


def leads(view: View, thing: Thing) -> Sequence[str]:
    """Who leads the proposal that the grant came from."""
    return [view.names[view.rows.one("proposal", thing.row.proposal_id).lead_id]]


def _readers(view: View, thing: Thing) -> Sequence[str]:
    return [*leads(view, thing), *stewards(view, thing), *view.holding(None, Role.AUDITOR)]


def seal(world: World, do: Do) -> object:
    """The worker's part once the letter was made: the letter is another grant's, storing and binding it is real."""
    return activate(world.session, world.files, do.ref, world.letter, world.now)


def _read(world: World, do: Do) -> object:
    grant = world.session.scalars(select(Grant).where(Grant.number == do.ref)).one()
    roles = standing(world.session, world.actor(do.who), grant)
    return permit(Action.READ_LETTER, roles, Machine.GRANT, grant.state)


def _reason(do: Do) -> str:
    return "" if do.more == "no reason" else "A report of misuse."


def _suspend(world: World, do: Do) -> object:
    return suspend(world.session, world.actor(do.who), do.ref, _reason(do), world.now)


def _lift(world: World, do: Do) -> object:
    return lift_suspension(world.session, world.actor(do.who), do.ref, world.now)


def _revoke(world: World, do: Do) -> object:
    return revoke(world.session, world.actor(do.who), do.ref, _reason(do), world.now)


def _is_done(view: View, thing: Thing) -> bool:
    """Each deletion is accepted or waived, and access is switched off."""
    duties = view.rows.of("duty", "grant_id", thing.row.id)
    is_open = any(row.is_open for row in view.rows.of("delivery", "grant_id", thing.row.id))
    return not is_open and all(row.kind != "delete" or row.state in SETTLED for row in duties)


def _close(world: World, do: Do) -> object:
    return close(world.session, world.actor(do.who), do.ref, "Published.", world.now)


GRANTS = of(Machine.GRANT)
ACTS = (
    Act("seal", Action.SEAL_GRANT, GRANTS, those(SYSTEM), seal, weight=8, is_closed=False),
    Act("read letter", Action.READ_LETTER, GRANTS, _readers, _read, weight=1),
    Act("suspend", Action.SUSPEND_GRANT, GRANTS, deciders, _suspend, wrong=words("no reason")),
    Act("lift suspension", Action.LIFT_SUSPENSION, GRANTS, deciders, _lift, weight=4),
    Act("revoke", Action.REVOKE_GRANT, GRANTS, deciders, _revoke, weight=1, wrong=words("no reason")),
    Act("close", Action.CLOSE_GRANT, GRANTS, stewards, _close, _is_done, weight=12),
)
