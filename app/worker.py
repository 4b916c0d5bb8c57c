"""Takes due messages out of the outbox, hands each to its handler, and records how it went; runs what is due by date."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.base import JSONObject
from app.foundation.database import begin_writing
from app.foundation.installation import installation
from app.outbox import commands as outbox
from app.reactions.replies import fetch_replies
from app.reactions.table import CHORES, HANDLERS, SCHEDULE, Work
from app.web.database import db

log = structlog.get_logger()
IDLE_SECONDS = 0.5
SCHEDULE_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class Taken:
    """A message under lease, free of the session that took it."""

    id: int
    kind: str
    payload: JSONObject


def work_once(app: Flask, now: Callable[[], datetime] = clock.now, leave: frozenset[str] = frozenset()) -> bool:
    """Take and handle one due message, of any kind but those to `leave`; False when none is due."""
    with app.app_context():
        taken = _take(now(), leave)
        if taken is None:
            return False
        try:
            _handle(app, taken, now)
        except Exception as error:  # a handler may fail in any way; the message is kept and tried again
            log.warning("message_failed", id=taken.id, kind=taken.kind, error=repr(error))
            with writing() as session:
                outbox.postpone(session, taken.id, f"{type(error).__name__}: {error}", now())
        return True


def drain(app: Flask, now: Callable[[], datetime] = clock.now, leave: frozenset[str] = frozenset()) -> int:
    """Handle messages until none is due; returns how many there were."""
    count = 0
    while work_once(app, now, leave):
        count += 1
    return count


def run_schedule(app: Flask, at: datetime) -> None:
    """Say that the worker lives, then run everything that happens by date, each in a transaction of its own."""
    with app.app_context():
        with writing() as session:
            row = installation(session)
            if row is not None:
                row.worker_seen_at = at
                app.config["IS_DEMO"] = row.is_demo
        for job in SCHEDULE:
            try:
                with writing() as session:
                    job(session, at)
            except Exception as error:  # one job that fails must not keep the others from running
                log.exception("job_failed", job=job.__name__, error=repr(error))


def run_chores(app: Flask, at: datetime) -> None:
    """Do what each minute asks for and may take long: it waits for another server, or builds the index of a large catalog."""
    with app.app_context():
        for chore in CHORES:
            try:
                chore(Work(app.config, app.extensions["onepact_files"], reading, at), writing)
            except Exception as error:  # another server may be away; it is asked again a minute later
                log.warning("chore_failed", chore=chore.__name__, error=str(error))


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Work until `stop` is set. Chores are done beside it, so that mails leave meanwhile and the worker is seen to live."""
    stop = stop or threading.Event()
    next_schedule, chores = clock.now(), None
    while not stop.is_set():
        try:
            if clock.now() >= next_schedule:
                run_schedule(app, clock.now())
                chores = _chores_beside(app, chores)
                next_schedule = clock.now() + SCHEDULE_EVERY
            if not work_once(app):
                stop.wait(IDLE_SECONDS)
        except Exception as error:  # the database may be away for a while; the worker outlives that
            log.error("worker_waits", error=repr(error))
            time.sleep(2)


def start(app: Flask) -> threading.Event:
    """Run the worker in a thread beside the web server; set the returned event to end it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(app, stop), name="onepact-worker", daemon=True).start()
    return stop


@contextmanager
def writing() -> Iterator[Session]:
    """A session of its own for one short writing transaction."""
    with Session(db.engine, expire_on_commit=False) as session:
        begin_writing(session)
        yield session
        session.commit()


@contextmanager
def reading() -> Iterator[Session]:
    """A session of its own that only reads."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


def fetch_mail(app: Flask, now: Callable[[], datetime] = clock.now) -> dict[str, int]:
    """Read the mailbox for replies once; returns how many mails came to which end. Raises MailboxError."""
    with app.app_context():
        return fetch_replies(Work(app.config, app.extensions["onepact_files"], reading, now()), writing)


def _chores_beside(app: Flask, last: threading.Thread | None) -> threading.Thread:
    """Begin the chores in a thread of their own, unless those of an earlier minute still run."""
    if last is not None and last.is_alive():
        return last
    begun = threading.Thread(target=run_chores, args=(app, clock.now()), name="onepact-chores", daemon=True)
    begun.start()
    return begun


def _take(now: datetime, leave: frozenset[str]) -> Taken | None:
    with writing() as session:
        message = outbox.lease(session, now, leave)
        return None if message is None else Taken(message.id, message.kind, message.payload)


def _handle(app: Flask, taken: Taken, now: Callable[[], datetime]) -> None:
    work = Work(app.config, app.extensions["onepact_files"], reading, now(), taken.id)
    apply = HANDLERS[taken.kind](work, taken.payload)
    with writing() as session:
        if apply is not None:
            apply(session)
        outbox.settle(session, taken.id, now())
