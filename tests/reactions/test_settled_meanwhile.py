"""A mail that leaves later than it was written asks for nothing that was done meanwhile, and for one thing once."""

from datetime import datetime, timedelta

import pytest

from app.proposals.commands.advancing import resume
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.suggesting import accept, suggest, take_back
from app.rules.mail import Cadence
from app.rules.mail_hours import WINDOW
from app.rules.workflow import ItemState
from tests.factories.review import MONDAY, hand_in
from tests.support.office import Mail, Office

pytestmark = pytest.mark.both_databases
WEEK = MONDAY + timedelta(days=8)


def ask(office: Office, who: str, at: datetime, words: str = "Which months?") -> None:
    request_changes(office.session, office.scene.actor(who), office.scene.ref, [Request(words)], at)


def answer(office: Office, at: datetime) -> None:
    scene, session = office.scene, office.session
    save_answers(session, scene.actor("rosa"), scene.ref, {"variables": f"Trips on foot, {at:%d %H:%M}."}, at)
    hand_in(session, scene.proposal, scene.people["rosa"], at, at.hour)
    resume(session, scene.proposal, at)


def digest(office: Office, who: str) -> list[Mail]:
    """What a person gets in the week, as it was when each of it left."""
    return office.to(who, office.leave(WEEK))


def hours(number: int) -> datetime:
    return MONDAY + timedelta(hours=number)


def test_what_was_decided_meanwhile_is_not_asked_for_in_the_weekly_mail(office: Office) -> None:
    office.wants("pia", your_turn=Cadence.WEEKLY)
    ask(office, "lucia", hours(1))
    answer(office, hours(2))
    office.leave(hours(3))
    office.scene.decides("pia", "shops", ItemState.APPROVED, now=hours(4))
    assert digest(office, "pia") == []


def test_what_is_still_open_is_asked_for_once_with_its_latest_day(office: Office) -> None:
    office.wants("pia", your_turn=Cadence.WEEKLY)
    for start in (1, 5):
        ask(office, "lucia", hours(start))
        answer(office, hours(start + 2))
        office.leave(hours(start + 3))
    [mail] = digest(office, "pia")
    assert mail["text"].count(f"/proposals/{office.scene.ref}/review") == 1


def test_a_request_that_was_answered_is_not_told_as_open_though_another_one_is(office: Office) -> None:
    office.wants("rosa", your_turn=Cadence.WEEKLY)
    ask(office, "lucia", hours(1))
    office.leave(hours(2))
    answer(office, hours(3))
    office.leave(hours(4))
    assert office.to("rosa", office.leave(WEEK)) == []


def test_of_two_requests_the_open_one_is_told(office: Office) -> None:
    office.wants("rosa", your_turn=Cadence.WEEKLY)
    ask(office, "lucia", hours(1))
    office.leave(hours(2))
    answer(office, hours(3))
    ask(office, "lucia", hours(5), "Which streets?")
    [mail] = digest(office, "rosa")
    assert mail["template"] == "proposal_changes"
    assert "Which streets?" in mail["text"]
    assert "Which months?" not in mail["text"]


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_suggested_edit_is_told_while_it_waits_for_its_answer(office: Office, is_settled: bool) -> None:
    scene = office.scene
    row = suggest(office.session, scene.actor("pia"), scene.ref, "variables", "Trips by block and hour.", MONDAY)
    office.leave(MONDAY)
    if is_settled:
        take_back(office.session, scene.actor("pia"), scene.ref, row.id, MONDAY + timedelta(minutes=2))
    told = [mail for mail in office.leave(MONDAY + WINDOW) if mail["template"] == "proposal_suggestion"]
    assert bool(told) is not is_settled


def test_a_suggested_edit_that_was_accepted_is_not_told_in_a_digest(office: Office) -> None:
    scene = office.scene
    office.wants("marta", conversation=Cadence.DAILY)
    row = suggest(office.session, scene.actor("pia"), scene.ref, "variables", "Trips by block and hour.", MONDAY)
    ask(office, "pia", MONDAY)
    office.leave(MONDAY)
    accept(office.session, scene.actor("rosa"), scene.ref, row.id, hours(1))
    assert not [mail for mail in digest(office, "marta") if "Suggested" in mail["text"]]
