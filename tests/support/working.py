"""What the worker hands to its handlers, on the transaction of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from app.reactions.work import Work


@contextmanager
def working(app: Flask, session: Session, now: datetime) -> Iterator[Work]:
    """The worker's hand at this moment, inside a request, so that addresses can be written."""

    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    with app.test_request_context():
        yield Work(app.config, app.extensions["onepact_files"], reading, now)
