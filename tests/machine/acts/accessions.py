"""Acceding: opened, signed with a code, countersigned; and the ways in which it does not come to that."""

from collections.abc import Sequence

from sqlalchemy import select

from app.agreements import commands, library
from app.agreements.commands.codes import one_time_code
from app.agreements.commands.countersigning import Scan
from app.agreements.evidence import Details, Trace, Typed
from app.agreements.models import Accession
from app.agreements.statements import CHECKS, REQUIRED_STATEMENTS
from app.rules.actions import Action
from app.rules.roles import CAPACITIES, Capacity, Role
from app.rules.workflow import AccessionState, Machine
from tests.machine.act import Act, Do, Thing, of, words
from tests.machine.view import View
from tests.machine.world import World

SECRET = "s" * 40
TRACE = Trace("192.0.2.7", "A browser")
DETAILS = Details(
    title="General counsel",
    power="statute",
    legal_form="Foundation",
    register_number="CH-550.1",
    notice_address="1 Harbor Road\nGeneva",
)
ALL_CHECKS = tuple(check.code for check in CHECKS)


def _officers(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.OFFICER, Role.DIRECTOR)


def _directors(view: View, _thing: Thing) -> Sequence[str]:
    return view.holding(None, Role.DIRECTOR)


def _signatories(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return view.holding(at, Role.SIGNATORY)


def _openers(view: View, thing: Thing) -> Sequence[str]:
    return [*_signatories(view, thing), *_officers(view, thing)]


def _capacities(view: View, thing: Thing) -> Sequence[object]:
    """Those in which it has not begun to accede, or has left."""
    live = {
        row.capacity
        for row in view.rows.of("accession", "organization_id", thing.row.id)
        if row.state is not AccessionState.ENDED
    }
    return sorted(CAPACITIES[thing.row.kind] - live)


def _can_join(view: View, thing: Thing) -> bool:
    return bool(_capacities(view, thing))


def _organization_id(world: World, slug: str) -> int:
    return int(next(row.id for row in world.rows.all("organization") if row.slug == slug))


def _open(world: World, do: Do) -> object:
    at = _organization_id(world, do.ref)
    return commands.open_accession(world.session, world.actor(do.who), at, Capacity(str(do.more)), world.now)


def _sign(world: World, do: Do) -> object:
    """Authority, code and signature in one sitting; `more` says what is wrong with it."""
    session, actor, now = world.session, world.actor(do.who), world.now
    commands.confirm_authority(session, actor, do.ref, DETAILS, TRACE, now)
    if do.more != "no code":
        sent = commands.send_code(session, actor, do.ref, Typed(), SECRET, TRACE, now)
        commands.enter_code(session, actor, do.ref, one_time_code(SECRET, sent), SECRET, TRACE, now)
    row = session.scalars(select(Accession).where(Accession.reference == do.ref)).one()
    version = library.version(row.agreement_version)
    shown = (version.id, "0" * 64 if do.more == "another text" else version.text_hash)
    name = "Somebody Else" if do.more == "another name" else actor.name
    typed = Typed(name, tuple(sorted(REQUIRED_STATEMENTS)))
    return commands.sign(session, actor, do.ref, typed, shown, TRACE, now)


def _decline(world: World, do: Do) -> object:
    return commands.decline(world.session, world.actor(do.who), do.ref, "Our board met.", TRACE, world.now)


def _hand_over(world: World, do: Do) -> object:
    assert isinstance(do.more, int)
    return commands.hand_over(world.session, world.actor(do.who), do.ref, do.more, TRACE, world.now)


def _reopen(world: World, do: Do) -> object:
    return commands.reopen(world.session, world.actor(do.who), do.ref, TRACE, world.now)


def _countersign(world: World, do: Do) -> object:
    checks = ALL_CHECKS[:1] if do.more == "a check is missing" else ALL_CHECKS
    return commands.countersign(
        world.session, world.actor(do.who), do.ref, checks, "Register extract", TRACE, world.now
    )


def _paper(world: World, do: Do) -> object:
    data = b"a text" if do.more == "no scan" else b"%PDF-1.7 a scan"
    kind = next(row.kind for row in world.rows.all("organization") if row.slug == do.ref)
    capacity = min(CAPACITIES[kind], default=Capacity.MEMBER)
    at, scan = _organization_id(world, do.ref), Scan(data, "scan.pdf")
    return commands.record_on_paper(world.session, world.actor(do.who), at, capacity, scan, world.files, world.now)


def _end(world: World, do: Do) -> object:
    return commands.end_accession(
        world.session, world.actor(do.who), do.ref, "" if do.more else "It leaves.", world.now
    )


def _others(view: View, thing: Thing) -> Sequence[object]:
    return [view.people[name].id for name in _signatories(view, thing)]


def _nothing_sent(view: View, thing: Thing) -> bool:
    """Ending is rare, so that most examples can go on proposing, and have something to propose for."""
    key = thing.row.organization_id
    is_needed = view.rows.of("proposal", "organization_id", key) or view.rows.of("dataset", "organization_id", key)
    return view.now.day % 3 == 0 or not is_needed


def _has_others(view: View, thing: Thing) -> bool:
    return len(_others(view, thing)) > 1


ACCESSIONS, ORGANIZATIONS = of(Machine.ACCESSION), of(Machine.ORGANIZATION)
NO_SCAN = words("no scan")
ACTS = (
    Act("open accession", Action.OPEN_ACCESSION, ORGANIZATIONS, _openers, _open, _can_join, _capacities, weight=3),
    Act(
        "sign",
        Action.SIGN_ACCESSION,
        ACCESSIONS,
        _signatories,
        _sign,
        weight=5,
        wrong=words("no code", "another text", "another name"),
        in_parts=True,
    ),
    Act("decline", Action.DECLINE_ACCESSION, ACCESSIONS, _signatories, _decline, weight=1),
    Act("hand over", Action.HAND_OVER_ACCESSION, ACCESSIONS, _signatories, _hand_over, _has_others, _others),
    Act("reopen", Action.REOPEN_ACCESSION, ACCESSIONS, _openers, _reopen, weight=4),
    Act(
        "countersign",
        Action.COUNTERSIGN_ACCESSION,
        ACCESSIONS,
        _officers,
        _countersign,
        weight=5,
        wrong=words("a check is missing"),
    ),
    Act("record paper", Action.RECORD_PAPER_ACCESSION, ORGANIZATIONS, _officers, _paper, _can_join, wrong=NO_SCAN, in_parts=True),
    Act("end accession", Action.END_ACCESSION, ACCESSIONS, _directors, _end, _nothing_sent, weight=2, wrong=words("no reason")),
)  # fmt: skip
