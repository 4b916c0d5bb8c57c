"""`office`, the worker on the transaction of a test: it reacts to what happened, and hands over what leaves until a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.correspondence.commands import Wishes, choose
from app.outbox import commands as outbox
from app.proposals.commands.conversation import comment
from app.reactions.table import HANDLERS
from app.reactions.work import Work
from app.rules.mail import DEFAULTS, Cadence, Topic
from tests.factories.review import MONDAY, Scene, scene_in_review

Mail = dict[str, str]


def leave(session: Session, work: Work, at: datetime) -> list[Mail]:
    """The worker does everything that is due up to a moment. Returns the mails that left."""
    sent: list[Mail] = []
    session.flush()
    while (message := outbox.lease(session, at)) is not None:
        handled = replace(work, now=max(message.created_at, MONDAY), message_id=message.id)
        apply = HANDLERS[message.kind](handled, message.payload)
        if apply is not None:
            apply(session)
        outbox.settle(session, message.id, at)
        if message.kind == "mail.send" and not message.payload.get("dropped"):
            sent.append({key: str(value) for key, value in message.payload.items()})
        session.flush()
    return sent


class Office:
    """The worker on the transaction of a test: reacts to what happened, and sends what is due, into a list."""

    def __init__(self, session: Session, work: Work, scene: Scene) -> None:
        self.session, self.work, self.scene = session, work, scene
        self.leave(MONDAY + timedelta(days=30))

    def leave(self, at: datetime) -> list[Mail]:
        """Everything that leaves up to a moment."""
        return leave(self.session, self.work, at)

    def says(self, who: str, words: str, at: datetime = MONDAY, *, is_internal: bool = False) -> None:
        """Somebody writes in the conversation."""
        comment(self.session, self.scene.actor(who), self.scene.ref, words, at, is_internal=is_internal)

    def to(self, who: str, mails: list[Mail]) -> list[Mail]:
        """Those of the mails that go to a person."""
        return [mail for mail in mails if mail["to_email"] == self.scene.people[who].email]

    def wants(self, who: str, wishes: Wishes | None = None, **choices: Cadence) -> None:
        """A person chooses."""
        chosen = {**DEFAULTS, **{Topic(name): cadence for name, cadence in choices.items()}}
        choose(self.session, self.scene.actor(who), chosen, wishes or Wishes("en", "Europe/Madrid", "", ""), MONDAY)


@pytest.fixture
def at_work(app: Flask, session: Session) -> Iterator[Work]:
    """What the worker's handlers may use, on the transaction of a test."""

    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    with app.app_context():
        settings = {**app.config, "IS_DEMO": True, "INBOUND_ADDRESS": "reply@onepact.example"}
        yield Work(settings, app.extensions["onepact_files"], reading, MONDAY)


@pytest.fixture
def office(session: Session, at_work: Work) -> Office:
    """With one proposal in review, and nothing that waits to be sent."""
    return Office(session, at_work, scene_in_review(session))
