"""A rule that is switched off is told to those who decide by hand from then on."""

from datetime import timedelta

import pytest

from app.consents.commands import switch_off
from app.rules.mail_hours import WINDOW
from app.rules.roles import Role
from tests.consents.scenes import switched_on
from tests.factories.review import MONDAY, make_person
from tests.support.office import Office

pytestmark = pytest.mark.both_databases
SOON = MONDAY + timedelta(minutes=2)


def test_the_stewards_and_the_deputy_hear_that_the_secretariat_switched_their_rule_off_and_why(office: Office) -> None:
    scene = office.scene
    ida = make_person(office.session, "Ida Holm", (scene.organizations["acme"], Role.DEPUTY))
    rule = switched_on(scene)
    office.leave(MONDAY + WINDOW)
    switch_off(office.session, scene.actor("jonas"), rule.reference, "It lets too much through.", SOON + WINDOW)
    mails = office.leave(SOON + 3 * WINDOW)
    assert {scene.people["lucia"].email, ida.email} <= {mail["to_email"] for mail in mails}
    assert office.to("pia", mails) == []
    [mail] = office.to("lucia", mails)
    assert "It lets too much through." in mail["text"]
    assert f"/desk/consents/{rule.reference}" in mail["text"]


def test_who_switches_a_rule_off_gets_no_mail_about_it(office: Office) -> None:
    rule = switched_on(office.scene)
    office.leave(MONDAY + WINDOW)
    switch_off(office.session, office.scene.actor("lucia"), rule.reference, "We look at each.", SOON + WINDOW)
    assert office.to("lucia", office.leave(SOON + 3 * WINDOW)) == []
