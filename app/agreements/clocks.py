"""The clock of an accession: to sign, in the organization's calendar; to countersign, in the secretariat's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.organizations.calendars import calendar_of, calendars, secretariat_calendar
from app.organizations.naming import Awaited
from app.organizations.queries import secretariat
from app.organizations.reminders import Timed
from app.rules.calendar import Calendar, Progress, Wait, progress
from app.rules.roles import Role
from app.rules.workflow import AccessionState

# What an accession in this state waits for; in the others nobody is waited for.
_WAITS = {AccessionState.OPEN: Wait.SIGNATURE, AccessionState.SIGNED: Wait.COUNTERSIGNATURE}
# Who can move an accession on from this state: the secretariat, or the organization's signatories.
SECRETARIAT_ACTS = frozenset({AccessionState.SIGNED})


@dataclass(frozen=True)
class Waiting:
    """An accession that waits for somebody, with its clock."""

    accession: Accession
    clock: Progress


def clock_of(session: Session, row: Accession | None, now: datetime) -> Progress | None:
    """The clock of what an accession waits for, in the calendar of whoever is waited for; None when it waits for nobody."""
    if row is None or row.state not in _WAITS:
        return None
    calendar = (
        secretariat_calendar(session) if row.state in SECRETARIAT_ACTS else calendar_of(session, row.organization_id)
    )
    return _clock(row, now, calendar)


def waiting_with_clocks(session: Session, rows: Sequence[Accession], now: datetime) -> list[Waiting]:
    """These accessions, each with its clock, in three statements."""
    if not rows:
        return []
    theirs, ours = calendars(session, {row.organization for row in rows}), secretariat_calendar(session)
    return [
        Waiting(row, _clock(row, now, ours if row.state in SECRETARIAT_ACTS else theirs[row.organization_id]))
        for row in rows
    ]


def timed(session: Session, rows: Sequence[Accession], now: datetime) -> list[Timed]:
    """These accessions as waits, each with who is awaited."""
    office = secretariat(session).id if rows else 0
    found = waiting_with_clocks(session, rows, now)
    return [Timed(awaited(each.accession, office), waits_since(each.accession), each.clock) for each in found]


def awaited(row: Accession, office: int) -> Awaited:
    """Who signs it, or countersigns it for the secretariat, which is the organization `office`."""
    if row.state in SECRETARIAT_ACTS:
        barred = frozenset({row.organization_id})
        return Awaited("accession", row.reference, office, (Role.DIRECTOR,), (Role.OFFICER,), barred=barred)
    signing = (Role.SIGNATORY,)
    return Awaited("accession", row.reference, row.organization_id, signing, substitutes=(Role.FOCAL_POINT,))


def waits_since(row: Accession) -> datetime:
    """When what it waits for now began."""
    return row.signed_at if row.signed_at is not None else row.opened_at


def _clock(row: Accession, now: datetime, calendar: Calendar) -> Progress:
    return progress(_WAITS[row.state], waits_since(row), now, calendar=calendar)
