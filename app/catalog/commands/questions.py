"""Questions on a dataset's page: asked by people of other organizations, answered by its steward, hidden by the secretariat."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.catalog.commands.acts import allow, locked
from app.catalog.models import Dataset, DatasetQuestion
from app.catalog.queries.listings import NOT_THERE
from app.catalog.standing import standing
from app.foundation.errors import Invalid, NotFound
from app.foundation.numbers import plain_reference
from app.foundation.text import clean
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import permit
from app.rules.visibility import sees
from app.rules.workflow import Machine, QuestionState, transition

SHORTEST, LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_REASON = 10, 1000, 3000, 500
# So much and no more, so that nobody's page is filled by one person.
MOST_OPEN_ON_ONE, MOST_A_DAY = 3, 10


def ask(session: Session, actor: Actor, reference: str, text: str, now: datetime) -> DatasetQuestion:
    """Ask a question that everyone reads who sees the listing. The asker's organization stands beside it, not the person.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say.
        Invalid: the question is too short or too long, stands there already, or the person asks very many.
    """
    dataset = locked(session, reference)
    allow(Action.ASK_QUESTION, actor, dataset)
    said = _text(text, SHORTEST, LONGEST_QUESTION, "text")
    _require_room(session, actor, dataset, said, now)
    row = DatasetQuestion(
        reference=plain_reference(session, "QU"),
        dataset_id=dataset.id,
        person_id=actor.person_id,
        organization_id=min(actor.organization_ids - {dataset.organization_id}),
        state=QuestionState.OPEN,
        text=said,
        asked_at=now,
        answer="",
        hidden_reason="",
    )
    row.dataset = dataset
    session.add(row)
    session.flush()
    note_question(session, actor, row, Action.ASK_QUESTION, now)
    return row


def answer(session: Session, actor: Actor, question: str, text: str, now: datetime) -> DatasetQuestion:
    """Answer a question, or write its answer anew."""
    row = _permitted(session, actor, question, Action.ANSWER_QUESTION)
    said = _text(text, 1, LONGEST_ANSWER, "answer")
    row.answer, row.answered_at, row.answered_by_id = said, now, actor.person_id
    return _moved(session, actor, row, Action.ANSWER_QUESTION, now)


def hide(session: Session, actor: Actor, question: str, reason: str, now: datetime) -> DatasetQuestion:
    """Take a question off the page. Whoever asked it is told why."""
    row = _permitted(session, actor, question, Action.HIDE_QUESTION)
    row.hidden_reason, row.hidden_at = _text(reason, 1, LONGEST_REASON, "reason"), now
    return _moved(session, actor, row, Action.HIDE_QUESTION, now)


def show(session: Session, actor: Actor, question: str, now: datetime) -> DatasetQuestion:
    """Put a hidden question back on the page, with its answer where it has one; else its answer is waited for anew."""
    row = locked_question(session, question)
    action = Action.SHOW_ANSWERED_QUESTION if row.answer else Action.SHOW_QUESTION
    _permit(actor, row, action)
    row.hidden_at, row.hidden_reason, row.shown_at, row.reminded = None, "", now, None
    return _moved(session, actor, row, action, now)


def _permitted(session: Session, actor: Actor, question: str, action: Action) -> DatasetQuestion:
    row = locked_question(session, question)
    _permit(actor, row, action)
    return row


def locked_question(session: Session, question: str) -> DatasetQuestion:
    """The question with its dataset, its row locked until the transaction ends; raises NotFound."""
    row = session.scalar(
        select(DatasetQuestion)
        .where(DatasetQuestion.reference == question)
        .options(
            selectinload(DatasetQuestion.dataset).selectinload(Dataset.admitted),
            selectinload(DatasetQuestion.dataset).selectinload(Dataset.organization),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def _permit(actor: Actor, row: DatasetQuestion, action: Action) -> None:
    roles = standing(actor, row.dataset)
    if not sees(roles, Machine.LISTING, row.dataset.state):
        raise NotFound(NOT_THERE)
    permit(action, roles, Machine.LISTING_QUESTION, row.state)


def _moved(session: Session, actor: Actor, row: DatasetQuestion, action: Action, now: datetime) -> DatasetQuestion:
    row.state = QuestionState(str(transition(action).target))
    session.flush()
    note_question(session, actor, row, action, now)
    return row


def _require_room(session: Session, actor: Actor, dataset: Dataset, text: str, now: datetime) -> None:
    own = DatasetQuestion.person_id == actor.person_id
    here = list(session.scalars(select(DatasetQuestion).where(own, DatasetQuestion.dataset_id == dataset.id)))
    if any(one.text == text for one in here):
        raise Invalid(N_("You asked this here before. You are told when it is answered."), "text")
    if sum(one.state is QuestionState.OPEN for one in here) >= MOST_OPEN_ON_ONE:
        raise Invalid(
            N_("Three of your questions wait for an answer here. Ask the next one once they are answered."), "text"
        )
    recent = select(func.count()).where(own, DatasetQuestion.asked_at > now - timedelta(days=1))
    if (session.scalar(recent) or 0) >= MOST_A_DAY:
        raise Invalid(N_("You asked ten questions within a day. Ask the next one tomorrow."), "text")


def _text(text: str, shortest: int, longest: int, field: str) -> str:
    said = clean(text).strip()
    if len(said) < shortest:
        raise Invalid(N_("Write a sentence or two. Everyone who sees the page reads it."), field)
    if len(said) > longest:
        raise Invalid(N_("Shorten this to %(most)s characters.") % {"most": f"{longest:,}"}, field)
    return said


def note_question(
    session: Session, actor: Actor, row: DatasetQuestion, action: Action, now: datetime, **facts: object
) -> None:
    """Record the event of an act on a question."""
    event = transition(action).event
    if event is not None:
        told = {"title": row.dataset.title, "listing": row.dataset.reference, **facts}
        record(session, event, actor, Subject("listing_question", row.reference), now, told)
