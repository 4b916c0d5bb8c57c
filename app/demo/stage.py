"""What the loaders share: the day on which the demo is loaded, moments before it, and acting as one of its people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from secrets import token_urlsafe

from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.text import slugify
from app.organizations.models import Person
from app.organizations.queries import held_by
from app.rules.actors import Actor
from app.rules.calendar import is_working_day


@dataclass
class Stage:
    """One loading of the demo. Acts run in order of time, so that history, numbers and clocks are as if lived."""

    app: Flask
    session: Session
    now: datetime
    # The hash of a password that nobody was ever told: people of the demo come in by their links.
    password: str = field(default_factory=lambda: str(hash_password(token_urlsafe(32))))
    acts: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    def at(self, working_days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment on the working day that lies so many working days back; never later than now."""
        day = self.now.astimezone(UTC).date()
        while working_days_ago > 0 or not is_working_day(day):
            day -= timedelta(days=1)
            working_days_ago -= is_working_day(day)
        moment = datetime.combine(day, time(hour, minute), UTC)
        return min(moment, self.now - timedelta(minutes=20))

    def plan(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        """Have something done at a moment."""
        self.acts.append((moment, len(self.acts), act))

    def play(self, after_each: Callable[[datetime], object]) -> None:
        """Do everything that was planned, oldest first, each in a transaction of its own."""
        for moment, _, act in sorted(self.acts, key=lambda row: row[:2]):
            act(moment)
            self.session.commit()
            after_each(moment)

    def acting(self, name: str, now: datetime) -> Actor:
        """One of the demo's people as an actor with the rights of this moment."""
        person = self.person(name)
        held = held_by(self.session, person.id)
        return Actor(person.id, person.pid, person.name, person.email, held, "demo link", now, has_second_factor=True)

    def person(self, name: str) -> Person:
        """One of the demo's people by name."""
        return self.session.scalars(select(Person).where(Person.name == name, Person.is_demo)).one()


def address(name: str, slug: str) -> str:
    """An address under a domain that can never exist (RFC 2606)."""
    return f"{slugify(name).replace('-', '.')}@{slug}.example"
