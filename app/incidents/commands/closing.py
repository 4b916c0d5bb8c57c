"""An incident is reported in full and closed with what was done; whoever is next is reminded."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.grants.models import Grant
from app.incidents.commands.acting import locked, move, permitted, record_on, words_of
from app.incidents.models import Incident
from app.incidents.queries.waits import share_used, waited_for
from app.organizations.calendars import calendar_of, calendars_of
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import Calendar, reminder_share
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import IncidentState, Machine


def report_in_full(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> Incident:
    """Give the full report (clause 16.4)."""
    grant, row = locked(session, reference)
    after = permitted(session, Action.REPORT_IN_FULL, actor, grant, row)
    row.full_report = words_of(
        words,
        N_("Say what happened, which data and how many are concerned, what was done, and what will change."),
        "words",
    )
    move(row, after, now)
    record_on(session, Event.INCIDENT_REPORTED_IN_FULL, actor, grant, row, now, {})
    return row


def close(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> Incident:
    """Close it with what was done. Raises Invalid without words."""
    grant, row = locked(session, reference)
    after = permitted(session, Action.CLOSE_INCIDENT, actor, grant, row)
    row.outcome = words_of(words, N_("Say what was done, so that the record closes with it."), "words")
    row.closed_by_id = actor.person_id
    move(row, after, now)
    record_on(session, Event.INCIDENT_CLOSED, actor, grant, row, now, {})
    return row


def remind_due(session: Session, now: datetime) -> int:
    """Remind whoever owes the full report, or closes what was reported. Returns how many."""
    waiting = select(Incident, Grant).join(Grant, Grant.id == Incident.grant_id).order_by(Incident.id)
    rows = session.execute(waiting.where(Incident.state != IncidentState.CLOSED)).all()
    days = calendars_of(session, {waited_for(grant, row) for row, grant in rows}) if rows else {}
    count = 0
    for reference in [row.reference for row, grant in rows if _share(row, now, days[waited_for(grant, row)])]:
        grant, row = locked(session, reference)
        share = _share(row, now, calendar_of(session, waited_for(grant, row)))
        if share:
            row.reminded = share
            permit(Action.REMIND_OF_INCIDENT, frozenset(SYSTEM.extra), Machine.INCIDENT, row.state)
            record_on(session, Event.INCIDENT_REMINDED, SYSTEM, grant, row, now, {"percent": share})
            count += 1
    return count


def _share(row: Incident, now: datetime, calendar: Calendar) -> int:
    """The share of the time at which whoever is next is to be reminded now; 0 where not."""
    if row.state is IncidentState.CLOSED:
        return 0
    return reminder_share(share_used(row, now, calendar), row.reminded)
