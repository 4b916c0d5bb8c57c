"""Harvest sources: added, read by the worker, what was found taken or left, paused, given up."""

from collections.abc import Sequence
from datetime import datetime

from app.exchange.commands.harvest_runs import TAKE_MESSAGE, choose
from app.exchange.commands.harvest_sources import (
    READ_MESSAGE,
    Settings,
    ask_to_read,
    edit_source,
    end_source,
    pause_source,
    resume_source,
    start_source,
)
from app.foundation.errors import WrongState
from app.organizations.models import Organization
from app.outbox.models import MessageState
from app.rules.actions import Action
from app.rules.harvests import AT_WORK, Answer, NewOnes, RunState, Schedule
from app.rules.roles import Role
from app.rules.workflow import HarvestState, Machine
from tests.machine.act import Act, Do, Fits, Thing, of, those, words
from tests.machine.elsewhere import WORDS
from tests.machine.rows import AnyRow, Rows
from tests.machine.view import SYSTEM, View
from tests.machine.world import World

MOST = 2  # sources of one organization
_LISTS = (Role.STEWARD, Role.DEPUTY)
SAID: dict[str, dict[str, object]] = {
    "drafts": {"schedule": Schedule.BY_HAND},
    "checked": {"new_ones": NewOnes.CHECK},
    "listed": {"new_ones": NewOnes.PUBLISH, "schedule": Schedule.DAILY},
    "trusted": {"is_trusted": True, "schedule": Schedule.DAILY},
}


def _stewards(view: View, thing: Thing) -> Sequence[str]:
    at = thing.row.id if thing.machine is Machine.ORGANIZATION else thing.row.organization_id
    return view.holding(at, *_LISTS)


def _has_room(view: View, thing: Thing) -> bool:
    kept = [row for row in _of(view.rows, thing.row.id) if row.state is not HarvestState.ENDED]
    return bool(_stewards(view, thing)) and len(kept) < MOST


def _of(rows: Rows, organization_id: int) -> Sequence[AnyRow]:
    return rows.of("harvest_source", "organization_id", organization_id)


def _settings(world: World, do: Do, organization_id: int, address: str) -> Settings:
    name = "" if do.more == "no name" else "Open data"
    asked = None
    if do.more == "somebody asked by name":
        listing = world.view().holding(organization_id, *_LISTS)
        asked = world.view().people[listing[-1]].id if listing else None
    if do.more == "a stranger asked by name":
        asked = world.view().people["aude"].id
    said = SAID.get(str(do.more), {})
    return Settings(name, "" if do.more == "no address" else address, asked_id=asked, **said)  # type: ignore[arg-type]


def _start(world: World, do: Do) -> object:
    key = next(row.id for row in world.rows.all("organization") if row.slug == do.ref)
    organization = world.session.get_one(Organization, key)
    address = world.elsewhere.site.url(f"/{do.ref}/{len(_of(world.rows, key))}")
    return start_source(world.session, world.actor(do.who), organization, _settings(world, do, key, address), world.now)


def _edit(world: World, do: Do) -> object:
    row = _source(world.rows, do.ref)
    said = _settings(world, do, row.organization_id, row.address)
    return edit_source(world.session, world.actor(do.who), do.ref, said, world.now)


def _ask(world: World, do: Do) -> object:
    return ask_to_read(world.session, world.actor(do.who), do.ref, world.now)


def _pause(world: World, do: Do) -> object:
    return pause_source(world.session, world.actor(do.who), do.ref, "We rebuild it.", world.now)


def _resume(world: World, do: Do) -> object:
    return resume_source(world.session, world.actor(do.who), do.ref, world.now)


def _end(world: World, do: Do) -> object:
    return end_source(world.session, world.actor(do.who), do.ref, world.now)


def _source(rows: Rows, reference: str) -> AnyRow:
    return rows.of("harvest_source", "reference", reference)[0]


def _runs(rows: Rows, source_id: int, *states: RunState) -> list[AnyRow]:
    return [row for row in rows.of("harvest_run", "source_id", source_id) if row.state in states]


