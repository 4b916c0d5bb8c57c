"""A worker that is killed while it reads a source: the next one starts again, and nothing is doubled."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlalchemy import select

import config
from app import worker
from app.exchange.commands.harvest_sources import Settings, ask_to_read, start_source
from app.exchange.models import Finding, HarvestRun
from app.factory import create_app
from app.foundation import clock
from app.outbox.commands import LEASE
from app.rules.harvests import RunState
from app.rules.roles import Role
from tests.catalog.people import actor, partner, person
from tests.support import run
from tests.support.sites import LOOPBACK, Site, reply

_WORKER = """
import os, config
from app import worker
from app.factory import create_app
app = create_app(config.read(os.environ))
while worker.work_once(app): pass
"""
CATALOG = json.dumps({"dataset": [{"identifier": n, "title": n, "description": "x"} for n in ("a", "b", "c")]}).encode()
PATIENCE = 60


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_worker_killed_while_it_reads_is_followed_by_one_that_reads_again(
    kind: str, make_database: Callable[[str], str], site: Site, tmp_path: Path
) -> None:
    environ = {
        "ONEPACT_HOME": str(tmp_path), "DATABASE_URL": make_database(kind), "SECRET_KEY": secrets.token_hex(32),
        "SEAL_PASSPHRASE": secrets.token_hex(32), "HARVEST_NETWORKS": LOOPBACK,
    }  # fmt: skip
    app = create_app(config.read(environ))
    with app.app_context(), worker.writing() as session:
        acme = partner(session, "Acme")
        steward = actor(acme, Role.STEWARD, who=person(session, acme, Role.STEWARD))
        source = start_source(session, steward, acme, Settings("Open data", site.url()), clock.now())
        ask_to_read(session, steward, source.reference, clock.now())
    killed = threading.Event()

    def answer_after_the_kill(handler: BaseHTTPRequestHandler) -> None:
        killed.wait(PATIENCE)
        reply(handler, CATALOG)

    site.answer = answer_after_the_kill
    process = subprocess.Popen([sys.executable, "-c", _WORKER], cwd=run.ROOT, env={**os.environ, **environ})
    try:
        end = time.monotonic() + PATIENCE
        while not site.asked and time.monotonic() < end:
            time.sleep(0.05)
        assert site.asked
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed.set()
    worker.drain(app, lambda: clock.now() + LEASE + timedelta(seconds=1))
    with app.app_context(), worker.reading() as session:
        assert [one.state for one in session.scalars(select(HarvestRun))] == [RunState.FOUND]
        assert sorted(session.scalars(select(Finding.identifier))) == ["a", "b", "c"]
    assert len(site.asked) == 2
