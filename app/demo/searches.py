"""Searches that some people of the demo keep, each looked into by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.demo.people import FOUNDED_DAYS_AGO
from app.demo.stage import Stage
from app.rules.mail import Cadence
from app.rules.mail_hours import Hours
from app.search.addresses import read
from app.search.commands import save

# Who, what they look for as it stands in an address, what they call it, and how often they want to hear of new datasets.
KEPT = (
    ("Rosa Lindqvist", "q=mobility&country=CO", "Mobility in Colombia", Cadence.WEEKLY),
    ("Rosa Lindqvist", "theme=payments", "Payments, anywhere", Cadence.DAILY),
    ("Pieter Adler", "country=PE&country=EC", "The Andes", Cadence.OFF),
)


def plan_searches(stage: Stage) -> None:
    """Two months after the beginning, each is saved once."""
    moment = stage.now - timedelta(days=FOUNDED_DAYS_AGO - 60)
    for name, question, words, cadence in KEPT:
        stage.plan(moment, _saving(stage, name, question, words, cadence))


def _saving(stage: Stage, name: str, question: str, words: str, cadence: Cadence) -> Callable[[datetime], None]:
    return lambda now: _save(stage, name, question, words, cadence, now)


def _save(stage: Stage, name: str, question: str, words: str, cadence: Cadence, now: datetime) -> None:
    save(stage.session, stage.acting(name, now), read(question), words, cadence, Hours(), now)
