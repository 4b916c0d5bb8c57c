"""The state machine: what a step is, and what is looked at after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from flask import Flask
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine

from app.exchange.commands.harvest_runs import TAKE_MESSAGE
from app.exchange.commands.harvest_sources import READ_MESSAGE
from app.foundation.files import FileStore
from app.letters.seal import Sealed
from app.outbox.models import MessageState
from app.reactions import changes, consents, leaving, notices, promises
from app.reactions.table import REACTIONS, SCHEDULE
from app.rules.workflow import TABLES
from tests.machine.act import Act, Do, Thing, nothing
from tests.machine.acts import ACTS, AREAS
from tests.machine.consortium import BEGINS, OUTSIDERS
from tests.machine.elsewhere import FIRST, Elsewhere
from tests.machine.exercised import Tally
from tests.machine.invariants import violations
from tests.machine.view import View
from tests.machine.world import STEP, Refusal, World

SWEEPS_AFTER = 10
STARTS = BEGINS + timedelta(days=2)
# How long nothing happens, and how often that is drawn: minutes around the ten for undoing, a day, weeks, the rest of a year.
PAUSES = (
    *(timedelta(minutes=4),) * 2,
    timedelta(minutes=11),
    *(timedelta(hours=7),) * 2,
    *(timedelta(days=1),) * 3,
    *(timedelta(days=3),) * 3,
    *(timedelta(days=8),) * 2,
    timedelta(days=24),
    timedelta(days=120),
    timedelta(days=340),
)
# What a step is, out of twenty.
KINDS = ("sensible",) * 11 + ("work",) + ("state",) * 2 + ("person",) * 2 + ("value", "anybody", "time", "time")
# Read before anything is planted: a fault in the tables must not hide itself.
_ROWS = {row.action: row for table in TABLES.values() for row in table}
SOURCES = {
    act.name: frozenset().union(*(_ROWS[each].sources for each in (act.action, *act.besides)))
    for act in ACTS
    if act.action in _ROWS
}
# Events after which something else changes, and not only mail is written; and the messages that do it.
_CHANGES = {"let_rules_decide", "begin_delivery", "wind_up", "follow_grant", "follow_later", "bring_back_later"}
MOVING = {event.value for event, found in REACTIONS.items() if any(each.__name__ in _CHANGES for each in found)}
QUICK = {
    *consents.HANDLERS,
    *promises.HANDLERS,
    changes.FOLLOW,
    leaving.LEAVES,
    notices.STAYS,
    READ_MESSAGE,
    TAKE_MESSAGE,
}


def _mixed(acts: Sequence[Act]) -> list[Act]:
    """Each act as often as its weight, in an order that is always the same: who follows whom decides who steps in for whom."""
    found = [act for act in acts for _ in range(act.weight)]
    Random(1).shuffle(found)
    return found


_WEIGHTED = {area: _mixed(acts) for area, acts in AREAS.items()}
_EVERYTHING = _mixed(ACTS)
_CAN_GO_WRONG = {area: [act for act in acts if act.wrong is not nothing] for area, acts in {**AREAS, "": ACTS}.items()}
# What is drawn is a little more often zero than anything else; by this much further with each step, zero is another act.
_STRIDE = 7919


@dataclass(frozen=True)
class Stage:
    """What the examples of one worker share: the founded database, its files, and the figures."""

    engine: Engine
    files: FileStore
    letter: Sealed
    app: Flask
    elsewhere: Elsewhere
    tally: Tally
    areas: tuple[str, ...] = tuple(AREAS)


class Wrong(AssertionError):
    """Something that must never happen has happened."""


class Consortium(RuleBasedStateMachine):
    """One example. `stage` is set on a subclass for each worker."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        stage = self.stage
        self.connection = stage.engine.connect()
        self.transaction = self.connection.begin()
        stage.elsewhere.says = FIRST
        self.world = World(self.connection, stage.files, stage.letter, STARTS, stage.app, stage.elsewhere)
        self.listening = self.world.rows.listening()
        self.listening.__enter__()
        self.area = next(iter(AREAS))
        self.steps = 0

    def teardown(self) -> None:
        """Nothing of the example stays; PostgreSQL is told to sweep what was rolled back."""
        self.listening.__exit__(None, None, None)
        self.transaction.rollback()
        self.stage.tally.examples.append(self.steps)
        self.connection.close()
        if self.stage.engine.dialect.name == "postgresql" and len(self.stage.tally.examples) % SWEEPS_AFTER == 0:
            with self.stage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as sweeping:
                sweeping.exec_driver_sql("VACUUM")

    @initialize(data=st.data())
    def dwell(self, data: st.DataObject) -> None:
        """Half of the acts of an example are of one area, so that long ways are gone to their end."""
        self.area = data.draw(st.sampled_from(self.stage.areas))

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """One thing happens, and everything is looked at."""
        self.world.now += STEP
        self.steps += 1
        kind = data.draw(st.sampled_from(KINDS), label="step")
        known = self.world.rows.writes
        _STEPS[kind](self, data)
        # A refusal that wrote nothing leaves what was looked at after the step before.
        if self.steps == 1 or kind == "time" or self.world.rows.writes != known:
            self.look()

    def look(self) -> None:
        """Everything that must hold is asked of the rows as they are."""
        with self.world.reading() as session:
            found = violations(session)
        if found:
            raise Wrong("; ".join(found))

    def sensible(self, data: st.DataObject) -> None:
        """Somebody does what is theirs to do."""
        view = self.world.view()
        acts = _WEIGHTED[self.area] if data.draw(st.booleans()) else _EVERYTHING
        first = (data.draw(st.integers(0, len(acts) - 1)) + _STRIDE * self.steps) % len(acts)
        far = first % len(_EVERYTHING)
        # The next one for which there is something to do, in this area or else in any.
        for act in dict.fromkeys((*acts[first:], *acts[:first], *_EVERYTHING[far:], *_EVERYTHING[:far])):
            things = [thing for thing in act.things(view) if _is_time(act, thing) and act.fits(view, thing)]
            do = self._chosen(data, view, act, things, act.who)
            if do is not None:
                self._try(act, do, "sensible")
                return
        self._count("nothing to do")

    def state(self, data: st.DataObject) -> None:
        """The right person, at the wrong time."""
        view = self.world.view()
        act = data.draw(st.sampled_from([act for act in ACTS if _has_row(act)]))
        things = [thing for thing in act.things(view) if thing.state is not None and not _is_time(act, thing)]
        do = self._chosen(data, view, act, things, act.who)
        if do is not None:
            self._refused(act, do, "wrong state")

    def person(self, data: st.DataObject) -> None:
        """Somebody who has no business there, at the right time."""
        view = self.world.view()
        act = data.draw(st.sampled_from([act for act in ACTS if act.is_closed and act.action is not None]))
        things = [thing for thing in act.things(view) if _is_time(act, thing) and act.fits(view, thing)]
        do = self._chosen(data, view, act, things, lambda v, t: _outsiders(v, t, act))
        if do is not None and not _is_to_oneself(view, act, do):
            self._refused(act, do, "wrong person")

    def value(self, data: st.DataObject) -> None:
        """The right person at the right time, with what cannot be taken."""
        view = self.world.view()
        acts = _CAN_GO_WRONG[self.area] if data.draw(st.booleans()) else _CAN_GO_WRONG[""]
        first = data.draw(st.integers(0, max(len(acts) - 1, 0)))
        for act in (*acts[first:], *acts[:first]):
            things = [thing for thing in act.things(view) if _is_time(act, thing) and act.fits(view, thing)]
            do = self._chosen(data, view, replace(act, more=act.wrong), things, act.who)
            if do is not None:
                self._refused(act, do, "wrong value")
                return

    def anybody(self, data: st.DataObject) -> None:
        """Any act by anybody on anything. It may pass or not; what it leaves must be lawful."""
        view = self.world.view()
        act = data.draw(st.sampled_from(ACTS))
        do = self._chosen(data, view, act, list(act.things(view)), lambda v, _t: sorted(v.people))
        if do is not None:
            self._try(act, do, "anybody")

    def time(self, data: st.DataObject) -> None:
        """Time passes, and what happens by date happens."""
        pause = data.draw(st.sampled_from(PAUSES), label="pause")
        self.world.now += pause
        note(f"  {pause} pass; it is {self.world.now:%Y-%m-%d %H:%M}")
        for job in SCHEDULE:
            refused = self.world.transaction(lambda job=job: job(self.world.session, self.world.now))  # type: ignore[misc]
            if refused is not None:
                raise Wrong(f"{job.__name__} was refused: {refused.error}")
        self.stage.tally.keep(done=True)
        self._count("time")

    def work(self, data: st.DataObject) -> None:
        """The worker handles what follows from events by itself (not only by mail), and the oldest mail to be written."""
        waiting = [row for row in self.world.rows.all("outbox_message") if row.state is MessageState.WAITING]
        types = {row.seq: row.type for row in self.world.rows.all("history_event")}
        moving = [row for row in waiting if row.kind == "event.react" and types[row.payload["seq"]] in MOVING]
        writing = [row for row in waiting if row.kind == "event.react" and row not in moving][:1]
        for row in [*moving, *writing]:
            self._handle(row.id, f"the reaction to {types[row.payload['seq']]}")
        for row in self.world.rows.all("outbox_message"):
            if row.kind in QUICK and row.state is MessageState.WAITING and row.due_at <= self.world.now:
                self._handle(row.id, f"{row.kind} of {row.about}")
        self.stage.tally.keep(done=True)
        self._count("work")

    def _handle(self, message_id: int, what: str) -> None:
        note(f"  the worker: {what}")
        refused = self.world.handle(message_id)
        if refused is not None:
            raise Wrong(f"{what} was refused: {refused.error}")

    def _chosen(
        self,
        data: st.DataObject,
        view: View,
        act: Act,
        things: Sequence[Thing],
        who: Callable[[View, Thing], Sequence[str]],
    ) -> Do | None:
        possible = [thing for thing in things if who(view, thing) and (act.more is nothing or act.more(view, thing))]
        if not possible:
            return None
        thing = data.draw(st.sampled_from(possible))
        do = Do(data.draw(st.sampled_from(list(who(view, thing)))), thing.ref)
        return do if act.more is nothing else replace(do, more=data.draw(st.sampled_from(list(act.more(view, thing)))))

    def _try(self, act: Act, do: Do, kind: str) -> Refusal | None:
        refused = self.world.attempt(act, do)
        with_what = f" ({do.more})" if do.more is not None else ""
        came_of_it = f"refused: {refused.error}" if refused else "done"
        note(f"  {act.name} by {do.who} on {do.ref}{with_what}, {kind}: {came_of_it}")
        self.stage.tally.keep(done=refused is None)
        self._count(f"{kind} refused" if refused else f"{kind} done")
        if refused is None:
            self.stage.tally.acts[act.name] += 1
        return refused

    def _refused(self, act: Act, do: Do, kind: str) -> None:
        before = self.world.rows.digest()
        refused = self._try(act, do, kind)
        if refused is not None and refused.wrote and kind != "wrong value" and not act.in_parts:
            raise Wrong(f"W1: {act.name} by {do.who} was refused ({refused.error}) after something was written")
        if self.world.rows.digest(afresh=True) == before:
            return
        if refused is not None:
            raise Wrong(f"W1: {act.name} by {do.who} was refused ({refused.error}), and left something behind")
        raise Wrong(f"W1: {act.name} by {do.who} on {do.ref} ({do.more}) must be refused: {kind}")

    def _count(self, outcome: str) -> None:
        self.stage.tally.outcomes[outcome] += 1


_STEPS = {name: getattr(Consortium, name) for name in set(KINDS)}


def _has_row(act: Act) -> bool:
    return act.name in SOURCES


def _is_time(act: Act, thing: Thing) -> bool:
    """Whether the table names this thing's state for the act; true where the act needs no state."""
    sources = SOURCES.get(act.name)
    return sources is None or thing.state is None or thing.state in sources


def _is_to_oneself(view: View, act: Act, do: Do) -> bool:
    """Whether another rule than the act's own lets them do it, because it concerns themselves."""
    return act.is_open_to_oneself and do.who in view.people and do.more == view.people[do.who].id


def _outsiders(view: View, thing: Thing, act: Act) -> list[str]:
    """Those who have no business with it: an auditor, nobody, somebody of a member that it does not concern, who left."""
    rightful = set(act.who(view, thing))
    left = [name for name in sorted(view.people) if not view.organizations_of(name)]
    return [name for name in (*OUTSIDERS, *left) if name not in rightful]
