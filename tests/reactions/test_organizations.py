"""Mails to people about invitations, roles and their account: who gets one, and what it says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.organizations import commands
from app.organizations.models import Organization, Person
from app.outbox.models import OutboxMessage
from app.reactions.table import HANDLERS
from app.reactions.work import Work
from app.rules.actors import OPERATOR
from app.rules.roles import Kind, Role
from tests.factories.organizations import NOW, acting, make_organization, make_person

LONGEST_SUBJECT = 60


@pytest.fixture
def work(app: Flask) -> Iterator[Work]:
    with app.app_context():
        yield Work(app.config, app.extensions["onepact_files"], worker.reading, NOW)


@pytest.fixture
def row(session: Session) -> Organization:
    return make_organization(session, Kind.PARTNER, "The Very Long Name of an International Mobility Company Ltd")


def _deliver(session: Session, work: Work, *kinds: str) -> list[dict[str, object]]:
    """Handle the messages of these kinds as the worker would; the mails that were written."""
    for kind in kinds:
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all():
            if kind == "event.react":
                _react(session, work, message)
            elif apply := HANDLERS[kind](work, message.payload):
                apply(session)
    session.flush()
    return [m.payload for m in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send"))]


def _react(session: Session, work: Work, message: OutboxMessage) -> None:
    apply = HANDLERS["event.react"](work, message.payload)
    assert apply is not None
    apply(session)


def _focal_point(session: Session, row: Organization) -> Person:
    return make_person(session, row, Role.FOCAL_POINT, name="Ines Calderón")


def _check(mail: dict[str, object]) -> None:
    """What holds for every mail."""
    assert len(str(mail["subject"])) <= LONGEST_SUBJECT
    assert "\n" not in str(mail["subject"])
    html = str(mail["html"])
    assert html.count('style="display:inline-block') == 1, "one button"
    assert "<script" not in html
    assert "&lt;" not in str(mail["text"])


def test_an_invitation_carries_its_link_its_roles_and_its_last_day(
    session: Session, work: Work, row: Organization
) -> None:
    actor = acting(session, _focal_point(session, row))
    invited = commands.invite(session, actor, row.id, "Ada <b>Okafor</b>", "ada@example.org", [Role.STEWARD], NOW)
    [mail] = _deliver(session, work, "invitation.write")
    _check(mail)
    assert str(mail["subject"]).startswith("Join ")
    assert mail["to_email"] == "ada@example.org"
    for body in (mail["text"], mail["html"]):
        assert f"{work.public_url}/invitation/{invited.token}" in str(body)
        assert "Data steward" in str(body)
        assert "Ines Calderón" in str(body)
        assert "Wed 2 Dec 2026" in str(body)


def test_an_invitation_that_ended_meanwhile_is_not_mailed(session: Session, work: Work, row: Organization) -> None:
    actor = acting(session, _focal_point(session, row))
    invited = commands.invite(session, actor, row.id, "Ada", "ada@example.org", [Role.STEWARD], NOW)
    commands.withdraw_invitation(session, actor, invited.invitation.id, NOW + timedelta(minutes=1))
    assert _deliver(session, work, "invitation.write") == []


def test_a_link_that_was_replaced_before_its_mail_went_out_is_not_mailed(
    session: Session, work: Work, row: Organization
) -> None:
    first = commands.invite(session, OPERATOR, row.id, "Ada", "ada@example.org", [Role.STEWARD], NOW)
    second = commands.resend_invitation(session, OPERATOR, first.invitation.id, NOW)
    [mail] = _deliver(session, work, "invitation.write")
    assert second.token in str(mail["text"])


def test_somebody_whose_roles_changed_reads_both(session: Session, work: Work, row: Organization) -> None:
    actor = acting(session, _focal_point(session, row))
    person = make_person(session, row, Role.DEPUTY)
    commands.change_roles(session, actor, row.id, person.id, [Role.STEWARD, Role.SIGNATORY], NOW)
    [mail] = _deliver(session, work, "event.react")
    _check(mail)
    assert mail["to_email"] == person.email
    assert "Data steward, Authorized signatory" in str(mail["text"])
    assert "Deputy data steward" in str(mail["html"])


def test_somebody_who_was_removed_is_told(session: Session, work: Work, row: Organization) -> None:
    actor = acting(session, _focal_point(session, row))
    person = make_person(session, row, Role.DEPUTY)
    commands.remove_person(session, actor, row.id, person.id, NOW)
    [mail] = _deliver(session, work, "event.react")
    _check(mail)
    assert mail["to_email"] == person.email
    assert "no longer act" in str(mail["subject"])


@pytest.mark.parametrize("template", ["password_reset", "password_changed", "second_factor_changed"])
def test_mails_about_an_account_go_to_its_address_alone(
    session: Session, work: Work, row: Organization, template: str
) -> None:
    person = make_person(session, row, Role.DEPUTY)
    person.password = "hash"
    session.flush()
    for email in (person.email, "nobody@example.org"):
        apply = HANDLERS["account.mail"](work, {"template": template, "email": email})
        assert apply is not None
        apply(session)
    [mail] = _deliver(session, work)
    _check(mail)
    assert mail["to_email"] == person.email
    assert work.public_url + "/password/" in str(mail["text"])


def test_somebody_inactive_gets_no_way_in(session: Session, work: Work, row: Organization) -> None:
    person = make_person(session, row, Role.DEPUTY)
    person.active = False
    apply = HANDLERS["account.mail"](work, {"template": "password_reset", "email": person.email})
    assert apply is not None
    apply(session)
    assert _deliver(session, work) == []
