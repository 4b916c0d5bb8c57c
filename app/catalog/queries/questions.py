"""Questions on datasets: those of a page, those that wait for a steward, and those that one asked oneself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.catalog.models import Dataset, DatasetQuestion
from app.catalog.queries.listings import NOT_THERE
from app.catalog.standing import known_to, standing, steward_of
from app.foundation.errors import NotFound
from app.foundation.text import clean_line
from app.organizations.naming import Awaited
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Calendar, Progress, Wait, progress
from app.rules.permissions import allowed, may
from app.rules.roles import Role
from app.rules.visibility import sees
from app.rules.workflow import Machine, QuestionState

# A page shows so many; a dataset that is asked more has an answer for most in its description.
MOST_SHOWN = 100


@dataclass(frozen=True)
class SeenQuestion:
    """A question as one viewer sees it, with what the viewer may do about it."""

    row: DatasetQuestion
    acts: frozenset[Action]
    is_own: bool


def questions_on(session: Session, viewer: Actor, dataset: Dataset) -> list[SeenQuestion]:
    """The questions of a page that this viewer may read, the newest first. `dataset.admitted` must be loaded."""
    roles = standing(viewer, dataset)
    states = [state for state in QuestionState if sees(roles, Machine.LISTING_QUESTION, state)]
    wanted = _whole().where(DatasetQuestion.dataset_id == dataset.id, DatasetQuestion.state.in_(states))
    rows = session.scalars(
        wanted.order_by(DatasetQuestion.asked_at.desc(), DatasetQuestion.id.desc()).limit(MOST_SHOWN)
    )
    return [
        SeenQuestion(
            row,
            allowed(roles, Machine.LISTING_QUESTION, row.state),
            viewer.person_id is not None and row.person_id == viewer.person_id,
        )
        for row in rows
    ]


def question_by_reference(session: Session, viewer: Actor, reference: str) -> DatasetQuestion:
    """One question, on a listing that the viewer may know of.

    Raises:
        NotFound: there is none, or none that the viewer may read.
    """
    wanted = _whole().join(Dataset, Dataset.id == DatasetQuestion.dataset_id)
    row = session.scalar(
        wanted.where(DatasetQuestion.reference == clean_line(reference[:40]).upper(), known_to(viewer))
    )
    if row is None or not sees(standing(viewer, row.dataset), Machine.LISTING_QUESTION, row.state):
        raise NotFound(NOT_THERE)
    return row


def unanswered(session: Session, viewer: Actor) -> list[DatasetQuestion]:
    """The open questions that the viewer may have to see to, the oldest first: on its own datasets, or as an officer."""
    wanted = (
        _whole()
        .join(Dataset, Dataset.id == DatasetQuestion.dataset_id)
        .where(DatasetQuestion.state == QuestionState.OPEN)
    )
    if not may(viewer.consortium_roles, Action.HIDE_QUESTION):
        wanted = wanted.where(Dataset.organization_id.in_(steward_of(viewer)))
    return list(session.scalars(wanted.where(known_to(viewer)).order_by(DatasetQuestion.asked_at, DatasetQuestion.id)))


def own_unanswered(session: Session, viewer: Actor) -> list[DatasetQuestion]:
    """The viewer's own questions that nobody has answered yet, on datasets that the viewer still may know of."""
    wanted = _whole().join(Dataset, Dataset.id == DatasetQuestion.dataset_id)
    own = DatasetQuestion.person_id == viewer.person_id
    wanted = wanted.where(own, DatasetQuestion.state == QuestionState.OPEN, known_to(viewer))
    return list(session.scalars(wanted.order_by(DatasetQuestion.asked_at, DatasetQuestion.id)))


def clock_of(question: DatasetQuestion, now: datetime, calendar: Calendar) -> Progress:
    """The clock of its answer, in the data partner's working days; one that was hidden waits anew since it is shown again."""
    return progress(Wait.LISTING_QUESTION, question.shown_at or question.asked_at, now, calendar=calendar)


def awaited(question: DatasetQuestion) -> Awaited:
    """Who is waited for: the steward of the dataset, then the deputy. `question.dataset` must be loaded."""
    partner = question.dataset.organization_id
    return Awaited("listing_question", question.reference, partner, (Role.STEWARD,), (Role.DEPUTY,))


def _whole() -> Select[DatasetQuestion]:
    return select(DatasetQuestion).options(
        selectinload(DatasetQuestion.organization),
        selectinload(DatasetQuestion.dataset).selectinload(Dataset.organization),
        selectinload(DatasetQuestion.dataset).selectinload(Dataset.admitted),
    )
