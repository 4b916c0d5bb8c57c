"""Whoever has nothing to do with a case reaches nothing of it by typing its address: what is there answers as what is not."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.queries import duties_of
from app.foundation.files import FileStore
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.incidents.commands import Notice, report
from app.organizations.models import Person
from app.outputs.commands import Submission, submit
from app.proposals.models import Proposal, TeamMember
from app.rules.incidents import PersonalData
from app.rules.outputs import OutputKind
from app.rules.roles import Kind, Role
from app.web.guards import PUBLIC, policy_of
from tests.factories.changes import LONGER, ask
from tests.factories.grants import NOW, make_active, make_ready_cast
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.outputs import make_draft
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready
from tests.support.application import Client

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
PARTS = ("proposals", "grants", "changes", "outputs", "incidents", "duties", "delivery", "inbox")
OUTPUT_TITLE = "Where children cross unseen"
_FAKE = {
    "PR": "PR-2026-9999", "GR": "GR-2026-9999", "GC": "GC-2026-9999", "OU": "OU-2026-9999", "IN": "IN-2026-9999"
}  # fmt: skip


@pytest.fixture
def things(session: Session, granted: Grant, ready: Cast) -> dict[str, str]:
    """A case with everything that can hang on it, by the blueprint that shows it."""
    return _begun(session, granted, ready)


def _begun(session: Session, granted: Grant, ready: Cast) -> dict[str, str]:
    lead = acting(session, ready.lead)
    output = submit(
        session, lead, granted.number, Submission(OUTPUT_TITLE, OutputKind.BRIEF, file=make_draft(session)), NOW
    )
    notice = Notice("A laptop was left on a train.", NOW - timedelta(hours=2), PersonalData.UNKNOWN)
    incident = report(session, lead, granted.number, notice, NOW)
    change = ask(session, ready, granted, LONGER, NOW)
    found = {
        "proposals": session.get_one(Proposal, granted.proposal_id).reference,
        "outputs": output.reference,
        "incidents": incident.reference,
        "changes": change.reference,
        "number": granted.number,
        "duty_id": str(duties_of(session, granted)[0].id),
        "member_id": str(session.scalars(select(TeamMember.id)).first()),
    }
    session.commit()
    return found


@pytest.fixture(params=["steward", "lead"])
def stranger(session: Session, request: pytest.FixtureRequest) -> Person:
    kind, roles = {
        "steward": (Kind.PARTNER, (Role.STEWARD, Role.SIGNATORY, Role.FOCAL_POINT)),
        "lead": (Kind.MEMBER, (Role.PROJECT_STAFF, Role.SIGNATORY, Role.FOCAL_POINT)),
    }[request.param]
    return make_person(session, make_organization(session, kind, "Elsewhere"), *roles)


def _addresses(app: Flask, things: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Every address of these parts that names a case: its methods, with the real reference and with one of nothing."""
    for rule in app.url_map.iter_rules():
        part = rule.endpoint.partition(".")[0]
        if part not in PARTS or policy_of(app, rule.endpoint) == PUBLIC or not {"reference", "number"} & rule.arguments:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            real, fake = _filled(rule.rule, part, things, is_real=True), _filled(rule.rule, part, things, is_real=False)
            yield method, real, fake


def _filled(rule: str, part: str, things: dict[str, str], *, is_real: bool) -> str:
    def value(found: re.Match[str]) -> str:
        converter, name = found["kind"] or "", found["name"]
        if converter.startswith("any("):
            return converter[5:].split(converter[4])[0]
        if name in ("reference", "number") and not converter.startswith("int"):
            known = things.get("number" if name == "number" else part, things["proposals"])
            return known if is_real else _FAKE.get(known[:2], "XX-2026-9999")
        return things.get(name, "1")

    return re.sub(r"<(?:(?P<kind>[^<>:]+(?:\([^)]*\))?):)?(?P<name>\w+)>", value, rule)


def test_a_stranger_cannot_tell_a_case_from_nothing(
    client: Client, session: Session, things: dict[str, str], granted: Grant, stranger: Person
) -> None:
    session.commit()
    client.sign_in_as(stranger)
    assert _told(client, things, granted.title) == []


def test_the_addresses_that_are_tried_are_real_ones(
    client: Client, session: Session, things: dict[str, str], ready: Cast
) -> None:
    session.commit()
    client.sign_in_as(ready.lead)
    assert len(_told(client, things, "", "GET")) > 25


def test_another_data_partner_of_the_same_proposal_reaches_nothing_of_a_grant(
    client: Client, session: Session, app: Flask, installed: Press
) -> None:
    cast = make_ready_cast(session, 2)
    files: FileStore = app.extensions["onepact_files"]
    grant = make_active(session, files, installed, cast)
    things = _begun(session, grant, cast)
    own, other = (
        cast.stewards[key] for key in (grant.data_partner_id, *(cast.stewards.keys() - {grant.data_partner_id}))
    )
    client.sign_in_as(other)
    assert [line for line in _told(client, things) if "/proposals/" not in line] == []
    client.sign_in_as(own)
    assert [line for line in _told(client, things, "", "GET") if "/proposals/" not in line]


def _told(client: Client, things: dict[str, str], title: str = "", *methods: str) -> list[str]:
    """The addresses at which the reader can tell what is there from what is not."""
    found = []
    for method, real, fake in _addresses(client.application, things):
        if methods and method not in methods:
            continue
        answers = [client.open(address, method=method) for address in (real, fake)]
        if answers[0].status_code != answers[1].status_code or (title and title in answers[0].text):
            found.append(f"{method} {real}: {answers[0].status_code}, and {answers[1].status_code} where nothing is")
    return found


def test_a_stranger_finds_no_title_in_any_list_and_nothing_waiting(
    client: Client, session: Session, things: dict[str, str], granted: Grant, stranger: Person
) -> None:
    session.commit()
    client.sign_in_as(stranger)
    for address in ("/inbox", "/proposals", "/grants", "/figures", "/proposals?ended=1", "/me"):
        text = client.get(address).text
        assert granted.title not in text, address
        assert OUTPUT_TITLE not in text, address
        assert all(things[name] not in text for name in ("proposals", "outputs", "incidents", "changes")), address
