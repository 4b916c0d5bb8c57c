"""The demo can be loaded on any day, and each link of everybody's inbox opens then: its moments lie before that day."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from app.demo.loading import load
from app.web.database import db
from tests.support.demo import closed_links, demo_in
from tests.support.server import initialized

# Each day of a week, in small hours and late; a leap day, the turn of a year, a holiday, and long after the agreement.
MOMENTS = (
    datetime(2026, 11, 30, 0, 5, tzinfo=UTC),
    datetime(2026, 12, 1, 3, 30, tzinfo=UTC),
    datetime(2026, 12, 2, 10, 0, tzinfo=UTC),
    datetime(2026, 12, 3, 23, 55, tzinfo=UTC),
    datetime(2026, 12, 4, 17, 0, tzinfo=UTC),
    datetime(2026, 12, 5, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 6, 6, 0, tzinfo=UTC),
    datetime(2027, 1, 1, 9, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.strftime("%a %d %b %Y %H:%M"))
def test_the_demo_is_whole_on_any_day(moment: datetime, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(initialized(), home)
    app = demo_in(home)
    with time_machine.travel(moment):
        with app.app_context():
            load(app, db.session, moment)
        assert not list(closed_links(app, set()))
