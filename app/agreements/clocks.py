"""The clock of an accession: to sign, in the organization's calendar; to countersign, in the secretariat's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.organizations.calendars import calendar_of, calendars, secretariat_calendar
from app.rules.calendar import Calendar, Progress, Wait, progress
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


def _clock(row: Accession, now: datetime, calendar: Calendar) -> Progress:
    since = row.signed_at if row.signed_at is not None else row.opened_at
    return progress(_WAITS[row.state], since, now, calendar=calendar)
