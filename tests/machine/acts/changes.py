"""A grant that is amended or renewed: asked for, checked, decided on, issued as a successor."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app.changes.commands.asking import ask, check, give_back, withdraw
from app.changes.commands.deciding import approve, not_approve, undo
from app.changes.commands.issuing import issue_successor
from app.changes.commands.settings import set_wishes
from app.changes.models import GrantChange
from app.changes.queries.plan import plan
from app.changes.wanted import NewPerson, Wanted, from_json
from app.grants.commands.lifecycle import ask_to_close
from app.grants.models import Grant
from app.rules.actions import Action
from app.rules.changes import ChangeKind
from app.rules.roles import Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of, those, words
from tests.machine.acts.grants import leads, seal
from tests.machine.view import SYSTEM, View
from tests.machine.world import World


def _lead(view: View, thing: Thing) -> Sequence[str]:
    grant = view.rows.one("grant", thing.row.grant_id)
    return [view.names[view.rows.one("proposal", grant.proposal_id).lead_id]]


def _officers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER)


def _directors(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.DIRECTOR)


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    partner = view.rows.one("grant", thing.row.grant_id).data_partner_id
    return view.holding(partner, Role.STEWARD, Role.DEPUTY)


def _ask(world: World, do: Do) -> object:
    ends = next(row.ends_on for row in world.rows.all("grant") if row.number == do.ref)
    wanted = {
        "shorter": Wanted(ends_on=ends - timedelta(days=20)),
        "longer": Wanted(ends_on=ends + timedelta(days=20)),
        "elsewhere": Wanted(kept_where="Our second research server"),
        "people": Wanted(join=(NewPerson("Ines Prado", f"ines{world.now:%d%H%M}@prado.example", "Prado Studies"),)),
        "again": Wanted(renews=True, ends_on=ends + timedelta(days=200)),
        "nothing": Wanted(),
        "no reason": Wanted(kept_where="Our third research server"),
    }[str(do.more)]
    why = "" if do.more == "no reason" else "The field season was moved."
    return ask(world.session, world.actor(do.who), do.ref, wanted, why, "The maps were made.", world.now)


def _check(world: World, do: Do) -> object:
    return check(world.session, world.actor(do.who), do.ref, world.now)


def _give_back(world: World, do: Do) -> object:
    return give_back(world.session, world.actor(do.who), do.ref, "" if do.more else "Say how long.", world.now)


def _withdraw(world: World, do: Do) -> object:
    return withdraw(world.session, world.actor(do.who), do.ref, world.now)


def _approve(world: World, do: Do) -> object:
    change = world.session.scalars(select(GrantChange).where(GrantChange.reference == do.ref)).one()
    grant = world.session.get_one(Grant, change.grant_id)
    terms = plan(world.session, grant, do.ref, from_json(change.wanted), world.now).terms_hash
    shown = (
        "0" * 64 if do.more == "another change" else change.content_hash,
        "0" * 64 if do.more == "other terms" else terms,
    )
    return approve(world.session, world.actor(do.who), do.ref, "", shown, world.now)


def _not_approve(world: World, do: Do) -> object:
    change = next(row for row in world.rows.all("grant_change") if row.reference == do.ref)
    shown = "0" * 64 if do.more == "another change" else change.content_hash
    said = "" if do.more == "no words" else "Ask again with less."
    return not_approve(world.session, world.actor(do.who), do.ref, said, shown, world.now)


def _undo(world: World, do: Do) -> object:
    return undo(world.session, world.actor(do.who), do.ref, world.now)


def _issue(world: World, do: Do) -> object:
    return issue_successor(world.session, world.actor(do.who), do.ref, world.now)


def _set_wishes(world: World, do: Do) -> object:
    """Whether the data partner decides on each kind of change."""
    wishes = {kind.value: do.more == "decides on all" for kind in ChangeKind}
    return set_wishes(world.session, world.actor(do.who), do.ref, wishes, world.now)


def _own_stewards(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(thing.row.id, Role.STEWARD)


def _follows_another(_view: View, thing: Thing) -> bool:
    return thing.row.predecessor_id is not None


def _end_use(world: World, do: Do) -> object:
    return ask_to_close(world.session, world.actor(do.who), do.ref, "We are done.", world.now)


def _is_fresh(view: View, thing: Thing) -> bool:
    return thing.row.decided_at is not None and view.now - thing.row.decided_at < timedelta(minutes=10)


GRANTS, CHANGES, ORGANIZATIONS = of(Machine.GRANT), of(Machine.CHANGE), of(Machine.ORGANIZATION)
WISHES = words("decides on all", "decides on nothing", "decides on nothing")
KINDS = words("shorter", "longer", "elsewhere", "people", "again")
ANOTHER = words("another change", "other terms")
ACTS = (
    Act("ask for change", Action.ASK_FOR_CHANGE, GRANTS, leads, _ask, more=KINDS, wrong=words("nothing", "no reason"), weight=6),
    Act("check change", Action.CHECK_CHANGE, CHANGES, _officers, _check, weight=6),
    Act("give change back", Action.GIVE_BACK_CHANGE, CHANGES, _officers, _give_back, wrong=words("no words")),
    Act("withdraw change", Action.WITHDRAW_CHANGE, CHANGES, _lead, _withdraw, weight=1),
    Act("approve change", Action.APPROVE_CHANGE, CHANGES, _stewards, _approve, wrong=ANOTHER, weight=8),
    Act(
        "not approve change",
        Action.NOT_APPROVE_CHANGE,
        CHANGES,
        _stewards,
        _not_approve,
        wrong=words("another change", "no words"),
        weight=5,
    ),
    Act("undo change decision", Action.UNDO_CHANGE_DECISION, CHANGES, _stewards, _undo, _is_fresh, weight=10),
    Act("issue change", Action.ISSUE_CHANGE, CHANGES, _directors, _issue, weight=8),
    # The worker's part once the newer letter was made; beside the sealing of any grant, so that this way is gone to its end.
    Act("seal successor", Action.SEAL_GRANT, GRANTS, those(SYSTEM), seal, _follows_another, weight=8, is_closed=False),
    Act("end use", Action.ASK_TO_CLOSE, GRANTS, leads, _end_use, weight=2),
    Act("set change rules", Action.SET_CHANGE_RULES, ORGANIZATIONS, _own_stewards, _set_wishes, more=WISHES, weight=3),
)  # fmt: skip
