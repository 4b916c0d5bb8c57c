"""New passwords: by a link from a mail, by knowing the old one; which are taken."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.foundation.clock import now
from app.organizations.accounts.passwords import faults
from app.organizations.models import Person
from app.outbox.models import OutboxMessage
from app.reactions.table import HANDLERS
from app.reactions.work import Work
from app.rules.roles import Role
from tests.factories.accounts import PASSWORD, code_of, make_account
from tests.factories.organizations import make_organization
from tests.support.application import Client

NEW = "quartz herring violin tundra"


@pytest.fixture
def staff(app: Flask, session: Session) -> Person:
    return make_account(app, session, make_organization(session), Role.PROJECT_STAFF)


def _messages(session: Session, kind: str) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)))


def _link(app: Flask, session: Session) -> str:
    """The path of the link of the newest mail."""
    return urlsplit(_mailed(app, session)).path


def _mailed(app: Flask, session: Session) -> str:
    """The link of the newest mail that the worker wrote."""
    for message in _messages(session, "account.mail"):
        work = Work(app.config, app.extensions["onepact_files"], worker.reading, now())
        apply = HANDLERS["account.mail"](work, message.payload)
        assert apply is not None
        with app.app_context():
            apply(session)
    session.commit()
    mails = _messages(session, "mail.send")
    found = re.search(r"http\S+/password/reset/\S+", str(mails[-1].payload["text"])) if mails else None
    return found.group() if found else ""


def test_the_answer_is_the_same_for_every_address(client: Client, session: Session, staff: Person) -> None:
    known = client.post("/password/forgot", data={"email": staff.email})
    unknown = client.post("/password/forgot", data={"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.get_data(as_text=True).replace(staff.email, "") == unknown.get_data(as_text=True).replace(
        "nobody@example.org", ""
    )
    assert len(_messages(session, "account.mail")) == 2, "both leave the same trace"
    assert len(_messages(session, "mail.send")) == 0, "nothing is written in the request"


def test_only_somebody_with_the_address_gets_a_mail(
    app: Flask, client: Client, session: Session, staff: Person
) -> None:
    client.post("/password/forgot", data={"email": "nobody@example.org"})
    assert _link(app, session) == ""
    client.post("/password/forgot", data={"email": staff.email.upper()})
    assert _link(app, session).startswith("/password/reset/")


def test_the_link_has_the_configured_host_whatever_the_request_said(
    app: Flask, client: Client, session: Session, staff: Person
) -> None:
    elsewhere = "http://evil.example"
    form = client.get("/password/forgot", base_url=elsewhere).get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)', form)[0]
    client.post("/password/forgot", base_url=elsewhere, data={"email": staff.email, "csrf_token": token})
    assert _mailed(app, session).startswith("http://127.0.0.1:8000/password/reset/")


def test_a_link_works_once_and_ends_every_session(app: Flask, client: Client, session: Session, staff: Person) -> None:
    other = app.test_client()
    assert isinstance(other, Client)
    other.post("/sign-in", data={"email": staff.email, "password": PASSWORD})
    client.post("/password/forgot", data={"email": staff.email})
    link = _link(app, session)
    assert "Choose a new password" in client.get(link).get_data(as_text=True)
    assert client.post(link, data={"password": NEW}).headers["Location"] == "/sign-in"
    assert other.get("/me").status_code == 303
    assert client.get("/me").status_code == 303, "a link from a mail does not sign in"
    assert client.post(link, data={"password": PASSWORD}).headers["Location"] == "/password/reset"
    assert client.post("/sign-in", data={"email": staff.email, "password": NEW}).status_code == 302
    assert [m.payload["template"] for m in _messages(session, "account.mail")][-1] == "password_changed"


def test_a_link_works_for_an_hour(app: Flask, client: Client, session: Session, staff: Person) -> None:
    client.post("/password/forgot", data={"email": staff.email})
    link = _link(app, session)
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert client.get(link).headers["Location"] == "/password/reset"
        assert client.post(link, data={"password": NEW}).headers["Location"] == "/password/reset"
    assert client.get("/password/reset").headers["Location"] == "/password/forgot"


def test_a_link_ends_when_the_password_changes(app: Flask, client: Client, session: Session, staff: Person) -> None:
    client.post("/password/forgot", data={"email": staff.email})
    link = _link(app, session)
    client.sign_in_as(staff)
    assert client.post("/me/password", data={"password": PASSWORD, "new_password": NEW}).headers["Location"] == "/me"
    assert client.get(link).status_code == 302


@pytest.mark.parametrize("token", ["x", "x" * 4000, "a.b.c", "%00", "%ED%A0%80"])
def test_a_link_that_is_none_leads_to_a_new_one(client: Client, token: str) -> None:
    assert client.get(f"/password/reset/{token}").headers["Location"] == "/password/reset"


def test_a_new_password_keeps_this_session_and_ends_the_others(app: Flask, client: Client, staff: Person) -> None:
    other = app.test_client()
    assert isinstance(other, Client)
    for each in (client, other):
        each.post("/sign-in", data={"email": staff.email, "password": PASSWORD})
    wrong = client.post("/me/password", data={"password": "not it", "new_password": NEW}).get_data(as_text=True)
    assert "This is not your password" in wrong
    assert client.post("/me/password", data={"password": PASSWORD, "new_password": NEW}).headers["Location"] == "/me"
    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 303


def test_a_reset_does_not_go_around_the_second_step(app: Flask, client: Client, session: Session) -> None:
    person = make_account(app, session, make_organization(session), Role.SIGNATORY, with_device=True)
    client.post("/password/forgot", data={"email": person.email})
    client.post(_link(app, session), data={"password": NEW})
    where = client.post("/sign-in", data={"email": person.email, "password": NEW}).headers["Location"]
    assert where.startswith("/sign-in/code")
    assert client.get("/me").status_code == 303
    session.expire_all()
    client.post(where, data={"code": code_of(app, person)})
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("typed", ["", "short", "x" * 14, "x" * 5000, "passwordpassword", "aaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused_with_what_is_better(client: Client, staff: Person, typed: str) -> None:
    client.sign_in_as(staff)
    answer = client.post("/me/password", data={"password": PASSWORD, "new_password": typed})
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.get_data(as_text=True)


def test_a_password_that_stands_alone_is_longer(app: Flask) -> None:
    with app.test_request_context():
        assert faults("plover-basalt7", 15, ())
        assert not faults("plover-basalt7", 12, ())


def test_a_password_made_of_the_own_name_is_too_easy(app: Flask) -> None:
    with app.test_request_context():
        known = ("Ada Okafor", "ada.okafor@example.org")
        assert faults("adaokaforadaokafor", 12, known)
        assert faults("ada.okafor@example.org", 12, known)


def test_changing_the_ways_in_asks_again_after_a_while(client: Client, staff: Person) -> None:
    client.sign_in_as(staff, "password")
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert client.get("/me/second-factor").headers["Location"].startswith("/me/confirm?next=")
        assert client.post("/me/second-factor/remove").headers["Location"].startswith("/me/confirm")
        wrong = client.post("/me/confirm", data={"password": "wrong", "next": "/me/second-factor"})
        assert "This is not your password" in wrong.get_data(as_text=True)
        right = client.post("/me/confirm", data={"password": PASSWORD, "next": "/me/second-factor"})
        assert right.headers["Location"] == "/me/second-factor"
        assert client.get("/me/second-factor").status_code == 200


def test_who_has_a_device_confirms_by_its_code(app: Flask, client: Client, session: Session) -> None:
    person = make_account(app, session, make_organization(session), Role.SIGNATORY, with_device=True)
    client.sign_in_as(person)
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert client.post("/me/confirm", data={"password": PASSWORD}).status_code == 422
        code = code_of(app, person)
        assert client.post("/me/confirm", data={"code": code}).headers["Location"] == "/me"
        assert "does not fit" in client.post("/me/confirm", data={"code": code}).get_data(as_text=True)


def test_the_second_step_stays_where_a_role_asks_for_it(app: Flask, client: Client, session: Session) -> None:
    person = make_account(app, session, make_organization(session), Role.SIGNATORY, with_device=True)
    client.sign_in_as(person)
    assert client.post("/me/second-factor/remove").status_code == 422
    free = make_account(app, session, make_organization(session), Role.PROJECT_STAFF, with_device=True)
    client.sign_in_as(free)
    assert client.post("/me/second-factor/remove").status_code == 303
    session.expire_all()
    assert free.tf_primary_method is None
    assert free.mf_recovery_codes is None


def test_new_recovery_codes_replace_the_old(app: Flask, client: Client, session: Session) -> None:
    person = make_account(app, session, make_organization(session), Role.SIGNATORY, with_device=True)
    client.sign_in_as(person)
    pages = [
        client.post("/me/recovery-codes", data={"generate_new_codes": "y"}).get_data(as_text=True) for _ in range(2)
    ]
    first, second = (set(re.findall(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b", page)) for page in pages)
    assert len(first) == len(second) == 10
    assert not first & second
    with app.test_request_context():
        util = app.extensions["security"].mf_recovery_codes_util
        session.expire_all()
        assert len(person.mf_recovery_codes or []) == 10
        assert util.get_recovery_codes(person) == []
