"""By date: whoever is next on a delivery is reminded, at the shares of the wait at which everybody is reminded."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.delivery.commands.acting import locked
from app.delivery.models import Delivery
from app.delivery.queries import calendars_waited, clock_of, is_waited_for, waiting
from app.grants.commands.acting import record_event
from app.grants.models import Grant
from app.grants.queries.rests import Rests, rests_of
from app.grants.sides import sides
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import Calendar, reminder_share
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.workflow import Machine


def remind_due(session: Session, now: datetime) -> int:
    """Remind of each delivery whose next share has come, each once. Returns how many."""
    count, rows = 0, waiting(session)
    days = calendars_waited(session, rows) if rows else {}
    rested = rests_of(session, (row.grant for row in rows))
    # Looked at without a lock first: on most runs there is nothing to do.
    for number in [row.grant.number for row in rows if _share(row.grant, row, now, days, rested)]:
        grant, row = locked(session, number)
        share = _share(grant, row, now, days, rested)
        if share:
            permit(Action.REMIND_OF_DELIVERY, sides(session, SYSTEM, grant), Machine.DELIVERY, row.state)
            row.reminded = share
            record_event(session, Event.DELIVERY_REMINDED, SYSTEM, grant, now, {"percent": share})
            count += 1
    return count


def _share(grant: Grant, row: Delivery, now: datetime, days: Mapping[int, Calendar], rested: Rests) -> int:
    clock = clock_of(grant, row, now, days, rested)
    if clock is None or not is_waited_for(grant, row, now):
        return 0
    return reminder_share(clock.percent, row.reminded)
