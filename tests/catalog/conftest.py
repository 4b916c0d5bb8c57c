"""A data partner, its steward, and the steward at the desk."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.organizations.models import Organization, Person
from app.rules.roles import Role
from tests.catalog.desk import signed_in
from tests.catalog.people import partner, person
from tests.support.application import Client


@pytest.fixture
def acme(session: Session) -> Organization:
    """A data partner that has acceded."""
    return partner(session, "Acme Maps")


@pytest.fixture
def acme_steward(session: Session, acme: Organization) -> Person:
    """Who writes its listings."""
    return person(session, acme, Role.STEWARD)


@pytest.fixture
def desk(app: Flask, session: Session, acme_steward: Person) -> Client:
    """The steward, signed in."""
    return signed_in(app, session, acme_steward)
