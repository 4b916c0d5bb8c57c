"""By date: whoever is to look at what a harvest found is reminded."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.exchange.commands.harvest_sources import locked_source, subject
from app.exchange.models import HarvestSource
from app.exchange.queries.harvests import awaited, found_runs, waits_since
from app.foundation.base import JSONObject
from app.history.commands import record
from app.organizations.calendars import calendars
from app.organizations.commands.reminding import remind_each
from app.organizations.reminders import Timed
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import Wait, progress
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import Machine


def remind_of_found(session: Session, now: datetime) -> int:
    """Remind of every reading whose findings nobody has looked at. Returns of how many."""
    runs = found_runs(session)
    days = calendars(session, {run.source.organization for run in runs})
    number = {run.source.reference: run.id for run in runs}
    waits = []
    for run in runs:
        clock = progress(Wait.FOUND_CHANGES, waits_since(run), now, calendar=days[run.source.organization_id])
        waits.append(Timed(awaited(run.source), waits_since(run), clock))

    def lock(wait: Timed) -> HarvestSource | None:
        source = locked_source(session, wait.awaited.ref)
        still = {run.id for run in found_runs(session, source.id)}
        return source if number[source.reference] in still else None

    def note(source: HarvestSource, facts: JSONObject) -> None:
        permit(Action.REMIND_OF_FOUND, frozenset(SYSTEM.extra), Machine.HARVEST, source.state)
        told = {"title": source.name, "run": number[source.reference], **facts}
        record(session, Event.HARVEST_REMINDED, SYSTEM, subject(source), now, told)

    return remind_each(session, waits, lock, note)
