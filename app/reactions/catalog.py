"""What follows from events of the catalog: mails to those whose turn it is."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.text import clean
from app.history.queries import Happening
from app.organizations.calendars import secretariat_calendar
from app.organizations.models import Person
from app.organizations.queries import held_by, officers, stewards_of
from app.reactions.mail import Recipient, write_mail
from app.reactions.work import Reaction, Work
from app.rules.actors import Actor
from app.rules.calendar import Wait, progress
from app.rules.events import Event


def ask_for_the_check(session: Session, happening: Happening, work: Work) -> None:
    """To the secretariat's officers: a listing waits to be checked, or several that were sent in one act."""
    if _is_told_with_another(happening):
        return
    behind = "/together" if "together" in happening.facts else ""
    due = progress(Wait.LISTING_CHECK, happening.at, happening.at, calendar=secretariat_calendar(session)).due
    _write(
        session, happening, work, "listing_sent", officers(session), f"/desk/checks/{happening.ref}{behind}", due=due
    )


def tell_that_it_came_back(session: Session, happening: Happening, work: Work) -> None:
    """To the stewards: what the check asks to change."""
    if _is_told_with_another(happening):
        return
    dataset = _dataset(session, happening)
    message = clean(str(happening.facts.get("reason", "")))
    people = stewards_of(session, dataset.organization_id) if dataset else []
    _write(
        session,
        happening,
        work,
        "listing_returned",
        people,
        _their_page(happening, f"/desk/listings/{happening.ref}", "draft"),
        message=message,
    )


def tell_that_it_is_listed(session: Session, happening: Happening, work: Work) -> None:
    """To the stewards: the dataset is open to proposals. An import that lists hundreds is told by its own result."""
    if happening.facts.get("imported") or _is_told_with_another(happening):
        return
    dataset = _dataset(session, happening)
    people = stewards_of(session, dataset.organization_id) if dataset else []
    _write(
        session,
        happening,
        work,
        "listing_published",
        people,
        _their_page(happening, f"/datasets/{happening.ref}", "listed"),
    )


def _their_page(happening: Happening, one: str, state: str) -> str:
    """Where a listing is, or all that were done in one act."""
    return f"/desk/listings?state={state}" if "together" in happening.facts else one


def _is_told_with_another(happening: Happening) -> bool:
    """Whether it was done in one act with others, of which the first is told."""
    return "with" in happening.facts


def _dataset(session: Session, happening: Happening) -> Dataset | None:
    found = select(Dataset).where(Dataset.reference == happening.ref).options(selectinload(Dataset.organization))
    return session.scalar(found)


def _write(
    session: Session,
    happening: Happening,
    work: Work,
    template: str,
    people: Iterable[Person],
    link: str,
    **more: object,
) -> None:
    dataset = _dataset(session, happening)
    if dataset is None:
        return
    context = {
        "actor": happening.actor,
        "title": str(happening.facts.get("title", "")) or happening.ref,
        "reference": happening.ref,
        "partner": dataset.organization.name,
        "summary": dataset.summary,
        "together": int(str(happening.facts.get("together", 1))),
        **more,
    }
    for person in people:
        write_mail(session, work, template, Recipient(person.name, person.email), context, happening.ref, link)


def acting_for(session: Session, payload: JSONObject) -> Actor:
    """The steward who asked for it, with the roles of this moment."""
    person = session.get_one(Person, int(str(payload["person"])))
    held = held_by(session, person.id) if person.active else frozenset()
    return Actor(person.id, person.pid, person.name, person.email, held, str(payload["authentication"]))


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.LISTING_SENT: (ask_for_the_check,),
    Event.LISTING_RETURNED: (tell_that_it_came_back,),
    Event.LISTING_PUBLISHED: (tell_that_it_is_listed,),
}
