"""What follows from data needs: the secretariat is asked to answer, and who posted one is told of each answer."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.history.queries import Happening
from app.needs.models import DataNeed
from app.needs.queries import whole
from app.needs.standing import standing
from app.organizations.calendars import secretariat_calendar
from app.organizations.models import Person
from app.organizations.queries import officers
from app.reactions.catalog import acting_for
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Reaction, Work
from app.rules.actors import SYSTEM
from app.rules.calendar import Wait, progress
from app.rules.events import Event
from app.rules.pledges import PLEDGE_KINDS, PledgeKind
from app.rules.visibility import sees
from app.rules.workflow import Machine
from app.web.answers import told


def ask_for_an_answer(session: Session, happening: Happening, work: Work) -> None:
    """To the secretariat's officers: somebody looks for data."""
    due = progress(Wait.NEED_ANSWER, happening.at, happening.at, calendar=secretariat_calendar(session)).due
    need = _need(session, happening)
    for person in officers(session) if need else []:
        _write(session, work, "need_posted", person, happening, need, due=due)


def tell_the_answer(session: Session, happening: Happening, work: Work) -> None:
    """To who posted it: what was answered, and by whom."""
    need = _need(session, happening)
    if need is not None and _may_know(session, need.person, need):
        _write(session, work, "need_answered", need.person, happening, need)


def tell_of_support(session: Session, happening: Happening, work: Work) -> None:
    """To who posted it: another organization needs it too."""
    need = _need(session, happening)
    if need is not None and _may_know(session, need.person, need):
        _write(session, work, "need_supported", need.person, happening, need, count=len(need.supports))


def tell_of_pledge(session: Session, happening: Happening, work: Work) -> None:
    """To who posted it and to those who need it too: what a data partner would give."""
    need = _need(session, happening)
    people = [need.person, *(one.person for one in need.supports)] if need else []
    for person in _those_who_know(session, people, need):
        kind = told(PLEDGE_KINDS[PledgeKind(str(happening.facts["kind"]))][0])
        _write(session, work, "need_pledged", person, happening, need, kind=kind)


def tell_of_the_end(session: Session, happening: Happening, work: Work) -> None:
    """To those who need it too and to those who pledged: it is met, or nobody looks any more."""
    need = _need(session, happening)
    if need is None:
        return
    people = [*(one.person for one in need.supports), *(one.person for one in need.pledges)]
    for person in _those_who_know(session, people, need):
        is_met = happening.type == Event.NEED_MET
        _write(session, work, "need_ended", person, happening, need, is_met=is_met, said=need.state_reason or "")


def _those_who_know(session: Session, people: Iterable[Person], need: DataNeed | None) -> list[Person]:
    """These, each once, as far as they may still know of the need: some left since, or lost the role in which they spoke."""
    each = {person.id: person for person in people}.values()
    return [person for person in each if need is not None and _may_know(session, person, need)]


def _may_know(session: Session, person: Person, need: DataNeed) -> bool:
    actor = acting_for(session, {"person": person.id, "authentication": SYSTEM.authentication})
    return person.active and sees(standing(actor, need), Machine.NEED, need.state)


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
        "who": str(happening.facts.get("organization") or ""),
        **more,
    }
    to = Recipient(person.name, person.email)
    write_mail(session, work, template, to, context, need.reference, f"/needs/{need.reference}")


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.NEED_POSTED: (ask_for_an_answer,),
    Event.NEED_ANSWERED: (tell_the_answer,),
    Event.NEED_SUPPORTED: (tell_of_support,),
    Event.NEED_PLEDGED: (tell_of_pledge,),
    Event.NEED_MET: (tell_of_the_end,),
    Event.NEED_CLOSED: (tell_of_the_end,),
}
