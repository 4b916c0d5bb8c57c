"""What some people of the demo want of their mail: one mail a day, one a week, quiet nights where they live."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.correspondence.commands import Wishes, choose
from app.demo.people import FOUNDED_DAYS_AGO
from app.demo.stage import Stage
from app.rules.mail import PRESETS, Preset

# Who, which ready-made set, and their time zone with quiet hours.
WANTED = (
    ("Renata Ocampo", Preset.CALM, Wishes("en", "America/Bogota", "20:00", "07:00")),
    ("Pieter Adler", Preset.WEEKLY, Wishes("en", "Europe/Zurich", "", "")),
    ("Amara Nwosu", Preset.MUST, Wishes("en", "Africa/Lagos", "21:30", "06:30")),
    ("Lucía Prado", Preset.EVERYTHING, Wishes("en", "Europe/Madrid", "", "")),
)


def plan_mail(stage: Stage) -> None:
    """A month after they joined, each chooses once."""
    moment = stage.now - timedelta(days=FOUNDED_DAYS_AGO - 30)
    for name, preset, wishes in WANTED:
        stage.plan(moment, _choosing(stage, name, preset, wishes))


def _choosing(stage: Stage, name: str, preset: Preset, wishes: Wishes) -> Callable[[datetime], None]:
    return lambda now: choose(stage.session, stage.acting(name, now), PRESETS[preset], wishes, now)
