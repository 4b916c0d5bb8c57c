"""Each link of everybody's inbox opens: on the days to come too, while nobody but the worker does anything."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

import config
from app import worker
from app.foundation.clock import now
from app.organizations.models import Person
from app.web.database import db
from tests.support.application import Client
from tests.support.demo import links_of
from tests.support.server import copy_of_demo

pytestmark = pytest.mark.slow
# Reminders, deputies, the secretariat; then parked proposals, ended grants, lapsed duties, letters that run out.
DAYS_TO_COME = (1, 2, 3, 4, 7, 10, 16, 30, 61, 120, 400)


@pytest.fixture
def demo_of_one_own(tmp_path: Path) -> Flask:
    from app.factory import create_app

    app = create_app(config.read({"ONEPACT_HOME": str(copy_of_demo(tmp_path / "home"))}))
    app.testing = True
    app.test_client_class = Client
    return app


def everybody(app: Flask) -> Sequence[Person]:
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.active).order_by(Person.id)).all()


def closed_links(app: Flask, opened: set[tuple[int, str]]) -> Iterator[str]:
    """What does not open of that which an inbox of this moment leads to, but for what was opened before."""
    for person in everybody(app):
        client = app.test_client()
        assert isinstance(client, Client)
        client.sign_in_as(person)
        page = client.get("/inbox")
        if page.status_code >= 400:
            yield f"{person.name}: the inbox itself, {page.status}"
        for address in links_of(page):
            if (person.id, address) not in opened:
                opened.add((person.id, address))
                answer = client.get(address)
                if answer.status_code >= 400:
                    yield f"{person.name}: {address}, {answer.status}"


def test_every_link_of_every_inbox_opens_on_the_days_to_come(demo_of_one_own: Flask) -> None:
    app, opened = demo_of_one_own, set[tuple[int, str]]()
    today = now()
    for days in (0, *DAYS_TO_COME):
        with time_machine.travel(today + timedelta(days=days)):
            if days:
                worker.run_schedule(app, now())
                worker.drain(app)
            assert not list(closed_links(app, opened)), f"{days} days from now"
    assert len(opened) > len(everybody(app)), "there was something to open"
