"""What becomes of open questions about the datasets of a data partner that has left the common agreement."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.orm import Session

from app.agreements.binding import left
from app.catalog.commands.questions import hide
from app.catalog.models import Dataset, DatasetQuestion
from app.organizations.models import Organization
from app.rules.actors import SYSTEM
from app.rules.roles import Capacity
from app.rules.workflow import QuestionState


def close_questions_of(session: Session, partner: Organization, now: datetime) -> int:
    """Let nobody wait for an answer of a data partner that has left: whoever asked reads why. Returns how many questions."""
    reason = f"{partner.name} has left the common agreement, so nobody answers questions about its datasets any more."
    open_ones = select(DatasetQuestion.reference).join(Dataset, Dataset.id == DatasetQuestion.dataset_id)
    theirs = open_ones.where(Dataset.organization_id == partner.id, _is_open())
    found = session.scalars(theirs.order_by(DatasetQuestion.id)).all()
    for reference in found:
        hide(session, SYSTEM, reference, reason, now)
    return len(found)


def sides_that_left() -> list[Select[int, str]]:
    """Whoever has left while an answer of theirs is still waited for, with its capacity."""
    capacity = Capacity.DATA_PARTNER
    asked = select(Dataset.organization_id, literal(capacity.value))
    asked = asked.join(DatasetQuestion, DatasetQuestion.dataset_id == Dataset.id)
    return [asked.where(_is_open(), left(Dataset.organization_id, capacity))]


def _is_open() -> ColumnElement[bool]:
    return DatasetQuestion.state == QuestionState.OPEN
