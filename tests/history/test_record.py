"""Events are appended without gaps, commit to what they say, and cannot be changed unseen."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.database import begin_writing, make_engine
from app.history.commands import Fact, Subject, record, record_all
from app.history.models import HistoryDetail, HistoryEvent, LogHead
from app.history.queries import faults, happenings, latest
from app.outbox.models import OutboxMessage
from app.rules.actors import OPERATOR
from app.rules.events import Event

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def _append(session: Session, times: int = 1) -> None:
    for number in range(times):
        record(session, Event.GRANT_ISSUED, OPERATOR, Subject("grant", f"GR-2026-{number:04d}"), NOW, {"to": "Coastal"})


def test_sequence_numbers_have_no_gap(session: Session) -> None:
    _append(session, 5)
    assert session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq)).all() == [1, 2, 3, 4, 5]
    assert faults(session) == []


def test_each_event_leaves_one_message_for_its_reactions(session: Session) -> None:
    _append(session, 3)
    payloads = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "event.react")).all()
    assert sorted(int(str(p["seq"])) for p in payloads) == [1, 2, 3]


def test_events_that_come_together_stand_as_if_they_had_come_one_by_one(session: Session) -> None:
    _append(session, 3)
    facts = [Fact(Event.GRANT_ISSUED, Subject("grant", f"GR-2026-1{n:03d}"), {"to": "Coastal"}) for n in range(9)]
    record_all(session, OPERATOR, facts, NOW)
    _append(session)
    session.expire_all()
    assert session.scalars(select(HistoryEvent.seq).order_by(HistoryEvent.seq)).all() == list(range(1, 14))
    assert faults(session) == []
    assert happenings(session, [("grant", "GR-2026-1004")])[0].facts == {"actor": OPERATOR.name, "to": "Coastal"}
    assert len(set(session.scalars(select(HistoryDetail.salt)))) == 13


def test_events_that_come_together_leave_one_message_that_names_them_all(session: Session) -> None:
    facts = [Fact(Event.GRANT_ISSUED, Subject("grant", f"GR-2026-1{n:03d}"), {}) for n in range(4)]
    record_all(session, OPERATOR, facts, NOW)
    (message,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "event.react"))
    assert message.payload == {"seq": 1, "last": 4}


def test_the_leaf_holds_no_words_about_people(session: Session) -> None:
    _append(session)
    row = session.get_one(HistoryEvent, 1)
    texts = " ".join(str(value) for key, value in vars(row).items() if not key.startswith("_"))
    assert "Coastal" not in texts
    assert "Operator" not in texts


def test_erasing_the_details_leaves_the_log_whole(session: Session) -> None:
    _append(session, 2)
    session.execute(delete(HistoryDetail).where(HistoryDetail.seq == 1))
    session.flush()
    session.expire_all()
    assert faults(session) == []
    assert [line.facts for line in happenings(session, [("grant", "GR-2026-0000")])] == [{}]


@pytest.mark.parametrize("statement", [update(HistoryEvent).values(type="x"), delete(HistoryEvent)])
def test_the_database_itself_refuses_to_change_an_event(session: Session, statement: object) -> None:
    _append(session)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(statement)  # type: ignore[call-overload]


def test_changed_details_are_found(session: Session) -> None:
    _append(session)
    session.execute(update(HistoryDetail).values(payload={"actor": "Somebody else"}))
    session.expire_all()
    assert faults(session) == ["the details of event 1 were changed"]


def test_a_row_changed_behind_the_trigger_is_found(session: Session) -> None:
    _append(session, 2)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER history_event_no_update"))
    else:
        session.execute(text("ALTER TABLE history_event DISABLE TRIGGER history_event_guard"))
    session.execute(update(HistoryEvent).where(HistoryEvent.seq == 2).values(thing_ref="GR-2026-9999"))
    session.expire_all()
    assert "event 2 was changed" in faults(session)


def test_a_head_that_was_set_back_is_found(session: Session) -> None:
    _append(session, 3)
    session.execute(update(LogHead).values(size=2))
    session.expire_all()
    assert faults(session) == ["the head of the log does not match its events"]


def test_a_rolled_back_act_leaves_neither_event_nor_gap(session: Session) -> None:
    _append(session)
    nested = session.begin_nested()
    _append(session)
    nested.rollback()
    session.expire_all()
    _append(session)
    assert [line.seq for line in latest(session, 10)] == [2, 1]
    assert faults(session) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_writers_leave_a_gapless_log(kind: str, make_database: Callable[[str], str]) -> None:
    engine = make_engine(make_database(kind))
    with Session(engine) as first:
        _append(first)
        first.commit()

    def write() -> None:
        for _ in range(8):
            with Session(engine) as session:
                begin_writing(session)
                _append(session)
                session.commit()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert faults(session) == []
        assert session.scalar(select(func.count()).select_from(HistoryEvent)) == 49
    engine.dispose()
