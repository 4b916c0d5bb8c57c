"""Signing in, out, and what ends a session: through the pages, with real codes."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.foundation.clock import now
from app.organizations.models import Membership, Person
from app.rules.roles import Role
from tests.factories.accounts import PASSWORD, code_for, code_of, make_account
from tests.factories.organizations import make_organization, make_secretariat
from tests.support.application import Client


def _sign_in(client: Client, person: Person, password: str = PASSWORD, **more: str) -> str:
    """Post the sign-in form; where it leads, or nothing when it was refused."""
    return client.post("/sign-in", data={"email": person.email, "password": password, **more}).headers.get(
        "Location", ""
    )


def _is_signed_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


@pytest.fixture
def staff(app: Flask, session: Session) -> Person:
    """Somebody whose role asks for no second step."""
    return make_account(app, session, make_organization(session), Role.PROJECT_STAFF)


@pytest.fixture
def steward(app: Flask, session: Session) -> Person:
    """Somebody who decides, with a device."""
    return make_account(app, session, make_organization(session), Role.FOCAL_POINT, Role.SIGNATORY, with_device=True)


def test_a_password_lets_in(client: Client, staff: Person) -> None:
    assert _sign_in(client, staff) == "/inbox"
    assert staff.name in client.get("/me").get_data(as_text=True)


def test_the_address_may_be_capitalized(client: Client, staff: Person) -> None:
    assert client.post("/sign-in", data={"email": f" {staff.email.upper()} ", "password": PASSWORD}).status_code == 302


def test_known_and_unknown_addresses_are_answered_alike(client: Client, staff: Person) -> None:
    known = client.post("/sign-in", data={"email": staff.email, "password": "wrong"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org", "password": "wrong"})
    assert known.status_code == unknown.status_code
    assert _plain(known.get_data(as_text=True), staff.email) == _plain(
        unknown.get_data(as_text=True), "nobody@example.org"
    )
    assert "do not belong together" in known.get_data(as_text=True)


def test_an_inactive_person_is_answered_like_a_wrong_password(client: Client, session: Session, staff: Person) -> None:
    staff.active = False
    session.commit()
    answer = client.post("/sign-in", data={"email": staff.email, "password": PASSWORD}).get_data(as_text=True)
    assert "do not belong together" in answer
    assert "active" not in answer.split("<main")[1].split("</main>")[0]


def _plain(html: str, address: str) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", html.replace(address, "ADDRESS"))


BAD = [
    "",
    " ",
    "x" * 5000,
    "a\x00b@example.org",
    "\u202eexample@example.org",
    "no address",
    "'; --",
    "{{7*7}}",
    "😀@example.org",
]


@pytest.mark.parametrize("typed", BAD)
def test_whatever_is_typed_gets_an_answer_that_says_how_to_mend_it(client: Client, typed: str) -> None:
    for data in ({"email": typed, "password": typed}, {"email": "a@example.org", "password": typed}, {"email": typed}):
        answer = client.post("/sign-in", data=data)
        assert answer.status_code in (200, 429)
    answer = client.post("/password/forgot", data={"email": typed})
    assert answer.status_code in (200, 422)


def test_json_is_not_read_by_forms(client: Client) -> None:
    headers = {"X-CSRFToken": client.csrf_token()}
    assert client.post("/sign-in", json={"email": "\ud800", "password": "\ud800"}, headers=headers).status_code == 415


FOREIGN = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "\t//evil.example",
    "\n//evil.example",
    "//evil.example/%2e%2e",
    "//user@evil.example",
    "https://localhost@evil.example",
    "https://localhost.evil.example",
    "//evil%E3%80%82example",
    "ftp://evil.example",
    "/%09/evil.example",
    "%2F%2Fevil.example",
    "http://[::1]:80@evil.example",
    "https://evil.example\\@localhost",
    "//[evil",
]


@pytest.mark.parametrize("target", FOREIGN)
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, staff: Person, target: str) -> None:
    for leads in (
        client.post("/sign-in", query_string={"next": target}, data={"email": staff.email, "password": PASSWORD}),
        client.post("/sign-in", data={"email": staff.email, "password": PASSWORD, "next": target}),
        client.get("/me/confirm", query_string={"next": target}),
        client.post("/me/confirm", data={"password": PASSWORD, "next": target}),
    ):
        assert leads.status_code in (200, 302, 303, 400, 422)
        place = leads.headers.get("Location", "/me")
        assert re.fullmatch(r"/[a-z][a-z/?=%-]*", place), "what browsers could read in two ways is not sent at all"
        assert "evil" not in place


def test_one_goes_on_to_the_page_that_asked(client: Client, staff: Person) -> None:
    asked = client.get("/me?tab=1")
    assert asked.status_code == 303
    where = asked.headers["Location"]
    assert where.startswith("/sign-in?next=")
    leads = client.post(where, data={"email": staff.email, "password": PASSWORD})
    assert leads.headers["Location"] == "/me?tab=1"


def test_a_code_is_the_second_step_and_works_once(app: Flask, client: Client, steward: Person) -> None:
    where = _sign_in(client, steward, next="/me")
    assert where.startswith("/sign-in/code")
    assert not _is_signed_in(client)
    assert "does not fit" in client.post(where, data={"code": "000000"}).get_data(as_text=True)
    code = code_of(app, steward)
    assert client.post(where, data={"code": f"{code[:3]} {code[3:]}"}).headers["Location"] == "/me"
    assert _is_signed_in(client)
    other = app.test_client()
    assert isinstance(other, Client)
    where = _sign_in(other, steward)
    assert "does not fit" in other.post(where, data={"code": code}).get_data(as_text=True)
    assert not _is_signed_in(other)


def test_the_second_step_without_the_first_leads_back(client: Client) -> None:
    for path in ("/sign-in/code", "/sign-in/recovery-code"):
        for leads in (client.get(path), client.post(path, data={"code": "123456"})):
            assert leads.status_code == 302
            assert leads.headers["Location"] == "/sign-in"


def test_signing_in_with_a_new_device_gives_codes_for_the_day_it_is_lost(
    app: Flask, session: Session, client: Client
) -> None:
    person = make_account(app, session, make_organization(session), Role.SIGNATORY)
    _sign_in(client, person)
    where = client.get("/orgs")
    assert where.headers["Location"] == "/me/second-factor"
    page = client.get("/me/second-factor").get_data(as_text=True)
    assert "you sign or decide for your organization" in page
    assert "data:image/svg+xml;base64," in page
    with client.session_transaction() as cookie:
        secret = cookie["new_second_factor"]
    assert "does not fit" in client.post("/me/second-factor", data={"code": "123"}).get_data(as_text=True)
    with client.session_transaction() as cookie:
        assert cookie["new_second_factor"] == secret, "a typing mistake must not ask for a new scan"
    kept = client.post("/me/second-factor", data={"code": code_for(app, secret)}).get_data(as_text=True)
    codes = re.findall(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b", kept)
    assert len(codes) == 10
    assert client.get("/orgs").status_code == 303
    assert client.get("/orgs").headers["Location"].startswith("/orgs/")

    session.expire_all()
    assert not any(code in str(person.mf_recovery_codes) for code in codes)
    for wanted in (True, False):
        fresh = app.test_client()
        assert isinstance(fresh, Client)
        _sign_in(fresh, person)
        fresh.post("/sign-in/recovery-code", data={"code": codes[3].upper()})
        assert _is_signed_in(fresh) is wanted
        session.expire_all()
        assert len(person.mf_recovery_codes or []) == 9


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIRECTOR])
def test_who_decides_does_nothing_before_the_second_step(
    app: Flask, session: Session, client: Client, role: Role
) -> None:
    person = make_account(app, session, make_secretariat(session), role)
    _sign_in(client, person)
    for path in ("/organizations", "/orgs", "/partners"):
        assert client.get(path).headers["Location"] == "/me/second-factor"
    assert client.post("/orgs/secretariat/invite", data={"name": "x"}).headers["Location"] == "/me/second-factor"
    assert client.get("/me").status_code == 200


def test_a_demo_link_stands_for_both_steps(client: Client, session: Session, app: Flask) -> None:
    person = make_account(app, session, make_secretariat(session), Role.DIRECTOR)
    client.sign_in_as(person, "demo link")
    assert client.get("/organizations").status_code == 200


def test_signing_out_ends_the_sessions_on_every_device(app: Flask, client: Client, staff: Person) -> None:
    other = app.test_client()
    assert isinstance(other, Client)
    for each in (client, other):
        _sign_in(each, staff)
        assert _is_signed_in(each)
    assert client.post("/sign-out").headers["Location"] == "/"
    assert not _is_signed_in(client)
    assert not _is_signed_in(other)
    assert client.get("/sign-out").status_code == 405


def test_who_is_removed_has_no_rights_at_the_next_request(session: Session, client: Client, staff: Person) -> None:
    _sign_in(client, staff)
    where = client.get("/orgs").headers["Location"]
    assert client.get(where).status_code == 200
    session.query(Membership).filter_by(person_id=staff.id).one().ended_at = now()
    session.commit()
    assert client.get(where).status_code == 404


def test_who_is_no_longer_active_is_signed_out(session: Session, client: Client, staff: Person) -> None:
    _sign_in(client, staff)
    staff.active = False
    session.commit()
    assert not _is_signed_in(client)
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie


def test_a_session_ends_by_itself(client: Client, staff: Person) -> None:
    _sign_in(client, staff)
    with time_machine.travel(now() + timedelta(hours=15), tick=False):
        assert not _is_signed_in(client)


def test_a_planted_csrf_token_does_not_survive_signing_in(client: Client, staff: Person) -> None:
    planted = client.csrf_token()
    _sign_in(client, staff)
    client.sends_token = False
    assert client.post("/me", data={"csrf_token": planted, "name": "Eve"}).status_code == 400


def test_too_many_tries_are_stopped_for_one_address(client: Client, staff: Person) -> None:
    statuses = [
        client.post(
            "/sign-in", data={"email": staff.email, "password": "wrong"}, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"}
        )
        for n in range(11)
    ]
    assert [answer.status_code for answer in statuses] == [200] * 10 + [429]
    assert int(statuses[-1].headers["Retry-After"]) > 0
    assert client.post("/sign-in", data={"email": "other@example.org", "password": "x"}).status_code == 200


def test_too_many_tries_are_stopped_from_one_place(client: Client) -> None:
    answers = [client.post("/sign-in", data={"email": f"p{n}@example.org", "password": "wrong"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


def test_codes_cannot_be_guessed(app: Flask, client: Client, steward: Person) -> None:
    where = _sign_in(client, steward)
    answers = [client.post(where, data={"code": f"{n:06}"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert client.post(where, data={"code": code_of(app, steward)}).status_code == 429


def test_nobody_signs_in_by_a_token_in_the_address(app: Flask, client: Client, staff: Person) -> None:
    with app.test_request_context():
        token = staff.get_auth_token()
    assert client.get("/me", query_string={"auth_token": token}).status_code == 303
    assert client.get("/me", headers={"Authentication-Token": str(token)}).status_code == 303
