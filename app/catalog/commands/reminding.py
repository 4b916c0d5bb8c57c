"""By date: whoever is to answer a question on a dataset's page is reminded."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.catalog.commands.questions import locked_question, note_question
from app.catalog.models import DatasetQuestion
from app.catalog.queries.questions import clock_of
from app.organizations.calendars import calendars_of
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import PLAIN, Calendar, reminder_share
from app.rules.permissions import permit
from app.rules.workflow import Machine, QuestionState


def remind_due(session: Session, now: datetime) -> int:
    """Remind at 50, 80 and 100 % of the data partner's working days, and once more after them. Returns how many."""
    found = select(DatasetQuestion).where(DatasetQuestion.state == QuestionState.OPEN).order_by(DatasetQuestion.id)
    waiting = session.scalars(found.options(selectinload(DatasetQuestion.dataset))).all()
    days = calendars_of(session, {row.dataset.organization_id for row in waiting}) if waiting else {}
    # Looked at without a lock first: on most runs there is nothing to do.
    due = [row.reference for row in waiting if _share(row, now, days)]
    count = 0
    for reference in due:
        row = locked_question(session, reference)
        share = _share(row, now, days)
        if share:
            permit(Action.REMIND_OF_QUESTION, frozenset(SYSTEM.extra), Machine.LISTING_QUESTION, row.state)
            row.reminded = share
            note_question(session, SYSTEM, row, Action.REMIND_OF_QUESTION, now, percent=share)
            count += 1
    return count


def _share(row: DatasetQuestion, now: datetime, days: Mapping[int, Calendar]) -> int:
    """The share of the wait at which somebody is to be reminded now; 0 where nobody is."""
    if row.state is not QuestionState.OPEN:
        return 0
    clock = clock_of(row, now, days.get(row.dataset.organization_id, PLAIN))
    return reminder_share(clock.percent, row.reminded)
