"""Pages of organizations: who sees them, bad input, invitations from the link to the first page."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.clock import now
from app.history.models import HistoryEvent
from app.organizations import commands, queries
from app.organizations.models import Invitation, Organization, Person
from app.rules.actors import OPERATOR
from app.rules.roles import Kind, Role
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.organizations import make_organization, make_person, make_secretariat
from tests.support.application import Client

STRONG = "plover basalt teacup meander"
BAD = ["", " ", "x" * 5000, "\x00", "\u202eevil", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "😀" * 300]


@pytest.fixture
def member(session: Session) -> Organization:
    row = make_organization(session, Kind.MEMBER, "Harbor Development Bank")
    session.commit()
    return row


@pytest.fixture
def focal_point(session: Session, member: Organization) -> Person:
    person = make_person(session, member, Role.FOCAL_POINT)
    session.commit()
    return person


@pytest.fixture
def officer(session: Session) -> Person:
    person = make_person(session, make_secretariat(session), Role.OFFICER)
    session.commit()
    return person


def _invite(session: Session, row: Organization, email: str, *roles: Role) -> commands.Invited:
    invited = commands.invite(session, OPERATOR, row.id, "Ada Okafor", email, roles, now())
    session.commit()
    return invited


def test_an_organization_is_not_found_by_those_who_may_not_look_inside(
    client: Client, session: Session, member: Organization
) -> None:
    person = make_person(session, member, Role.PROJECT_STAFF)
    stranger = make_person(session, make_organization(session), Role.FOCAL_POINT)
    session.commit()
    client.sign_in_as(stranger)
    paths = [
        f"/orgs/{member.slug}",
        f"/orgs/{member.slug}/edit",
        f"/orgs/{member.slug}/defaults",
        f"/orgs/{member.slug}/people/{person.pid}",
        "/orgs/nothing-of-the-kind",
        "/organizations",
        "/organizations/new",
    ]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    acts = [
        f"/orgs/{member.slug}/invite",
        f"/orgs/{member.slug}/edit",
        f"/orgs/{member.slug}/people/{person.pid}",
        f"/orgs/{member.slug}/people/{person.pid}/remove",
        f"/orgs/{member.slug}/invitations/1/withdraw",
        f"/orgs/{member.slug}/invitations/1/resend",
    ]
    assert {path: client.post(path, data={"name": "x"}).status_code for path in acts} == dict.fromkeys(acts, 404)
    assert session.scalars(select(HistoryEvent)).all() == []


def test_a_colleague_sees_people_but_no_form(client: Client, session: Session, member: Organization) -> None:
    staff = make_person(session, member, Role.PROJECT_STAFF)
    session.commit()
    client.sign_in_as(staff)
    page = client.get(f"/orgs/{member.slug}").get_data(as_text=True)
    assert staff.name in page
    assert "Send the invitation" not in page
    assert client.get(f"/orgs/{member.slug}/edit").status_code == 404
    assert (
        client.post(
            f"/orgs/{member.slug}/invite", data={"name": "A", "email": "a@example.org", "roles": "signatory"}
        ).status_code
        == 403
    )


def test_the_own_organization_is_one_click_away(client: Client, focal_point: Person, member: Organization) -> None:
    client.sign_in_as(focal_point)
    assert client.get("/orgs").headers["Location"] == f"/orgs/{member.slug}"


def test_a_focal_point_invites_and_the_new_person_comes_in(
    app: Flask, client: Client, session: Session, focal_point: Person, member: Organization
) -> None:
    client.sign_in_as(focal_point)
    sent = client.post(
        f"/orgs/{member.slug}/invite",
        data={"name": "Ada Okafor", "email": "ada@example.org", "roles": ["project_staff", "focal_point"]},
    )
    assert sent.status_code == 303
    page = client.get(f"/orgs/{member.slug}").get_data(as_text=True)
    assert "Ada Okafor is invited" in page
    assert "ada@example.org" in page
    invitation = session.scalars(select(Invitation)).one()
    token = commands.resend_invitation(session, OPERATOR, invitation.id, now()).token
    session.commit()

    visitor = app.test_client()
    assert isinstance(visitor, Client)
    page = visitor.get(f"/invitation/{token}").get_data(as_text=True)
    assert "Harbor Development Bank" in page
    assert "Focal point, Project staff" in page
    weak = visitor.post(f"/invitation/{token}", data={"name": "Ada Okafor", "password": "short"})
    assert weak.status_code == 422
    assert "at least 15 characters" in weak.get_data(as_text=True)
    assert (
        visitor.post(f"/invitation/{token}", data={"name": "Ada O.", "password": STRONG}).headers["Location"]
        == "/inbox"
    )
    assert "Ada O." in visitor.get("/me").get_data(as_text=True)
    assert visitor.get(f"/orgs/{member.slug}").status_code == 200

    again = app.test_client()
    over = again.get(f"/invitation/{token}")
    assert over.status_code == 410
    assert "accepted already" in over.get_data(as_text=True)


@pytest.mark.parametrize("typed", BAD)
def test_an_invitation_keeps_what_was_typed_and_says_what_to_mend(
    client: Client, session: Session, focal_point: Person, member: Organization, typed: str
) -> None:
    client.sign_in_as(focal_point)
    data = {"name": typed, "email": typed, "roles": [typed]}
    answer = client.post(f"/orgs/{member.slug}/invite", data=data)
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.get_data(as_text=True)
    data = {"name": "Kept Name", "email": typed, "roles": ["signatory"]}
    html = client.post(f"/orgs/{member.slug}/invite", data=data).get_data(as_text=True)
    assert 'value="Kept Name"' in html
    assert "<script>alert" not in html
    assert session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize("typed", BAD)
def test_a_new_person_is_told_what_to_mend(client: Client, session: Session, member: Organization, typed: str) -> None:
    invited = _invite(session, member, "ada@example.org", Role.PROJECT_STAFF)
    answer = client.post(f"/invitation/{invited.token}", data={"name": typed, "password": typed})
    assert answer.status_code == 422
    assert session.scalars(select(Person).where(Person.email == "ada@example.org")).all() == []


@pytest.mark.parametrize("token", ["x", "x" * 3000, "%00", "%E2%80%AE", "%ED%A0%80"])
def test_a_link_that_is_none_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/invitation/{token}").status_code == 404
    assert client.post(f"/invitation/{token}", data={"name": "A", "password": STRONG}).status_code == 404


def test_a_withdrawn_or_old_invitation_lets_nobody_in(
    app: Flask, client: Client, session: Session, focal_point: Person, member: Organization
) -> None:
    invited = _invite(session, member, "ada@example.org", Role.PROJECT_STAFF)
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        assert client.post(f"/invitation/{invited.token}", data={"name": "A", "password": STRONG}).status_code == 410
    host = app.test_client()
    assert isinstance(host, Client)
    host.sign_in_as(focal_point)
    host.post(f"/orgs/{member.slug}/invitations/{invited.invitation.id}/withdraw")
    assert client.get(f"/invitation/{invited.token}").status_code == 410
    assert client.post(f"/invitation/{invited.token}", data={"name": "A", "password": STRONG}).status_code == 410


def test_somebody_known_signs_in_and_accepts(
    app: Flask, client: Client, session: Session, member: Organization
) -> None:
    known = make_account(app, session, make_organization(session), Role.PROJECT_STAFF)
    invited = _invite(session, member, known.email, Role.PROJECT_STAFF)
    here = f"/invitation/{invited.token}"
    page = client.get(here).get_data(as_text=True)
    assert 'name="password"' not in page
    where = re.findall(r'href="(/sign-in\?next=[^"]+)"', page)[0]
    assert client.post(here, data={"name": "Eve", "password": STRONG}).status_code == 200
    assert member.id not in {h.organization_id for h in queries.held_by(session, known.id)}
    signed_in = client.post(where, data={"email": known.email, "password": PASSWORD})
    assert signed_in.headers["Location"] == here
    assert client.post(here).headers["Location"] == "/inbox"
    session.expire_all()
    assert member.id in {h.organization_id for h in queries.held_by(session, known.id)}


def test_an_invitation_is_for_its_address_alone(
    client: Client, session: Session, focal_point: Person, member: Organization
) -> None:
    invited = _invite(session, member, "ada@example.org", Role.SIGNATORY)
    client.sign_in_as(focal_point)
    assert "signed in as somebody else" in client.get(f"/invitation/{invited.token}").get_data(as_text=True)
    client.post(f"/invitation/{invited.token}", data={"name": "Eve", "password": STRONG})
    assert session.scalars(select(Person).where(Person.email == "ada@example.org")).all() == []


def test_sending_an_invitation_twice_sends_it_once(
    client: Client, session: Session, focal_point: Person, member: Organization
) -> None:
    client.sign_in_as(focal_point)
    data = {"name": "Ada", "email": "ada@example.org", "roles": "signatory", "idempotency_key": "k" * 32}
    first, second = (client.post(f"/orgs/{member.slug}/invite", data=data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(session.scalars(select(Invitation)).all()) == 1


def test_roles_are_changed_on_a_persons_page(
    client: Client, session: Session, focal_point: Person, member: Organization
) -> None:
    person = make_person(session, member, Role.PROJECT_STAFF)
    session.commit()
    client.sign_in_as(focal_point)
    path = f"/orgs/{member.slug}/people/{person.pid}"
    assert client.post(path, data={}).status_code == 422
    assert client.post(path, data={"roles": ["steward"]}).status_code == 422
    assert client.post(path, data={"roles": ["signatory", "project_staff"]}).status_code == 303
    session.expire_all()
    assert {h.role for h in queries.held_by(session, person.id)} == {Role.SIGNATORY, Role.PROJECT_STAFF}


def test_the_last_focal_point_is_told_why_they_stay(client: Client, focal_point: Person, member: Organization) -> None:
    client.sign_in_as(focal_point)
    answer = client.post(f"/orgs/{member.slug}/people/{focal_point.pid}/remove")
    assert answer.status_code == 422
    assert "is the last one with this role: focal point" in answer.get_data(as_text=True)


def test_who_is_removed_is_out_at_once(
    app: Flask, client: Client, session: Session, focal_point: Person, member: Organization
) -> None:
    person = make_person(session, member, Role.PROJECT_STAFF)
    session.commit()
    theirs = app.test_client()
    assert isinstance(theirs, Client)
    theirs.sign_in_as(person)
    assert theirs.get(f"/orgs/{member.slug}").status_code == 200
    client.sign_in_as(focal_point)
    assert client.post(f"/orgs/{member.slug}/people/{person.pid}/remove").status_code == 303
    assert theirs.get("/me").status_code == 303, "no organization is left, so every session has ended"


def test_an_organization_without_people_says_what_comes_first(
    client: Client, officer: Person, member: Organization
) -> None:
    client.sign_in_as(officer)
    assert "work stops if one person is away" in client.get(f"/orgs/{member.slug}").get_data(as_text=True)


def test_the_secretariat_adds_an_organization(client: Client, session: Session, officer: Person) -> None:
    client.sign_in_as(officer)
    data = {"name": "Corvid Mobility", "kind": "partner", "country": "KE", "website": "https://corvid.example"}
    assert client.post("/organizations/new", data=data).headers["Location"] == "/orgs/corvid-mobility"
    assert queries.organization_by_slug(session, "corvid-mobility").kind is Kind.PARTNER
    twice = client.post("/organizations/new", data=data)
    assert twice.status_code == 422
    assert "Corvid Mobility" in client.get("/organizations").get_data(as_text=True)


@pytest.mark.parametrize("typed", BAD)
def test_adding_an_organization_says_what_to_mend(client: Client, officer: Person, typed: str) -> None:
    client.sign_in_as(officer)
    for name in ("name", "kind", "country", "website", "contact_email"):
        data = {"name": "Corvid", "kind": "partner", "website": "", "contact_email": "", name: typed}
        status = client.post("/organizations/new", data=data).status_code
        assert status in ((303, 422) if name != "kind" else (422,))


@pytest.mark.parametrize("typed", BAD)
def test_defaults_and_profile_say_what_to_mend(
    client: Client, focal_point: Person, member: Organization, typed: str
) -> None:
    client.sign_in_as(focal_point)
    for path in (f"/orgs/{member.slug}/defaults", f"/orgs/{member.slug}/edit", "/me"):
        fields = ("name", "job_title", "country", "website", "about", "contact_email", "storage_place", "access_mode")
        assert client.post(path, data=dict.fromkeys(fields, typed)).status_code in (303, 422)


def test_defaults_are_kept(client: Client, session: Session, focal_point: Person, member: Organization) -> None:
    client.sign_in_as(focal_point)
    data = {
        "storage_place": "Nairobi",
        "access_mode": "enclave",
        "collaborative_type": "data_pooling",
        "sensitivity": "3",
        "visibility": "members",
        "contact_name": "Ada",
        "contact_email": "ada@example.org",
    }
    assert client.post(f"/orgs/{member.slug}/defaults", data=data).status_code == 303
    session.expire_all()
    assert member.defaults == {**data, "time_zone": "UTC"}
    assert "Nairobi" in client.get(f"/orgs/{member.slug}").get_data(as_text=True)


def test_operator_and_secretariat_words_are_no_way_in(client: Client, session: Session, member: Organization) -> None:
    auditor = make_person(session, make_secretariat(session), Role.AUDITOR)
    session.commit()
    client.sign_in_as(auditor)
    assert client.get("/organizations").status_code == 200
    assert client.get("/organizations/new").status_code == 404
    assert client.get(f"/orgs/{member.slug}").status_code == 200
    assert client.post("/organizations/new", data={"name": "X", "kind": "member"}).status_code == 404


def test_the_command_line_adds_lists_and_invites(cli: FlaskCliRunner) -> None:
    added = cli.invoke(
        args=["organization", "add", "--kind", "both", "--name", "Corvid", "--slug", "corvid", "--country", "KE"]
    )
    assert added.exit_code == 0, added.output
    listed = cli.invoke(args=["organization", "list", "--json"])
    assert json.loads(listed.output) == [
        {"slug": "corvid", "name": "Corvid", "kind": "both", "country": "KE", "people": 0, "invited": 0}
    ]
    invite = ["organization", "invite", "corvid", "--name", "Ada", "--email", "ada@example.org", "--role"]
    link = cli.invoke(args=[*invite, "steward", "--role", "focal_point"])
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/invitation/[\w-]{40,}\n", link.output)
    assert cli.invoke(args=[*invite, "steward"]).exit_code == 2
    assert cli.invoke(args=["organization", "invite", "nobody", *invite[3:], "steward"]).exit_code == 2
    assert (
        cli.invoke(args=["organization", "add", "--kind", "partner", "--name", "Corvid", "--slug", "c"]).exit_code == 2
    )
    assert (
        cli.invoke(args=["organization", "add", "--kind", "secretariat", "--name", "S", "--slug", "s"]).exit_code == 2
    )


def test_a_scan_records_one_accession_for_each_capacity(cli: FlaskCliRunner, session: Session, tmp_path: Path) -> None:
    scan = tmp_path / "signed.pdf"
    scan.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    added = cli.invoke(
        args=[
            "organization",
            "add",
            "--kind",
            "both",
            "--name",
            "Corvid",
            "--slug",
            "corvid",
            "--acceded-on-paper",
            str(scan),
        ]
    )
    assert added.exit_code == 0, added.output
    assert added.output.count("recorded from paper, and in force") == 2
    no_scan = tmp_path / "no.txt"
    no_scan.write_text("not a scan")
    refused = cli.invoke(
        args=[
            "organization",
            "add",
            "--kind",
            "member",
            "--name",
            "B",
            "--slug",
            "b",
            "--acceded-on-paper",
            str(no_scan),
        ]
    )
    assert refused.exit_code == 2
    assert session.scalars(select(Organization.slug).where(Organization.slug == "b")).all() == []


def test_the_operator_mends_a_lost_second_step(app: Flask, cli: FlaskCliRunner, session: Session) -> None:
    person = make_account(app, session, make_organization(session), Role.SIGNATORY, with_device=True)
    assert cli.invoke(args=["organization", "reset-second-factor", person.email]).exit_code == 0
    session.expire_all()
    assert person.tf_totp_secret is None
    assert cli.invoke(args=["organization", "reset-second-factor", "nobody@example.org"]).exit_code == 2
