"""An organization's own calendar: the days on which it is closed besides holidays, and the time zone of its days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.history.commands import record
from app.organizations.calendars import ClosedDay, zones_known
from app.organizations.commands.acting import about, locked_organization
from app.organizations.details import Defaults
from app.organizations.models import Organization
from app.organizations.queries import NOT_THERE
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event

LONGEST_REASON = 200
# Far enough for the plans of a year, and near enough to be meant.
_EARLIEST, _LATEST = timedelta(days=31), timedelta(days=731)
_MOST_A_YEAR = 60


def add_closed_day(
    session: Session, actor: Actor, organization_id: int, day: date | None, reason: str, now: datetime
) -> ClosedDay:
    """Close an organization on a day: no clock that waits for it counts the day.

    Raises:
        Invalid: no day or reason, a day too far away, one that is closed already, or more than 60 in a year.
    """
    row = locked_organization(session, actor, organization_id, Action.EDIT_ORGANIZATION)
    words = clean_line(reason)
    if day is None or not now.date() - _EARLIEST <= day <= now.date() + _LATEST:
        raise Invalid(N_("Enter a day from last month on and within two years, like 24 12 2026."), field="day")
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(N_("Say why, in up to 200 characters, such as: office move."), field="reason")
    known = session.scalars(select(ClosedDay.day).where(ClosedDay.organization_id == row.id)).all()
    if day in known:
        raise Invalid(N_("This day is closed already. Choose another one."), field="day")
    if sum(each.year == day.year for each in known) >= _MOST_A_YEAR:
        raise Invalid(
            N_("An organization can close on up to 60 days a year. Take one off the list first."), field="day"
        )
    closed = ClosedDay(organization_id=row.id, day=day, reason=words, added_by_id=actor.person_id, added_at=now)
    session.add(closed)
    session.flush()
    _record(session, actor, row, {"added": day.isoformat(), "reason": words}, now)
    return closed


def remove_closed_day(session: Session, actor: Actor, organization_id: int, closed_day_id: int, now: datetime) -> None:
    """Take a closed day back: it counts again as any other.

    Raises:
        NotFound: the organization has no such day.
    """
    row = locked_organization(session, actor, organization_id, Action.EDIT_ORGANIZATION)
    closed = session.get(ClosedDay, closed_day_id)
    if closed is None or closed.organization_id != row.id:
        raise NotFound(NOT_THERE)
    session.delete(closed)
    session.flush()
    _record(session, actor, row, {"removed": closed.day.isoformat()}, now)


def set_time_zone(session: Session, actor: Actor, organization_id: int, zone: str, now: datetime) -> Organization:
    """Say in which time zone the organization's days begin.

    Raises:
        Invalid: there is no such zone.
    """
    row = locked_organization(session, actor, organization_id, Action.EDIT_ORGANIZATION)
    if zone not in zones_known():
        raise Invalid(N_("Choose a time zone from the list, like America/Bogota."), field="time_zone")
    row.defaults = {**row.defaults, **replace(Defaults.from_json(row.defaults), time_zone=zone).to_json()}
    session.flush()
    _record(session, actor, row, {"time_zone": zone}, now)
    return row


def _record(session: Session, actor: Actor, row: Organization, facts: dict[str, object], now: datetime) -> None:
    record(session, Event.CLOSED_DAYS_CHANGED, actor, about(actor, row), now, {"name": row.name, **facts})
