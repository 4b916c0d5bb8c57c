"""Makes people who can sign in, and the codes that their apps would show."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from app.organizations.models import Organization, Person
from app.rules.roles import Role
from tests.factories.organizations import make_person

PASSWORD = "plover basalt teacup meander"


def make_account(app: Flask, session: Session, at: Organization, *roles: Role, with_device: bool = False) -> Person:
    """Somebody with a password; with a device, whose codes `code_of` tells."""
    person = make_person(session, at, *roles)
    person.tf_primary_method = "authenticator" if with_device else None
    with app.test_request_context():
        person.password = hash_password(PASSWORD)
        if with_device:
            person.tf_totp_secret = app.extensions["security"].totp_factory.generate_totp_secret()
    session.commit()
    return person


def code_of(app: Flask, person: Person, steps_from_now: int = 0) -> str:
    """The code of the person's app; each step is half a minute."""
    return code_for(app, str(person.tf_totp_secret), steps_from_now)


def code_for(app: Flask, secret: str, steps_from_now: int = 0) -> str:
    """The code that an app with this (encrypted) secret shows."""
    source: TOTP = app.extensions["security"].totp_factory._totp.from_source(secret)
    return str(source.generate(datetime.now(UTC) + timedelta(seconds=30 * steps_from_now)).token)