def _is_idle(view: View, thing: Thing) -> bool:
    return not _runs(view.rows, thing.row.id, *AT_WORK)


def _has_found(view: View, thing: Thing) -> bool:
    return bool(_runs(view.rows, thing.row.id, RunState.FOUND))


def _can_take(view: View, thing: Thing) -> bool:
    return _has_found(view, thing) and _is_idle(view, thing)


def _say(world: World, do: Do, answer: Answer) -> object:
    """Of the newest reading that waits: everything, or only what comes first."""
    runs = world.rows.of("harvest_run", "source_id", _source(world.rows, do.ref).id)
    run = next((row.id for row in reversed(runs) if row.state is RunState.FOUND), runs[-1].id if runs else 0)
    findings = world.rows.of("harvest_finding", "run_id", run)
    waiting = [row.id for row in findings if row.answer is Answer.WAITING]
    chosen = {"all": None, "the first": waiting[:1], "none": []}[str(do.more)]
    return choose(world.session, world.actor(do.who), do.ref, run, answer, chosen, world.now)


def _take(world: World, do: Do) -> object:
    return _say(world, do, Answer.CHOSEN)


def _leave(world: World, do: Do) -> object:
    return _say(world, do, Answer.LEFT)


def _message(rows: Rows, now: datetime, source_id: int, kind: str) -> int | None:
    """What the worker would take next of this kind for a source."""
    runs = {row.id for row in rows.of("harvest_run", "source_id", source_id)}
    due = (
        row.id
        for row in rows.of("outbox_message", "kind", kind)
        if row.state is MessageState.WAITING and row.due_at <= now and row.payload["run"] in runs
    )
    return next(due, None)


def _due(kind: str) -> Fits:
    def fits(view: View, thing: Thing) -> bool:
        return _message(view.rows, view.now, thing.row.id, kind) is not None

    return fits


def _work(world: World, do: Do, kind: str) -> object:
    message = _message(world.rows, world.now, _source(world.rows, do.ref).id, kind)
    if message is None:
        raise WrongState("There is nothing for the worker to do.")
    world.work_on(message)
    return message


def _read(world: World, do: Do) -> object:
    world.elsewhere.says = str(do.more)
    return _work(world, do, READ_MESSAGE)


def _bring_in(world: World, do: Do) -> object:
    return _work(world, do, TAKE_MESSAGE)


HARVESTS, ORGANIZATIONS = of(Machine.HARVEST), of(Machine.ORGANIZATION)
SETTINGS, WRONG = words(*SAID, "somebody asked by name"), words("no name", "no address", "a stranger asked by name")
SOME, NONE = words("all", "the first"), words("none")
WORKER, READS, TAKES = those(SYSTEM), _due(READ_MESSAGE), _due(TAKE_MESSAGE)
ACTS = (
    Act("add source", Action.START_HARVEST, ORGANIZATIONS, _stewards, _start, _has_room, SETTINGS, WRONG, weight=3),
    Act("edit source", Action.EDIT_HARVEST, HARVESTS, _stewards, _edit, more=SETTINGS, wrong=WRONG),
    Act("ask to read", Action.RUN_HARVEST, HARVESTS, _stewards, _ask, _is_idle, weight=6),
    # What the worker does. It asks nobody, and a message that comes too late changes nothing: there is no wrong state for it.
    Act("read source", None, HARVESTS, WORKER, _read, READS, words(*WORDS), weight=8),
    Act("bring in", None, HARVESTS, WORKER, _bring_in, TAKES, weight=4),
    Act("take what was found", Action.TAKE_FOUND, HARVESTS, _stewards, _take, _can_take, SOME, NONE, weight=5),
    Act("leave what was found", Action.LEAVE_FOUND, HARVESTS, _stewards, _leave, _has_found, SOME, NONE, weight=3),
    Act("pause source", Action.PAUSE_HARVEST, HARVESTS, _stewards, _pause),
    Act("resume source", Action.RESUME_HARVEST, HARVESTS, _stewards, _resume, weight=4),
    Act("end source", Action.END_HARVEST, HARVESTS, _stewards, _end, weight=1),
)
