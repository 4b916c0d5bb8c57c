"""A press with keys of its own, and a grant in force, for tests of what follows from one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.foundation.files import FileStore
from app.grants.commands.letters import Press
from app.grants.commands.letters import press as press_of
from app.grants.models import Grant
from app.letters.keys import ensure_keys
from tests.factories.grants import CONSORTIUM, NOW, make_active, make_ready_cast, press_in
from tests.factories.proposals import Cast


@pytest.fixture(autouse=True)
def at_the_time_of_the_story() -> Iterator[None]:
    """It is the day on which the grants of these tests are issued."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    return press_in(tmp_path_factory.mktemp("press"))


@pytest.fixture
def store() -> FileStore:
    return FileStore("memory:///")


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_ready_cast(session, 1)


@pytest.fixture
def active(session: Session, store: FileStore, press: Press, cast: Cast) -> Grant:
    return make_active(session, store, press, cast)


@pytest.fixture
def installed(app: Flask) -> Press:
    """The press of the application under test, with its keys."""
    settings = app.config
    folder = Path(str(settings["ONEPACT_HOME"])) / "keys"
    ensure_keys(folder, str(settings["SEAL_PASSPHRASE"]), CONSORTIUM, NOW)
    return press_of(settings)


@pytest.fixture
def ready(session: Session) -> Cast:
    return make_ready_cast(session, 1)


@pytest.fixture
def granted(session: Session, app: Flask, installed: Press, ready: Cast) -> Grant:
    files: FileStore = app.extensions["onepact_files"]
    grant = make_active(session, files, installed, ready)
    session.commit()
    return grant
