"""One example of the consortium's life: a transaction that is rolled back at its end, a clock, and how one acts on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.foundation.errors import DomainError
from app.foundation.files import FileStore
from app.letters.seal import Sealed
from app.organizations.models import Person
from app.organizations.queries import held_by
from app.outbox.commands import settle
from app.reactions.table import HANDLERS, Work
from app.rules.actors import NOBODY, OPERATOR, SYSTEM, Actor
from tests.machine import view as views
from tests.machine.act import Act, Do
from tests.machine.elsewhere import Elsewhere
from tests.machine.rows import ROWS, Rows

CONSORTIUM = "Meridian Data Consortium"
STEP = timedelta(minutes=1)
_NOT_PEOPLE = {views.NOBODY: NOBODY, views.SYSTEM: SYSTEM, views.OPERATOR: OPERATOR}


@dataclass(frozen=True)
class Refusal:
    """Why an attempt was refused, and whether it had written something by then."""

    error: DomainError
    wrote: bool


@dataclass
class World:
    """What an act may use: `session`, `now`, `actor(who)`, `files`, and the letter that stands in for every letter.

    `elsewhere` is the catalog that harvest sources read, with what it says at this moment.

    `letter` was rendered and sealed by the real workshop when the consortium was made; storing and binding it is real.
    """

    connection: Connection
    files: FileStore
    letter: Sealed
    now: datetime
    app: Flask
    elsewhere: Elsewhere
    rows: Rows = field(init=False)
    _session: Session | None = None

    def __post_init__(self) -> None:
        self.rows = Rows(self.connection)

    @property
    def session(self) -> Session:
        """The session of the act that runs now."""
        assert self._session is not None, "an act runs inside World.attempt"
        return self._session

    def view(self) -> views.View:
        """The rows as they are now."""
        return views.View(self.rows, self.now)

    def actor(self, who: str) -> Actor:
        """Somebody as the application would see them at this moment, by the rows of this moment."""
        if who in _NOT_PEOPLE:
            return _NOT_PEOPLE[who]
        person = self.session.scalars(select(Person).where(Person.email.startswith(f"{who}@", autoescape=True))).one()
        held = held_by(self.session, person.id)
        return Actor(
            person.id, person.pid, person.name, person.email, held, "password+totp", self.now, has_second_factor=True
        )

    def attempt(self, act: Act, do: Do) -> Refusal | None:
        """Do it in a transaction of its own, as a request would; says why where it was refused."""
        return self.transaction(lambda: act.run(self, do))

    def transaction(self, work: Callable[[], object]) -> Refusal | None:
        """Run `work` in a session of its own and keep what it wrote, unless it is refused."""
        with self._acting() as session:
            before = self.rows.writes
            try:
                work()
                session.commit()
            except DomainError as error:
                wrote = self.rows.writes != before
                session.rollback()
                if wrote:
                    self.rows.forget()
                return Refusal(error, wrote)
            return None

    def handle(self, message_id: int) -> Refusal | None:
        """What the worker does with one message of the outbox: its handler, and the message's end in the same transaction."""
        return self.transaction(lambda: self.work_on(message_id))

    def work_on(self, message_id: int) -> None:
        """The same in the transaction of an act."""
        message = self.rows.one("outbox_message", message_id)
        work = Work(self.app.config, self.files, self._slowly, self.now)
        with self.app.app_context():
            apply = HANDLERS[message.kind](work, message.payload)
            if apply is not None:
                apply(self.session)
            settle(self.session, message_id, self.now)
            self.session.flush()

    @contextmanager
    def _slowly(self) -> Iterator[Session]:
        """What a handler reads from before it writes."""
        with Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for queries and invariants, which share what was read."""
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            session.info[ROWS] = self.rows
            session.info["now"], session.info["files"] = self.now, self.files
            yield session

    @contextmanager
    def _acting(self) -> Iterator[Session]:
        with Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            self._session = session
            try:
                yield session
            finally:
                self._session = None
