"""What waits for somebody who leaves is named before, and whoever is named in their place gets one mail with all of it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.inbox.passing import passing_from
from app.organizations.commands import remove_person
from app.organizations.models import Person
from app.rules.mail_hours import WINDOW
from app.rules.roles import Role
from app.rules.workflow import ItemState
from tests.consents.scenes import switched_on
from tests.factories.review import MONDAY, make_person, scene_in_review
from tests.support.application import Client
from tests.support.office import Mail, Office

pytestmark = pytest.mark.both_databases
SOON = MONDAY + timedelta(minutes=2)


def _colleague(office: Office) -> Person:
    return make_person(office.session, "Ida Holm", (office.scene.organizations["acme"], Role.STEWARD))


def _leaves(app: Flask, office: Office) -> list[Mail]:
    """Lucía leaves, as her organization's page does it. Returns the mails that follow."""
    scene = office.scene
    office.leave(MONDAY + 2 * WINDOW)
    acme, lucia = scene.organizations["acme"].id, scene.people["lucia"].id
    with app.test_request_context():
        waits = [each.key for each in passing_from(office.session, acme, lucia, SOON)]
    remove_person(office.session, scene.actor("jonas"), acme, lucia, SOON, (), waits)
    return office.leave(SOON + 4 * WINDOW)


def test_who_is_named_next_is_told_once_of_all_that_waits_and_of_the_rules_that_rest(
    app: Flask, office: Office
) -> None:
    ida, rule = _colleague(office), switched_on(office.scene)
    mails = [mail for mail in _leaves(app, office) if mail["to_email"] == ida.email]
    assert len(mails) == 1
    assert mails[0]["subject"].startswith("Lucía Prado has left")
    assert office.scene.ref in mails[0]["text"]
    assert rule.reference in mails[0]["text"]


def test_nobody_is_told_of_what_did_not_wait_for_them(app: Flask, office: Office) -> None:
    ida = _colleague(office)
    office.scene.decides("lucia", "streets", ItemState.APPROVED)
    told = {mail["to_email"] for mail in _leaves(app, office)}
    assert ida.email not in told
    assert office.scene.people["pia"].email not in told


def test_the_page_says_what_waits_before_somebody_leaves(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    make_person(session, "Ida Holm", (scene.organizations["acme"], Role.STEWARD))
    rule = switched_on(scene)
    session.commit()
    client.sign_in_as(scene.people["jonas"])
    shown = client.get(f"/orgs/acme/people/{scene.people['lucia'].pid}").text
    assert f"Decide on a proposal {scene.ref}" in shown
    assert f"{rule.reference} “Low risk” rests" in shown
    assert "Nothing waits for" not in shown
