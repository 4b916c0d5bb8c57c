"""What follows from data needs: the secretariat is asked to answer, and who posted one is told of each answer."""

from sqlalchemy.orm import Session

from app.history.queries import Happening
from app.needs.models import DataNeed
from app.needs.queries import whole
from app.organizations.calendars import secretariat_calendar
from app.organizations.models import Person
from app.organizations.queries import officers
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Reaction, Work
from app.rules.calendar import Wait, progress
from app.rules.events import Event


def ask_for_an_answer(session: Session, happening: Happening, work: Work) -> None:
    """To the secretariat's officers: somebody looks for data."""
    due = progress(Wait.NEED_ANSWER, happening.at, happening.at, calendar=secretariat_calendar(session)).due
    need = _need(session, happening)
    for person in officers(session) if need else []:
        _write(session, work, "need_posted", person, happening, need, due=due)


def tell_the_answer(session: Session, happening: Happening, work: Work) -> None:
    """To who posted it: what was answered, and by whom."""
    need = _need(session, happening)
    if need is not None and need.person.active:
        _write(session, work, "need_answered", need.person, happening, need)


def _need(session: Session, happening: Happening) -> DataNeed | None:
    return session.scalar(whole().where(DataNeed.reference == happening.ref))


def _write(
    session: Session,
    work: Work,
    template: str,
    person: Person,
    happening: Happening,
    need: DataNeed | None,
    **more: object,
) -> None:
    if need is None:
        return
    context = {
        "title": need.question,
        "reference": need.reference,
        "organization": need.organization.name,
        "actor": happening.actor,
        "words": str(happening.facts.get("words") or need.wanted),
        **more,
    }
    to = Recipient(person.name, person.email)
    write_mail(session, work, template, to, context, need.reference, f"/needs/{need.reference}")


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.NEED_POSTED: (ask_for_an_answer,),
    Event.NEED_ANSWERED: (tell_the_answer,),
}
