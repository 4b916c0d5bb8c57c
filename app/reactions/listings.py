"""What follows on a dataset's page: who is told of a question, of its answer, of a new release."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements.binding import has_left
from app.catalog.commands.reminding import remind_due
from app.catalog.models import Dataset, DatasetQuestion, DatasetRelease
from app.catalog.queries.questions import awaited, clock_of
from app.grants.models import Grant, GrantDataset
from app.grants.queries.grants import people_using
from app.history.queries import Happening
from app.organizations.calendars import calendar_of
from app.organizations.models import Person
from app.organizations.naming import named_for
from app.organizations.queries import stewards_of
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Job, Reaction, Work
from app.rules.events import Event
from app.rules.listings import TAKES_NOTICE
from app.rules.roles import Capacity
from app.rules.workflow import GrantState, QuestionState


def ask_for_an_answer(session: Session, happening: Happening, work: Work) -> None:
    """To the stewards of the dataset: somebody asks, and everyone will read the answer."""
    row = _question(session, happening)
    if row is None:
        return
    clock = clock_of(row, happening.at, calendar_of(session, row.dataset.organization_id))
    people = stewards_of(session, row.dataset.organization_id)
    _tell(session, work, "listing_question", people, row, f"/{row.reference}", due=clock.due)


def remind(session: Session, happening: Happening, work: Work) -> None:
    """To whoever is named; on the due day to the deputy too, and later to the one of the secretariat who sees to it."""
    row = _question(session, happening)
    if row is None or row.state is not QuestionState.OPEN:
        return
    wait = awaited(row)
    named = named_for(session, [wait]).get((wait.thing, wait.ref, wait.organization_id))
    clock = clock_of(row, happening.at, calendar_of(session, wait.organization_id))
    asked = named.asked(int(str(happening.facts["percent"]))) if named else ()
    people = [session.get_one(Person, name.person_id) for name in asked]
    more = {"due": clock.due, "is_over": clock.is_over}
    _tell(session, work, "listing_question_reminder", people, row, f"/{row.reference}", **more)


def tell_the_answer(session: Session, happening: Happening, work: Work) -> None:
    """To whoever asked: the answer is there, or was written anew."""
    row = _question(session, happening)
    if row is not None:
        _tell(session, work, "listing_answered", [row.person], row, f"#{row.reference}")


def tell_that_it_is_hidden(session: Session, happening: Happening, work: Work) -> None:
    """To whoever asked: why the question does not stand on the page, or that nobody is left to answer it."""
    row = _question(session, happening)
    if row is not None:
        is_over = has_left(session, row.dataset.organization_id, Capacity.DATA_PARTNER)
        _tell(session, work, "listing_question_hidden", [row.person], row, "", is_over=is_over)


def tell_that_it_is_shown(session: Session, happening: Happening, work: Work) -> None:
    """To whoever asked: it stands on the page again; and to its stewards, where they are to answer it."""
    row = _question(session, happening)
    if row is not None:
        _tell(session, work, "listing_question_shown", [row.person], row, f"#{row.reference}")
        if row.state is QuestionState.OPEN:
            ask_for_an_answer(session, happening, work)


def tell_the_release(session: Session, happening: Happening, work: Work) -> None:
    """To everyone who may use the data by a grant in force, once each: there is a new release.

    Several releases within the minutes that such mail waits become one mail, as they are about one thing.
    """
    dataset = session.scalar(select(Dataset).where(Dataset.reference == happening.ref))
    label = str(happening.facts.get("label", ""))
    release = _release(session, dataset, label)
    if dataset is None or release is None or dataset.state not in TAKES_NOTICE:
        return
    context = {
        "title": dataset.title,
        "reference": dataset.reference,
        "label": label,
        "notes": release.notes,
        "covers_from": release.covers_from,
        "covers_to": release.covers_to,
    }
    link = f"/datasets/{dataset.reference}/versions"
    for email, name in _users_of(session, dataset).items():
        write_mail(session, work, "dataset_release", Recipient(name, email), context, dataset.reference, link)


def _users_of(session: Session, dataset: Dataset) -> dict[str, str]:
    """Address and name of everyone who may use the dataset now, each once."""
    on_it = select(GrantDataset.grant_id).where(GrantDataset.dataset_id == dataset.id)
    grants = select(Grant).where(Grant.state == GrantState.ACTIVE, Grant.id.in_(on_it)).order_by(Grant.id)
    return {email: name for grant in session.scalars(grants) for name, email in people_using(session, grant)}


def _release(session: Session, dataset: Dataset | None, label: str) -> DatasetRelease | None:
    if dataset is None:
        return None
    own = (DatasetRelease.dataset_id == dataset.id) & (DatasetRelease.label == label)
    return session.scalar(select(DatasetRelease).where(own))


def _question(session: Session, happening: Happening) -> DatasetQuestion | None:
    found = select(DatasetQuestion).where(DatasetQuestion.reference == happening.ref)
    whole = joinedload(DatasetQuestion.dataset).joinedload(Dataset.organization)
    others = (joinedload(DatasetQuestion.organization), joinedload(DatasetQuestion.person))
    return session.scalar(found.options(whole, *others))


def _tell(
    session: Session,
    work: Work,
    template: str,
    people: Iterable[Person],
    row: DatasetQuestion,
    behind: str,
    **more: object,
) -> None:
    context = {
        "title": row.dataset.title,
        "reference": row.dataset.reference,
        "partner": row.dataset.organization.name,
        "organization": row.organization.name,
        "question": row.text,
        "answer": row.answer,
        "reason": row.hidden_reason,
        **more,
    }
    link = f"/datasets/{row.dataset.reference}/questions{behind}"
    for person in people:
        if person.active:
            write_mail(
                session, work, template, Recipient(person.name, person.email), context, row.dataset.reference, link
            )


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.QUESTION_ASKED: (ask_for_an_answer,),
    Event.QUESTION_ANSWERED: (tell_the_answer,),
    Event.QUESTION_HIDDEN: (tell_that_it_is_hidden,),
    Event.QUESTION_SHOWN: (tell_that_it_is_shown,),
    Event.QUESTION_REMINDED: (remind,),
    Event.RELEASE_ADDED: (tell_the_release,),
}


def remind_of_questions(session: Session, now: datetime) -> None:
    """Whoever is to answer a question is reminded."""
    remind_due(session, now)


SCHEDULE: tuple[Job, ...] = (remind_of_questions,)
