"""The calendar of each organization: its country's working days, its time zone, and the days it is closed besides."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.base import Base, intpk
from app.organizations.models import Organization
from app.rules.calendar import PLAIN, Calendar
from app.rules.roles import Kind

UTC_ZONE = "UTC"


class ClosedDay(Base):
    """A day on which an organization does not work, besides weekends and public holidays."""

    __tablename__ = "closed_day"

    id: Mapped[intpk]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organization_id", "day"),)


def closed_days(session: Session, organization_id: int) -> list[ClosedDay]:
    """The days that an organization added itself, the earliest first."""
    wanted = select(ClosedDay).where(ClosedDay.organization_id == organization_id)
    return list(session.scalars(wanted.order_by(ClosedDay.day)))


def calendars(session: Session, organizations: Iterable[Organization]) -> dict[int, Calendar]:
    """The calendars of organizations that are loaded already, by their key, in one statement."""
    rows = {row.id: row for row in organizations}
    closed: dict[int, set[date]] = {key: set() for key in rows}
    found = select(ClosedDay.organization_id, ClosedDay.day).where(ClosedDay.organization_id.in_(rows))
    for organization_id, day in session.execute(found) if rows else ():
        closed[organization_id].add(day)
    return {key: Calendar(row.country, zone_of(row), frozenset(closed[key])) for key, row in rows.items()}


def calendars_of(session: Session, organization_ids: Collection[int]) -> dict[int, Calendar]:
    """The calendars of organizations by their keys, in two statements."""
    return calendars(session, session.scalars(select(Organization).where(Organization.id.in_(organization_ids))))


def calendar_of(session: Session, organization_id: int) -> Calendar:
    """The calendar of one organization."""
    return calendars_of(session, [organization_id]).get(organization_id, PLAIN)


def secretariat_calendar(session: Session) -> Calendar:
    """The calendar of the secretariat; Monday to Friday before there is one."""
    found = calendars(session, session.scalars(select(Organization).where(Organization.kind == Kind.SECRETARIAT)))
    return next(iter(found.values()), PLAIN)


def zone_of(organization: Organization) -> str:
    """The time zone in which an organization's days begin: its own answer, or UTC."""
    zone = str(organization.defaults.get("time_zone") or UTC_ZONE)
    return zone if zone in zones_known() else UTC_ZONE


def zones_known() -> frozenset[str]:
    """The names that a time zone may have."""
    return _ZONES


_ZONES = frozenset(available_timezones())
