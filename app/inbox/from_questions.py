"""Rows of questions on datasets: to answer, with one named person and a clock, and one's own that wait for an answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, or_
from sqlalchemy.orm import Session

from app.catalog.models import Dataset, DatasetQuestion
from app.catalog.queries import own_unanswered, unanswered
from app.catalog.queries.questions import awaited, clock_of
from app.catalog.standing import steward_of
from app.foundation.words import N_
from app.organizations.calendars import calendars_of
from app.organizations.naming import Key, Name, named_for
from app.rules.actions import Action
from app.rules.actors import Actor, initials_of
from app.rules.calendar import PLAIN, Calendar, Progress
from app.rules.ladder import Named
from app.rules.permissions import may
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import QuestionState

_SHORT = 90
Names = Mapping[Key, Named[Name]]
Calendars = Mapping[int, Calendar]


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What the viewer answers, sees to, or waits for."""
    is_answering = bool(steward_of(viewer)) or _sees_to(viewer)
    waiting = unanswered(session, viewer) if is_answering else []
    own = own_unanswered(session, viewer)
    if not (waiting or own):
        return []
    questions = {one.id: one for one in [*waiting, *own]}.values()
    names = named_for(session, [awaited(one) for one in questions])
    days = calendars_of(session, {one.dataset.organization_id for one in questions})
    found = [row for one in waiting if (row := _to_answer(one, viewer, names, days, now)) is not None]
    return found + [_own(one, names, days, now) for one in own]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether any question is open that the viewer answers, sees to, or asked."""
    is_open = DatasetQuestion.state == QuestionState.OPEN
    if _sees_to(viewer):
        return exists().where(is_open)
    ways: list[ColumnElement[bool]] = []
    if steward_of(viewer):
        ways.append(
            exists().where(
                is_open, Dataset.id == DatasetQuestion.dataset_id, Dataset.organization_id.in_(steward_of(viewer))
            )
        )
    if viewer.person_id is not None:
        ways.append(exists().where(is_open, DatasetQuestion.person_id == viewer.person_id))
    return or_(*ways) if ways else false()


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _sees_to(viewer: Actor) -> bool:
    return may(viewer.consortium_roles, Action.HIDE_QUESTION)


def _clock(question: DatasetQuestion, days: Calendars, now: datetime) -> Progress:
    calendar = days.get(question.dataset.organization_id, PLAIN)
    return clock_of(question, now, calendar)


def _named(question: DatasetQuestion, names: Names) -> Named[Name] | None:
    return names.get(("listing_question", question.reference, question.dataset.organization_id))


def _to_answer(question: DatasetQuestion, viewer: Actor, names: Names, days: Calendars, now: datetime) -> Row | None:
    """The row of those who answer; the secretariat has one only once it is asked to step in."""
    clock, named = _clock(question, days, now), _named(question, names)
    is_yours = named is None or viewer.person_id in {name.person_id for name in named.asked(clock.percent)}
    is_own = question.dataset.organization_id in steward_of(viewer)
    if not (is_yours or is_own):
        return None
    person = named.at(clock.percent).name if named else ""
    return Row(
        group=mine(clock.is_over) if is_yours else Group.OTHERS,
        sentence=_sentence(is_yours=is_yours, is_own=is_own),
        facts=() if is_yours else (("name", person),),
        lines=_lines(question),
        initials=initials_of(question.organization.name),
        tone="a",
        endpoint="catalog.question",
        values=(("reference", question.dataset.reference), ("question", question.reference)),
        button=(N_("Answer it") if is_own else N_("See to it")) if is_yours else "",
        due=clock.due,
        clock=clock,
    )


def _sentence(*, is_yours: bool, is_own: bool) -> str:
    if not is_yours:
        return N_("%(name)s answers a question about your dataset")
    return N_("Answer a question about your dataset") if is_own else N_("See to a question that nobody answers")


def _own(question: DatasetQuestion, names: Names, days: Calendars, now: datetime) -> Row:
    clock, named = _clock(question, days, now), _named(question, names)
    person = named.at(clock.percent).name if named else question.dataset.organization.name
    return Row(
        group=Group.OTHERS,
        sentence=N_("%(name)s answers your question"),
        facts=(("name", person),),
        lines=_lines(question),
        initials=initials_of(question.dataset.organization.name),
        tone="b",
        endpoint="catalog.dataset_part",
        values=(("reference", question.dataset.reference), ("part", "questions")),
        due=clock.due,
        clock=clock,
    )


def _lines(question: DatasetQuestion) -> tuple[str, str]:
    text = " ".join(question.text.split())
    short = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
    return (f"{question.dataset.title} · {question.dataset.reference}", short)
