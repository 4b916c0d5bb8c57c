"""Each link of everybody's inbox opens: on the days to come too, while nobody but the worker does anything."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app import worker
from app.foundation.clock import now
from tests.support.demo import closed_links, demo_in, everybody
from tests.support.server import copy_of_demo

pytestmark = pytest.mark.slow
# Reminders, deputies, the secretariat; then parked proposals, ended grants, lapsed duties, letters that run out.
DAYS_TO_COME = (1, 2, 3, 4, 7, 10, 16, 30, 61, 120, 400)


def test_every_link_of_every_inbox_opens_on_the_days_to_come(tmp_path: Path) -> None:
    app, opened = demo_in(copy_of_demo(tmp_path / "home")), set[tuple[int, str]]()
    today = now()
    for days in (0, *DAYS_TO_COME):
        with time_machine.travel(today + timedelta(days=days)):
            if days:
                worker.run_schedule(app, now())
                worker.drain(app)
            assert not list(closed_links(app, opened)), f"{days} days from now"
    assert len(opened) > len(everybody(app)), "there was something to open"
