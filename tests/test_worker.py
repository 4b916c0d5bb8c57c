"""The worker: what it takes it handles once, what fails it keeps, and it survives being killed."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app import worker
from app.factory import create_app
from app.foundation import clock
from app.foundation.base import JSONObject
from app.foundation.database import make_engine
from app.outbox.commands import LEASE, enqueue
from app.outbox.models import MessageState, OutboxMessage
from app.reactions import table
from tests.support import run
from tests.support.mail import MailServer

MAIL: JSONObject = {
    "template": "test", "to_name": "Rosa Lindqvist", "to_email": "rosa@coastal.example",
    "subject": "Decide by Thu 3 Dec: mobility data (PR-2026-0117)", "text": "One button.\n", "html": "<p>One button.</p>",
    "thread": "PR-2026-0117",
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def worked(
    request: pytest.FixtureRequest, make_database: Callable[[str], str], mail_server: MailServer, tmp_path: Path
) -> Flask:
    """An application of its own whose mail goes to the test's server."""
    environ = {
        "ONEPACT_HOME": str(tmp_path), "DATABASE_URL": make_database(request.param), "SECRET_KEY": secrets.token_hex(32),
        "SEAL_PASSPHRASE": secrets.token_hex(32), "SMTP_URL": mail_server.url,
    }  # fmt: skip
    return create_app(config.read(environ))


def _put(app: Flask, *payloads: JSONObject) -> None:
    with app.app_context(), worker.writing() as session:
        for payload in payloads:
            enqueue(session, "mail.send", payload, clock.now())


def _messages(app: Flask) -> list[OutboxMessage]:
    with app.app_context(), worker.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_mail_is_delivered_once_with_text_and_html(worked: Flask, mail_server: MailServer) -> None:
    _put(worked, MAIL)
    assert worker.drain(worked) == 1
    assert worker.drain(worked) == 0
    (mail,) = mail_server.to("rosa@coastal.example")
    assert mail["Subject"] == MAIL["subject"]
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert _messages(worked)[0].state is MessageState.DONE


def test_mails_about_one_case_make_one_thread(worked: Flask, mail_server: MailServer) -> None:
    _put(worked, MAIL, {**MAIL, "subject": "Approved"}, {**MAIL, "thread": "PR-2026-0118"})
    worker.drain(worked)
    threads = [mail["References"] for mail in mail_server.messages]
    assert threads[0] == threads[1] != threads[2]
    assert len({mail["Message-ID"] for mail in mail_server.messages}) == 3


def test_a_refused_mail_is_kept_and_tried_again_under_the_same_id(worked: Flask, mail_server: MailServer) -> None:
    _put(worked, MAIL)
    mail_server.refusal = "451 try again later"
    worker.drain(worked)
    (message,) = _messages(worked)
    assert (message.state, message.attempts) == (MessageState.WAITING, 1)
    assert "451" in (message.last_error or "")
    mail_server.refusal = ""
    worker.drain(worked, lambda: clock.now() + timedelta(minutes=1))
    assert len(mail_server.messages) == 1
    assert _messages(worked)[0].last_error is None


def test_one_mail_that_fails_does_not_hold_up_another(worked: Flask) -> None:
    _put(worked, {**MAIL, "to_email": "no address"}, MAIL)
    worker.drain(worked)
    assert [message.state for message in _messages(worked)] == [MessageState.WAITING, MessageState.DONE]


def test_an_unknown_kind_is_kept_for_the_operator(worked: Flask) -> None:
    with worked.app_context(), worker.writing() as session:
        enqueue(session, "nobody.knows", {}, clock.now())
    worker.drain(worked)
    assert "nobody.knows" in str(_messages(worked)[0].last_error)


def test_a_job_that_fails_does_not_keep_the_others_from_running(worked: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def failing(_session: Session, _now: object) -> None:
        raise RuntimeError("a job of the test")

    def running(_session: Session, _now: object) -> None:
        ran.append(True)

    monkeypatch.setattr(worker, "SCHEDULE", (failing, running))
    worker.run_schedule(worked, clock.now())
    assert ran == [True]


def test_a_mail_leaves_while_a_chore_takes_long(
    worked: Flask, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended, stop = threading.Event(), threading.Event(), threading.Event()

    def long(_work: object, _writing: object) -> None:
        begun.set()
        ended.wait(60)

    monkeypatch.setattr(worker, "CHORES", (long,))
    monkeypatch.setattr(worker, "SCHEDULE", ())
    running = threading.Thread(target=worker.run, args=(worked, stop))
    running.start()
    try:
        assert begun.wait(30)
        _put(worked, MAIL)
        until = time.monotonic() + 30
        while not mail_server.messages and time.monotonic() < until:
            time.sleep(0.05)
        assert mail_server.to("rosa@coastal.example")
    finally:
        ended.set()
        stop.set()
        running.join()


def test_chores_are_not_begun_again_before_they_have_ended(worked: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    begun: list[bool] = []

    def long(_work: object, _writing: object) -> None:
        begun.append(True)
        ended.wait(60)

    monkeypatch.setattr(worker, "CHORES", (long,))
    monkeypatch.setattr(worker, "SCHEDULE", ())
    monkeypatch.setattr(worker, "SCHEDULE_EVERY", timedelta())
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    stop = threading.Event()
    running = threading.Thread(target=worker.run, args=(worked, stop))
    running.start()
    try:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            time.sleep(0.05)
        assert begun == [True]
        ended.set()
        until = time.monotonic() + 30
        while len(begun) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(begun) > 1
    finally:
        ended.set()
        stop.set()
        running.join()


def test_every_kind_of_message_that_the_product_writes_has_a_handler() -> None:
    kinds: set[str] = set()
    for path in run.ROOT.joinpath("app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        kinds.update(part.split('"')[1] for part in text.split("enqueue(session, ")[1:] if part.startswith('"'))
    assert kinds
    assert kinds <= set(table.HANDLERS)


_KILLED = """
import os, sys, config
from app import worker
from app.factory import create_app
from app.reactions import table
app = create_app(config.read(os.environ))
def stuck(work, payload):
    print("taken", flush=True)
    import time; time.sleep(60)
table.HANDLERS["mail.send"] = stuck
worker.work_once(app)
"""


def test_a_message_of_a_killed_worker_is_done_by_the_next(worked: Flask, mail_server: MailServer) -> None:
    _put(worked, MAIL)
    names = ("ONEPACT_HOME", "DATABASE_URL", "SECRET_KEY", "SEAL_PASSPHRASE", "SMTP_URL")
    environ = {**os.environ, **{name: str(worked.config[name]) for name in names}}
    process = subprocess.Popen([sys.executable, "-c", _KILLED], cwd=run.ROOT, env=environ, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"taken\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    time.sleep(0.1)
    assert worker.drain(worked) == 0  # the lease still runs
    assert worker.drain(worked, lambda: clock.now() + LEASE + timedelta(seconds=1)) == 1
    assert len(mail_server.messages) == 1


def test_two_workers_share_the_messages_without_doubling_any(worked: Flask, mail_server: MailServer) -> None:
    _put(worked, *({**MAIL, "subject": f"Number {number}"} for number in range(30)))
    import threading

    threads = [threading.Thread(target=worker.drain, args=(worked,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail["Subject"] for mail in mail_server.messages) == sorted(f"Number {n}" for n in range(30))
    make_engine(str(worked.config["DATABASE_URL"])).dispose()
