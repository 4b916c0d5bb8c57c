"""What waits for a person of an organization and passes by itself to whoever is next once they leave, and what comes to rest."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.consents.queries.consents import answered_for_by
from app.inbox import from_proposals
from app.inbox.queries import around
from app.inbox.words import what
from app.organizations.around import Passing
from app.organizations.models import Person
from app.organizations.queries import held_by
from app.proposals.queries.leading import led_by
from app.rules.actors import Actor
from app.rules.tasks import Row

_ALL = 1_000  # of each queue, more than anybody has in hand


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what it is known by, what it is, and its row."""

    key: str
    words: str
    row: Row


def passing_from(session: Session, organization_id: int, person_id: int, now: datetime) -> list[Passing]:
    """What is asked of others once the person leaves, and the standing consents that rest then, in words. What they lead is
    handed on by name, and in none of it.
    """
    person = session.get_one(Person, person_id)
    led = {row.reference for row in led_by(session, organization_id, person_id)}
    waiting = waits_of(session, person, now, organization_id)
    found = [Passing(each.key, each.words) for each in waiting if not led.intersection(dict(each.row.values).values())]
    rests = [
        Passing(
            "", _("%(rule)s “%(name)s” rests until a data steward switches it on anew", rule=r.reference, name=r.name)
        )
        for r in answered_for_by(session, organization_id, person_id)
    ]
    return [*found, *rests]


def waits_of(session: Session, person: Person, now: datetime, organization_id: int | None = None) -> list[Waiting]:
    """What waits for a person, as their inbox says it; for one organization what waits for them through it."""
    held = frozenset(each for each in held_by(session, person.id) if organization_id in (None, each.organization_id))
    viewer = Actor(person.id, person.pid, person.name, person.email, held, "")
    rows, _counts = from_proposals.rows(session, viewer, now, _ALL)
    return [Waiting(_key(row), _words(row), row) for row in (*rows, *around(session, viewer, now)) if row.is_yours]


def _key(row: Row) -> str:
    return "&".join((row.endpoint, *(f"{name}={value}" for name, value in row.values)))


def _words(row: Row) -> str:
    """With its number alone: who removes somebody need not know what it is about."""
    reference = next((str(value) for _name, value in row.values), "")
    return f"{what(row)} {reference}".strip()
