"""A number in an address or a form may be any text: none leads to an error page."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.rules.roles import Kind, Role
from tests.catalog.desk import signed_in
from tests.catalog.people import organization, partner, person

pytestmark = pytest.mark.both_databases
ODD = ("9" * 18, "9" * 19, "9" * 5000, "-1", "²", "٣", "x", "")


@pytest.mark.parametrize("number", ODD)
def test_pages_of_lists(app: Flask, session: Session, number: str) -> None:
    steward = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    for path in ("/desk/listings", "/proposals", "/datasets", "/register"):
        assert steward.get(path, query_string={"page": number}).status_code == 200, path


@pytest.mark.parametrize("number", ODD)
def test_the_place_in_the_history(app: Flask, session: Session, number: str) -> None:
    officer = signed_in(app, session, person(session, organization(session, Kind.SECRETARIAT), Role.OFFICER))
    assert officer.get("/operations/history", query_string={"before": number}).status_code == 200
