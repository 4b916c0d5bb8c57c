"""A client of one person, and the one listing that a test is about."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.organizations.models import Person
from tests.support.application import Client


def signed_in(app: Flask, session: Session, who: Person) -> Client:
    """A browser in which this person is signed in."""
    session.commit()
    client = app.test_client()
    assert isinstance(client, Client)
    client.sign_in_as(who)
    return client


def one(session: Session) -> Dataset:
    """The only listing, as it is in the database now."""
    session.expire_all()
    return session.scalars(select(Dataset)).one()
