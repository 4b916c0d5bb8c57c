"""A data partner that brings its catalog in, its steward, and the steward at the desk."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.organizations.models import Organization, Person
from app.rules.roles import Role
from tests.catalog.desk import signed_in
from tests.catalog.people import partner, person
from tests.support.application import Client

# What is typed for a new source, its address aside.
SAID = {"name": "Open data", "schedule": "weekly", "new_ones": "draft", "asked": ""}


@pytest.fixture
def acme(session: Session) -> Organization:
    """A data partner that has acceded."""
    return partner(session, "Acme")


@pytest.fixture
def steward(session: Session, acme: Organization) -> Person:
    """Who lists for it."""
    return person(session, acme, Role.STEWARD)


@pytest.fixture
def desk(app: Flask, session: Session, steward: Person) -> Client:
    """The steward, signed in."""
    return signed_in(app, session, steward)
