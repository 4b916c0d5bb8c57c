"""Messages of one key leave as one: none is lost, none goes twice, whatever fails and however many take them."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.foundation.database import begin_writing, make_engine
from app.outbox import commands, queries
from app.outbox.commands import LEASE, enqueue
from app.outbox.models import MessageState, OutboxMessage
from tests.support.databases import DatabaseMaker

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)


def _put(session: Session, name: str, key: str | None = "rosa PR-1", due_at: datetime = LATER) -> OutboxMessage:
    row = enqueue(session, "mail.send", {"name": name}, NOW, due_at=due_at, batch_key=key)
    session.flush()
    return row


def _names(message: OutboxMessage | None) -> list[str]:
    assert message is not None
    others = message.payload.get("joined", [])
    assert isinstance(others, list)
    return [str(message.payload["name"]), *(str(other["name"]) for other in others)]


def test_four_things_within_ten_minutes_are_taken_as_one_when_the_first_is_due(session: Session) -> None:
    for minute, name in enumerate("abcd"):
        _put(session, name, due_at=LATER + timedelta(minutes=minute))
    assert commands.lease(session, LATER - timedelta(seconds=1)) is None
    assert _names(commands.lease(session, LATER)) == list("abcd")
    assert commands.lease(session, LATER + timedelta(hours=1), frozenset()) is not None, "its own lease ran out"


def test_what_is_urgent_leaves_at_once_and_takes_the_others_along(session: Session) -> None:
    _put(session, "news")
    _put(session, "decide", due_at=NOW)
    assert _names(commands.lease(session, NOW)) == ["decide", "news"]


def test_other_keys_and_messages_without_one_leave_alone(session: Session) -> None:
    _put(session, "rosa")
    _put(session, "lucía", key="lucía PR-1")
    _put(session, "nobody's", key=None)
    assert [_names(commands.lease(session, LATER)) for _ in range(3)] == [["rosa"], ["lucía"], ["nobody's"]]


def test_what_comes_after_a_batch_was_taken_makes_a_batch_of_its_own(session: Session) -> None:
    first = _put(session, "a")
    assert _names(commands.lease(session, LATER)) == ["a"]
    _put(session, "b")
    commands.postpone(session, first.id, "the server was away", LATER)
    assert _names(commands.lease(session, LATER)) == ["b"]
    assert _names(commands.lease(session, LATER + timedelta(minutes=1))) == ["a"], "every try sends the same"


def test_a_part_that_went_along_is_not_tried_on_its_own(session: Session) -> None:
    first, second = _put(session, "a"), _put(session, "b")
    commands.lease(session, LATER)
    assert (second.state, second.joined_id) == (MessageState.JOINED, first.id)
    commands.retry(session, second.id, LATER)
    assert second.state is MessageState.JOINED
    commands.settle(session, first.id, LATER)
    assert commands.lease(session, LATER + timedelta(days=1)) is None
    assert [message.id for message in queries.mails(session, 10)] == [first.id]


def test_a_held_first_part_does_not_keep_the_others(session: Session) -> None:
    first = _put(session, "a")
    _put(session, "b")
    commands.hold(session, first.id)
    assert _names(commands.lease(session, LATER)) == ["b"]


def test_more_than_three_mails_in_a_hundred_that_did_not_leave_are_a_worry(session: Session) -> None:
    for number in range(100):
        row = enqueue(session, "mail.send", {}, NOW)
        row.state = MessageState.FAILED if number < 3 else MessageState.WAITING
    session.flush()
    figures = queries.mail_figures(session, NOW - timedelta(days=7))
    assert (figures.due, figures.failed, figures.is_worrying) == (100, 3, False)
    enqueue(session, "mail.send", {}, NOW).state = MessageState.FAILED
    session.flush()
    assert queries.mail_figures(session, NOW - timedelta(days=7)).is_worrying
    assert not queries.mail_figures(session, NOW + timedelta(days=1)).is_worrying


@pytest.fixture
def shared(database_kind: str, make_database: DatabaseMaker) -> Iterator[Engine]:
    engine = make_engine(make_database(database_kind))
    yield engine
    engine.dispose()


def test_a_part_that_another_worker_holds_is_not_waited_for(make_database: DatabaseMaker) -> None:
    engine = make_engine(make_database("postgresql"))
    with Session(engine) as session:
        for name in ("a", "b"):
            _put(session, name)
        session.commit()
    with Session(engine) as holding, Session(engine) as taking:
        last = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
        assert holding.scalars(last.with_for_update()).one().payload == {"name": "b"}
        assert _names(commands.lease(taking, LATER)) == ["a"], "neither waits for the other, whoever was first"
        taking.commit()
        holding.commit()
        assert _names(commands.lease(taking, LATER)) == ["b"], "and what was left is taken later"
    engine.dispose()


class Clock:
    """The one clock of all workers. It stands still while one of them has something in hand, however slow the machine is:
    only the lease of a worker that was killed runs out.
    """

    def __init__(self) -> None:
        self.now, self._at_work, self._lock = LATER, 0, threading.Lock()

    @contextmanager
    def working(self) -> Iterator[datetime]:
        with self._lock:
            self._at_work += 1
            now = self.now
        try:
            yield now
        finally:
            with self._lock:
                self._at_work -= 1

    def goes_on(self, by: timedelta) -> bool:
        with self._lock:
            if not self._at_work:
                self.now += by
            return not self._at_work


class Mailer(threading.Thread):
    """A worker: leases, then sends, or fails, or is killed before it can say so; keeps what it sent."""

    def __init__(
        self, engine: Engine, seed: int, clock: Clock, sent: list[tuple[int, tuple[str, ...]]], stop: threading.Event
    ) -> None:
        super().__init__()
        self.engine, self.chance, self.clock, self.sent, self.stop = engine, Random(seed), clock, sent, stop

    def run(self) -> None:
        idle = 0
        while idle < 40:
            with self.clock.working() as now:
                taken = self._take(now)
            went_on = self.clock.goes_on(timedelta(seconds=20) if taken else LEASE + timedelta(seconds=1))
            idle = 0 if taken else idle + (went_on and self.stop.is_set())
            if not taken:
                time.sleep(0.01)  # and not `stop.wait`: both would ask without a break once it is set

    def _take(self, now: datetime) -> bool:
        with Session(self.engine, expire_on_commit=False) as session:
            begin_writing(session)
            message = commands.lease(session, now)
            session.commit()
        if message is None:
            return False
        luck = self.chance.random()
        if luck < 0.15:
            return True  # killed before it sent: the lease runs out
        with Session(self.engine) as session:
            begin_writing(session)
            if luck < 0.35:
                message_id = message.id
                commands.postpone(session, message_id, "the server was away", now)
                session.get_one(OutboxMessage, message_id).attempts = 1  # as if it never ran out of tries
            else:
                self.sent.append((message.id, tuple(_names(message))))
                commands.settle(session, message.id, now)
            session.commit()
        return True


@pytest.mark.parametrize("seed", [1, 2])
def test_two_workers_neither_lose_nor_double_an_event_while_others_arrive(shared: Engine, seed: int) -> None:
    sent: list[tuple[int, tuple[str, ...]]] = []
    clock, stop = Clock(), threading.Event()
    workers = [Mailer(shared, seed * 10 + number, clock, sent, stop) for number in range(2)]
    for worker in workers:
        worker.start()
    names = []
    for number in range(60):
        with Session(shared) as session:
            begin_writing(session)
            name = f"event {number}"
            due_at = NOW if number % 7 == 0 else LATER + timedelta(seconds=number)
            _put(session, name, key=f"person {number % 3}", due_at=due_at)
            session.commit()
            names.append(name)
    stop.set()
    for worker in workers:
        worker.join(60)
    told = Counter(name for _, parts in sent for name in parts)
    assert told == Counter(names)
    assert len({message_id for message_id, _ in sent}) == len(sent)
    assert len(sent) < len(names), "some went together"
    with Session(shared) as session:
        left = select(func.count()).where(OutboxMessage.state == MessageState.WAITING).select_from(OutboxMessage)
        assert session.scalar(left) == 0
