"""An act that binds asks once more who it is, after a quarter of an hour, and loses nothing of what was typed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from app.foundation.clock import now
from app.organizations.accounts.step_up import ASKS_AGAIN
from app.organizations.models import Person
from app.rules.roles import Role
from tests.factories.accounts import PASSWORD, code_of, make_account
from tests.factories.organizations import make_organization, make_secretariat
from tests.support.application import Client

PATH = "/grants/GR-2026-0001/revoke"
NEW = "heron gravel lantern quilt"
SCAN = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TYPED = {"reason": "It ended.\n<b>bold</b>", "code": "theirs", "several": ["a", "b"]}


@pytest.fixture
def director(app: Flask, session: Session) -> Person:
    return make_account(app, session, make_secretariat(session), Role.DIRECTOR, with_device=True)


@pytest.fixture
def later(client: Client, director: Person) -> Iterator[Client]:
    """A director who signed in twenty minutes ago."""
    client.sign_in_as(director)
    with time_machine.travel(now() + timedelta(minutes=20), tick=False):
        yield client


def test_every_act_on_the_list_is_an_act_of_the_product(built_app: Flask) -> None:
    for endpoint in ASKS_AGAIN:
        rules = [rule for rule in built_app.url_map.iter_rules() if rule.endpoint == endpoint]
        assert rules, endpoint
        assert any("POST" in (rule.methods or ()) for rule in rules), endpoint


def test_a_fresh_sign_in_goes_straight_on(client: Client, director: Person) -> None:
    client.sign_in_as(director)
    assert client.post(PATH, data=TYPED).status_code == 404, "there is no such grant"


def test_an_old_sign_in_is_asked_and_what_was_typed_is_carried(later: Client) -> None:
    asked = later.post(PATH, data=TYPED)
    html = asked.get_data(as_text=True)
    assert "Confirm that it is you" in html
    carried = [(name, unescape(value)) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', html)]
    for pair in (("reason", TYPED["reason"]), ("code", "theirs"), ("several", "a"), ("several", "b")):
        assert pair in carried


def test_a_code_sends_it_on_and_is_used_up(app: Flask, later: Client, director: Person) -> None:
    wrong = later.post(PATH, data={**TYPED, "confirms": "y", "confirm-code": "000000"})
    assert "does not fit" in wrong.get_data(as_text=True)
    code = code_of(app, director)
    sent = {**TYPED, "confirms": "y", "confirm-code": code}
    assert later.post(PATH, data=sent).status_code == 404, "the act itself answers"
    assert later.post(PATH, data=TYPED).status_code == 404, "the sign-in is fresh again"
    with time_machine.travel(now() + timedelta(minutes=20), tick=False):
        assert "does not fit" in later.post(PATH, data=sent).get_data(as_text=True)


def test_a_password_is_not_enough_for_who_has_a_device(later: Client) -> None:
    answer = later.post(PATH, data={**TYPED, "confirms": "y", "confirm-password": PASSWORD})
    assert "Confirm that it is you" in answer.get_data(as_text=True)


def test_codes_cannot_be_guessed_here_either(later: Client) -> None:
    tries = [later.post(PATH, data={"confirms": "y", "confirm-code": f"{n:06}"}).status_code for n in range(6)]
    assert tries == [422] * 5 + [429]


def test_a_scan_that_was_chosen_is_not_lost_on_the_way_through_the_page_that_asks(
    app: Flask, session: Session, later: Client, director: Person
) -> None:
    organization = make_organization(session)
    session.commit()
    form = {"organization": organization.id, "capacity": "member"}
    asked = later.post("/desk/agreement/paper", data={**form, "scan": (BytesIO(SCAN), "signed.pdf")})
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.get_data(as_text=True))
    carried = {name: unescape(value) for name, value in hidden}
    assert carried["organization"] == str(organization.id)
    done = later.post("/desk/agreement/paper", data={**carried, "confirm-code": code_of(app, director)})
    assert done.status_code == 303
    reference = done.headers["Location"].rsplit("/", 1)[-1]
    assert later.get(f"/sign/{reference}/document").data == SCAN


def test_a_note_of_a_kept_file_opens_nothing_for_somebody_else(app: Flask, later: Client, director: Person) -> None:
    note = URLSafeTimedSerializer(str(app.config["SECRET_KEY"]), salt="file kept for somebody").dumps(
        ["scan", "ab/cd", "x", ""]
    )
    sent = {"capacity": "member", "kept-file": note, "confirms": "y", "confirm-code": code_of(app, director)}
    assert "Choose the scan" in later.post("/desk/agreement/paper", data=sent).get_data(as_text=True)


def test_a_new_password_does_not_count_as_showing_the_device(client: Client, director: Person) -> None:
    client.sign_in_as(director)
    with time_machine.travel(now() + timedelta(minutes=14), tick=False):
        words = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
        assert client.post("/me/password", data=words).status_code == 302
    with time_machine.travel(now() + timedelta(minutes=20), tick=False):
        assert "Confirm that it is you" in client.post(PATH, data=TYPED).get_data(as_text=True)
