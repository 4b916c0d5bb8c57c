"""Messages are taken once, tried again later and later, and never lost."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.outbox import commands, queries
from app.outbox.models import MessageState

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def _message(session: Session) -> int:
    message = commands.enqueue(session, "mail.send", {"subject": "Hello"}, NOW)
    session.flush()
    return message.id


def test_a_leased_message_is_not_taken_twice(session: Session) -> None:
    taken = commands.enqueue(session, "mail.send", {}, NOW)
    assert commands.lease(session, NOW) is taken
    assert commands.lease(session, NOW) is None


def test_a_lease_that_nobody_ended_is_taken_over(session: Session) -> None:
    message_id = _message(session)
    commands.lease(session, NOW)
    again = commands.lease(session, NOW + commands.LEASE + timedelta(seconds=1))
    assert again is not None
    assert (again.id, again.attempts) == (message_id, 2)


def test_nothing_is_taken_before_it_is_due(session: Session) -> None:
    commands.enqueue(session, "mail.send", {}, NOW, due_at=NOW + timedelta(hours=1))
    session.flush()
    assert commands.lease(session, NOW) is None


def test_a_failed_message_waits_longer_each_time_and_is_given_up_in_the_end(session: Session) -> None:
    message_id, at, waits = _message(session), NOW, []
    while (message := commands.lease(session, at)) is not None:
        commands.postpone(session, message_id, "refused", at)
        waits.append((message.due_at - at).total_seconds())
        at = message.due_at
    assert waits[:-1] == [float(seconds) for seconds in commands.BACKOFF_SECONDS]
    assert queries.messages(session)[0].state is MessageState.FAILED
    assert queries.messages(session)[0].last_error == "refused"


def test_an_operator_can_try_a_failed_message_again(session: Session) -> None:
    message_id = _message(session)
    commands.lease(session, NOW)
    message = queries.messages(session)[0]
    message.state = MessageState.FAILED
    commands.retry(session, message_id, NOW)
    assert commands.lease(session, NOW) is message


def test_a_message_that_is_done_stays_done(session: Session) -> None:
    message_id = _message(session)
    commands.settle(session, message_id, NOW)
    assert commands.retry(session, message_id, NOW).state is MessageState.DONE
    assert commands.hold(session, message_id).state is MessageState.DONE


def test_a_held_message_waits_for_its_operator(session: Session) -> None:
    message_id = _message(session)
    commands.hold(session, message_id)
    session.flush()
    assert commands.lease(session, NOW) is None


def test_messages_that_nobody_takes_are_counted(session: Session) -> None:
    _message(session)
    assert queries.overdue(session, NOW) == 0
    assert queries.overdue(session, NOW + timedelta(minutes=6)) == 1


def test_an_unknown_message_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        commands.retry(session, 999_999, NOW)
