"""What happens to outputs by date: reminders, and what the terms say where the data partner does not answer in time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.calendars import secretariat_calendar
from app.outputs.commands.acting import latest, locked, moved
from app.outputs.commands.reading import cleared
from app.outputs.models import Output, OutputDraft
from app.outputs.queries.clock import share_used
from app.outputs.queries.terms import silence_clears
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import reminder_share
from app.rules.outputs import STILL_OPEN, TEST, answer_by
from app.rules.workflow import OutputState


def answer_late(session: Session, now: datetime) -> int:
    """After the deadline: the secretariat tests the output; it is cleared only where the terms say that silence clears it, and
    nobody had begun to write what is to change.
    """
    late = select(Output.reference).where(Output.state == OutputState.IN_READING, Output.answer_by < now)
    references = session.scalars(late.order_by(Output.id)).all()
    for reference in references:
        grant, row = locked(session, reference)
        if row.state is not OutputState.IN_READING or row.answer_by is None or row.answer_by >= now:
            continue  # answered, or submitted again, before the lock was had
        version = latest(session, row)
        if silence_clears(grant) and version.sha256 and not _is_objected_to(session, version.id):
            cleared(session, Action.CLEAR_BY_SILENCE, SYSTEM, (grant, row), now)
        else:
            moved(session, Action.ESCALATE_OUTPUT, SYSTEM, grant, row, now)
            row.answer_by = answer_by(now, TEST, secretariat_calendar(session))
            session.flush()
    return len(references)


def _is_objected_to(session: Session, version_id: int) -> bool:
    """Whether a reader of this version noted a change and has not sent it: that is no silence."""
    return session.scalar(select(OutputDraft.id).where(OutputDraft.version_id == version_id).limit(1)) is not None


def remind_due(session: Session, now: datetime) -> int:
    """Remind whoever is next, at 50, 80 and 100 % of the time and once more after it."""
    waiting = select(Output).where(Output.state.in_(STILL_OPEN), Output.answer_by.is_not(None)).order_by(Output.id)
    # Looked at without a lock first: on most runs there is nothing to do.
    due = [row.reference for row in session.scalars(waiting) if _share(row, now)]
    count = 0
    for reference in due:
        grant, row = locked(session, reference)
        share = _share(row, now)
        if share:
            row.reminded = share
            moved(session, Action.REMIND_OF_OUTPUT, SYSTEM, grant, row, now, percent=share)
            count += 1
    return count


def _share(row: Output, now: datetime) -> int:
    """The share at which whoever is next is to be reminded now; 0 where not."""
    if row.state not in STILL_OPEN:
        return 0
    return reminder_share(share_used(row, now), row.reminded)
