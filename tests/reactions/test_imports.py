"""Large imports: part by part, each once whatever happens in between, and a mail at the end; large looks write nothing."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from app import worker
from app.catalog.models import Dataset
from app.exchange.commands.findings import findings_of
from app.exchange.commands.import_runs import PART, begin_import, leave_to_worker
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import Choices
from app.factory import create_app
from app.foundation import clock
from app.foundation.stored_files import store_file
from app.organizations.models import Membership, Organization, Person
from app.outbox.commands import LEASE
from app.outbox.models import OutboxMessage
from app.reactions import imports, readings
from app.rules.imports import ImportState
from app.rules.roles import Role
from tests.catalog.people import actor, partner, person
from tests.support import run

_WORKER = """
import os, config
from app import worker
from app.factory import create_app
app = create_app(config.read(os.environ))
while worker.work_once(app): pass
"""
PATIENCE = 120


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme", lists_unchecked=True)


@pytest.fixture
def steward(session: Session, acme: Organization) -> Person:
    return person(session, acme, Role.STEWARD)


def begun(
    app: Flask, session: Session, acme: Organization, steward: Person, count: int, *, is_trial: bool = False
) -> CatalogImport:
    """An import of so many datasets and one row without a title, left to the worker."""
    rows = [{"identifier": str(n), "title": f"T{n}", "description": "D"} for n in range(count)] + [{"identifier": "x"}]
    data, owner = json.dumps({"dataset": rows}).encode(), ("import", acme.slug)
    files = app.extensions["onepact_files"]
    file = store_file(session, files, data, "c.json", "application/octet-stream", owner, clock.now())
    who = actor(acme, Role.STEWARD, who=steward)
    row = begin_import(
        session,
        who,
        acme,
        file.id,
        clock.now(),
        said=Choices(),
        publishes=not is_trial,
        is_trial=is_trial,
        by_page=True,
        seen={"form": "DCAT"},
    )
    leave_to_worker(session, row, clock.now())
    session.commit()
    return row


def datasets(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Dataset)) or 0


def test_a_large_import_comes_in_part_by_part_and_ends_with_a_mail(
    app: Flask, session: Session, acme: Organization, steward: Person
) -> None:
    row = begun(app, session, acme, steward, 2 * PART + 49)
    worker.drain(app, clock.now)
    assert datasets(session) == 2 * PART + 49
    assert (row.state, row.created, row.listed, row.refused) == (ImportState.DONE, 2 * PART + 49, 2 * PART + 49, 1)
    assert [one.title for one in findings_of(row).touched[:2]] == ["T0", "T1"]
    assert all(one.reference for one in findings_of(row).touched)
    (mail,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send"))
    assert mail.payload["to_email"] == steward.email
    assert mail.payload["subject"] == f"Imported: {2 * PART + 49} new, 1 refused"


def test_a_large_look_writes_no_listing_and_tells_nobody(
    app: Flask, session: Session, acme: Organization, steward: Person
) -> None:
    row = begun(app, session, acme, steward, PART + 1, is_trial=True)
    worker.drain(app, clock.now)
    assert datasets(session) == 0
    assert (row.state, row.rows, row.created, row.refused) == (ImportState.DONE, PART + 2, PART + 1, 1)
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send")).all() == []


def test_who_was_removed_meanwhile_imports_nothing(
    app: Flask, session: Session, acme: Organization, steward: Person
) -> None:
    row = begun(app, session, acme, steward, 5)
    session.scalars(select(Membership).where(Membership.person_id == steward.id)).one().ended_at = clock.now()
    session.commit()
    worker.drain(app, clock.now)
    assert datasets(session) == 0
    assert row.state is ImportState.FAILED
    assert row.problem
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send")).all() == []


def test_a_catalog_of_too_many_datasets_stops(
    app: Flask, session: Session, acme: Organization, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exchange.commands.import_runs.MOST_ROWS", PART + 10)
    row = begun(app, session, acme, steward, PART + 20, is_trial=True)
    worker.drain(app, clock.now)
    session.expire_all()
    assert (row.state, "flask catalog import" in row.problem) == (ImportState.FAILED, True)


def test_an_import_that_stops_tells_why_and_how_it_goes_on(
    app: Flask, session: Session, acme: Organization, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exchange.commands.import_runs.MOST_ROWS", PART + 10)
    row = begun(app, session, acme, steward, PART + 20)
    worker.drain(app, clock.now)
    session.expire_all()
    (mail,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send"))
    assert mail.payload["subject"] == f"Import it again: it stopped after {row.rows} datasets"
    assert row.problem in str(mail.payload["text"])


def test_a_worker_that_starts_in_the_midst_does_nothing_twice(
    app: Flask, session: Session, acme: Organization, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = begun(app, session, acme, steward, 2 * PART + 3)
    with app.app_context():
        while row.rows < PART:
            worker.work_once(app, clock.now)
            session.expire_all()
        monkeypatch.setattr(imports, "READINGS", readings.Readings())  # as a process that has just begun
        worker.drain(app, clock.now)
    assert (datasets(session), row.created, row.refused) == (2 * PART + 3, 2 * PART + 3, 1)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_worker_killed_in_the_midst_of_an_import_is_followed_by_one_that_goes_on(
    kind: str, make_database: Callable[[str], str], tmp_path: Path
) -> None:
    environ = {
        "ONEPACT_HOME": str(tmp_path), "DATABASE_URL": make_database(kind), "SECRET_KEY": secrets.token_hex(32),
        "SEAL_PASSPHRASE": secrets.token_hex(32),
    }  # fmt: skip
    app = create_app(config.read(environ))
    with app.app_context(), worker.writing() as session:
        acme = partner(session, "Acme", lists_unchecked=True)
        import_id = begun(app, session, acme, person(session, acme, Role.STEWARD), 5 * PART).id

    def rows() -> int:
        with app.app_context(), worker.reading() as session:
            return session.get_one(CatalogImport, import_id).rows

    process = subprocess.Popen([sys.executable, "-c", _WORKER], cwd=run.ROOT, env={**os.environ, **environ})
    try:
        end = time.monotonic() + PATIENCE
        while not rows() and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert 0 < rows() <= 5 * PART
    worker.drain(app, lambda: clock.now() + LEASE + timedelta(seconds=1))
    with app.app_context(), worker.reading() as session:
        row = session.get_one(CatalogImport, import_id)
        assert (row.state, row.rows, row.created, row.refused) == (ImportState.DONE, 5 * PART + 1, 5 * PART, 1)
        assert session.scalar(select(func.count()).select_from(Dataset)) == 5 * PART
