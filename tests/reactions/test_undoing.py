"""What can be taken back is told when it no longer can be; who had heard of it earlier hears that it does not hold, once."""

from datetime import datetime, timedelta

import pytest

from app.proposals.commands.intake import Request, close_at_intake, request_changes
from app.proposals.commands.sending import withdraw
from app.proposals.commands.undoing import take_back
from app.reactions.mail import Recipient, write_mail
from app.rules.mail import Cadence
from app.rules.mail_hours import WINDOW
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import make_person
from tests.factories.review import MONDAY
from tests.support.office import Mail, Office

pytestmark = pytest.mark.both_databases
SOON, OVER = MONDAY + timedelta(minutes=5), MONDAY + WINDOW
TEAM = ("rosa", "marta")


def ask(office: Office, who: str = "lucia", at: datetime = MONDAY) -> None:
    request_changes(office.session, office.scene.actor(who), office.scene.ref, [Request("Name them.")], at)


def take(office: Office, who: str = "lucia", at: datetime = SOON) -> None:
    take_back(office.session, office.scene.actor(who), office.scene.ref, at)


def templates(mails: list[Mail]) -> set[str]:
    return {mail["template"] for mail in mails}


def test_a_request_for_changes_reaches_the_team_when_it_can_no_longer_be_taken_back(office: Office) -> None:
    ask(office)
    assert office.leave(OVER - timedelta(seconds=1)) == []
    mails = office.leave(OVER)
    assert templates(mails) == {"proposal_changes", "proposal_others_ask"}
    assert [len(office.to(who, mails)) for who in TEAM] == [1, 1]
    assert "Name them." in next(mail["text"] for mail in mails if mail["template"] == "proposal_changes")


def test_of_a_request_that_was_taken_back_in_time_nobody_hears_anything(office: Office) -> None:
    ask(office)
    office.leave(MONDAY)
    take(office)
    assert office.leave(OVER + timedelta(days=9)) == []


def test_nor_where_the_worker_sees_both_at_once(office: Office) -> None:
    ask(office)
    take(office)
    assert office.leave(OVER + timedelta(days=9)) == []


def test_where_another_request_stands_those_who_have_not_asked_hear_of_that_one(office: Office) -> None:
    ida = make_person(office.session, office.scene.organizations["acme"], Role.STEWARD, name="Ida Holm")
    ask(office)
    ask(office, "pia", MONDAY + timedelta(minutes=2))
    take(office)
    told = [mail["template"] for mail in office.leave(OVER + timedelta(minutes=5)) if mail["to_email"] == ida.email]
    assert told == ["proposal_others_ask"]


def test_who_was_told_early_because_something_urgent_took_it_along_hears_once_that_it_does_not_hold(
    office: Office,
) -> None:
    ask(office)
    office.leave(MONDAY)
    rosa, facts = office.scene.people["rosa"], {"title": "Care Blocks", "organization": "Coastal"}
    write_mail(
        office.session,
        office.work,
        "proposal_reopened",
        Recipient(rosa.name, rosa.email),
        facts,
        office.scene.ref,
        "/x",
    )
    early = office.leave(MONDAY + timedelta(minutes=1))
    assert "Name them." in "".join(mail["text"] for mail in office.to("rosa", early))
    assert office.to("marta", early) == []
    take(office)
    told = office.leave(OVER)
    [mail] = office.to("rosa", told)
    assert mail["template"] == "proposal_taken_back"
    assert "took back the request for changes" in mail["text"]
    assert office.to("marta", told) == []
    assert office.leave(OVER + timedelta(days=9)) == []


def test_a_digest_leaves_out_what_was_taken_back(office: Office) -> None:
    office.wants("rosa", your_turn=Cadence.DAILY)
    ask(office)
    office.leave(MONDAY)
    take(office)
    assert office.to("rosa", office.leave(MONDAY + timedelta(days=2))) == []


def test_that_it_is_not_taken_up_reaches_the_team_ten_minutes_later(office: Office) -> None:
    scene = office.scene
    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    close_at_intake(office.session, scene.actor("jonas"), scene.ref, "Outside the agreement.", MONDAY)
    assert office.leave(OVER - timedelta(seconds=1)) == []
    assert templates(office.leave(OVER)) == {"proposal_not_taken_up"}


def test_who_has_answered_within_the_ten_minutes_is_not_asked_to_any_more(office: Office) -> None:
    scene = office.scene
    ask(office)
    office.leave(MONDAY)
    withdraw(office.session, scene.actor("rosa"), scene.ref, "We found open data.", SOON)
    assert "proposal_changes" not in templates(office.leave(OVER + timedelta(days=1)))
