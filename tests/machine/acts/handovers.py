"""Data that is handed over within a grant, to somebody who works for the member: prepared, signed, accepted by a link, ended."""

from collections.abc import Sequence
from datetime import timedelta

from app.agreements.evidence import Trace
from app.changes.commands import accepting, handing
from app.changes.commands.carrying import activate_subgrant
from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.workflow import Machine
from tests.machine.act import Act, Do, Thing, of, those, words
from tests.machine.acts.grants import leads
from tests.machine.view import NOBODY, SYSTEM, View
from tests.machine.world import World

SECRET = "s" * 40


def _grant_of(view: View, thing: Thing) -> Thing:
    row = view.rows.one("grant", thing.row.grant_id)
    return Thing(Machine.GRANT, row.number, row.state, row)


def _lead(view: View, thing: Thing) -> Sequence[str]:
    return leads(view, _grant_of(view, thing))


def _signatories(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(_grant_of(view, thing).row.member_id, Role.SIGNATORY)


def _partner(view: View, thing: Thing) -> Sequence[str]:
    return view.holding(_grant_of(view, thing).row.data_partner_id, Role.STEWARD)


def _prepare(world: World, do: Do) -> object:
    grant = next(row for row in world.rows.all("grant") if row.number == do.ref)
    datasets = [
        world.rows.one("dataset", row.dataset_id).reference
        for row in world.rows.of("grant_dataset", "grant_id", grant.id)
    ]
    late = grant.ends_on + timedelta(days=9)
    asked = handing.HandOver(
        "consultant",
        "Prado Transport Studies",
        "CO",
        "Ines Prado",
        "ines@prado.example",
        datasets[:1],
        late if do.more == "longer than the grant" else grant.ends_on - timedelta(days=10),
        "Encrypted laptop disk",
        "CO",
        "Count crossings by hour.",
    )
    return handing.hand_over(world.session, world.actor(do.who), do.ref, asked, world.now)


def _sign(world: World, do: Do) -> object:
    actor = world.actor(do.who)
    typed = "Somebody Else" if do.more == "another name" else actor.name
    shown = next(row.record_hash for row in world.rows.all("subgrant") if row.number == do.ref)
    return handing.sign(world.session, actor, do.ref, typed, shown, world.now)


def _token(world: World, number: str) -> str:
    """The link as its mail holds it."""
    offers = [row for row in world.rows.all("outbox_message") if row.kind == handing.OFFER]
    return str(next((row.payload["token"] for row in reversed(offers) if row.payload["number"] == number), "none"))


def _accept(world: World, do: Do) -> object:
    session, token, now = world.session, _token(world, do.ref), world.now
    if do.more != "no code":
        code = accepting.send_code(session, token, SECRET, now)
        accepting.enter_code(session, token, accepting.one_time_code(SECRET, code), SECRET, now)
    name = "Somebody Else" if do.more == "another name" else "Ines Prado"
    return accepting.accept(session, token, accepting.Answer(name, True, True), Trace(), now)


def _decline(world: World, do: Do) -> object:
    return accepting.decline(world.session, _token(world, do.ref), world.now)


def _withdraw(world: World, do: Do) -> object:
    return handing.withdraw(world.session, world.actor(do.who), do.ref, world.now)


def _seal(world: World, do: Do) -> object:
    return activate_subgrant(world.session, world.files, do.ref, world.letter, world.now)


def _end(world: World, do: Do) -> object:
    return handing.end(world.session, world.actor(do.who), do.ref, "" if do.more else "The study ended.", world.now)


def _few(view: View, _thing: Thing) -> bool:
    return len(view.rows.all("subgrant")) < 4


SUBGRANTS, GRANTS = of(Machine.SUBGRANT), of(Machine.GRANT)
HOW = words("no code", "another name")
ACTS = (
    Act("hand data over", Action.HAND_OVER_DATA, GRANTS, leads, _prepare, _few, wrong=words("longer than the grant"), weight=5),
    Act("sign hand-over", Action.SIGN_SUBGRANT, SUBGRANTS, _signatories, _sign, wrong=words("another name"), weight=6),
    Act(
        "accept hand-over",
        Action.ACCEPT_SUBGRANT,
        SUBGRANTS,
        those(NOBODY),
        _accept,
        wrong=HOW,
        weight=6,
        is_closed=False,
        in_parts=True,
    ),
    Act("decline hand-over", Action.DECLINE_SUBGRANT, SUBGRANTS, those(NOBODY), _decline, weight=3, is_closed=False),
    Act("withdraw hand-over", Action.WITHDRAW_SUBGRANT, SUBGRANTS, _lead, _withdraw, weight=1),
    Act("seal hand-over", Action.SEAL_SUBGRANT, SUBGRANTS, those(SYSTEM), _seal, weight=6, is_closed=False),
    Act("end hand-over", Action.END_SUBGRANT, SUBGRANTS, _partner, _end, wrong=words("no reason"), weight=1),
)  # fmt: skip
