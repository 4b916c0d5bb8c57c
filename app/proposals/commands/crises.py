"""Declaring a crisis, in which pre-authorized people take the quick way, and ending it before its last day."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.proposals.commands.acting import NOT_THERE
from app.proposals.step_models import Crisis
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.questions.choices import COUNTRIES
from app.rules.vocabulary import WORLD
from app.rules.workflow import Machine

LONGEST_TITLE = 120
LONGEST_DAYS = 180


def declare_crisis(
    session: Session,
    actor: Actor,
    title: str,
    countries: Collection[str],
    starts_on: date | None,
    ends_on: date | None,
    now: datetime,
) -> Crisis:
    """Declare a crisis for countries, from one day until another. Only proposals that are sent in it take the quick way.

    Raises:
        Invalid: title, countries or days are missing, in the wrong order, or last longer than 180 days.
    """
    permit(Action.DECLARE_CRISIS, actor.consortium_roles, Machine.CONSORTIUM)
    called, places, first, last = _checked(title, countries, starts_on, ends_on, now.date())
    row = Crisis(
        title=called,
        countries=places,
        starts_on=first,
        ends_on=last,
        declared_by_id=actor.person_id,
        declared_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, Event.CRISIS_DECLARED, actor, row, now)
    return row


def end_crisis(session: Session, actor: Actor, crisis_id: int, now: datetime) -> Crisis:
    """End a crisis before its last day. What was sent in it stays on the way that it was sent on.

    Raises:
        NotFound: there is none.
        WrongState: it has ended.
    """
    permit(Action.END_CRISIS, actor.consortium_roles, Machine.CONSORTIUM)
    found = select(Crisis).where(Crisis.id == crisis_id).with_for_update()
    row = session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(NOT_THERE)
    if row.ended_at is not None or row.ends_on < now.date():
        raise WrongState(N_("This crisis has ended already."))
    row.ended_at, row.ended_by_id = now, actor.person_id
    session.flush()
    _record(session, Event.CRISIS_ENDED, actor, row, now)
    return row


def _checked(
    title: str, countries: Collection[str], starts_on: date | None, ends_on: date | None, today: date
) -> tuple[str, list[str], date, date]:
    called = clean_line(title)
    if not called or len(called) > LONGEST_TITLE:
        raise Invalid(
            N_("Give the crisis a name in up to 120 characters, like “Floods in Paraná, October 2026”."), "title"
        )
    places = sorted({*COUNTRIES, WORLD}.intersection(countries))
    if not places:
        raise Invalid(N_("Choose at least one country: the quick way is open for these alone."), "countries")
    if starts_on is None:
        raise Invalid(N_("Enter the first day, like 27 11 2026."), "starts_on")
    if ends_on is None:
        raise Invalid(N_("Enter the last day, like 27 12 2026."), "ends_on")
    if ends_on < starts_on or ends_on < today:
        raise Invalid(N_("The last day lies before the first day or before today. Enter a later one."), "ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Invalid(
            N_("A crisis lasts 180 days at most. Enter an earlier last day; it can be declared anew."),
            "ends_on",
        )
    return called, places, starts_on, ends_on


def _record(session: Session, event: Event, actor: Actor, row: Crisis, now: datetime) -> None:
    facts: dict[str, object] = {
        "title": row.title,
        "countries": list(row.countries),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }
    record(session, event, actor, Subject("crisis", str(row.id), "secretariat"), now, facts)
