"""A mail about a decision leaves only while that decision counts, and says of each who is waited for by when they decide."""

from datetime import datetime, timedelta

import pytest

from app.proposals.commands.advancing import resume
from app.proposals.commands.deciding import revise, undo_decision, void_decisions
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, request_changes
from app.proposals.models import ProposalItem
from app.rules.mail_hours import WINDOW
from app.rules.pipelines import Step
from app.rules.roles import Kind, Role
from app.rules.workflow import ItemState, ProposalState
from tests.factories.catalog import make_dataset
from tests.factories.review import MONDAY, hand_in, make_organization, make_person
from tests.support.office import Mail, Office

pytestmark = pytest.mark.both_databases
SOON, LATER = MONDAY + timedelta(minutes=2), MONDAY + WINDOW + timedelta(minutes=20)
A, N = ItemState.APPROVED, ItemState.NOT_APPROVED


def _again(office: Office, at: datetime) -> None:
    """The team answers with a new version, as `send` does."""
    scene, session = office.scene, office.session
    save_answers(session, scene.actor("rosa"), scene.ref, {"variables": f"Trips on foot, {at:%d %H:%M}."}, at)
    hand_in(session, scene.proposal, scene.people["rosa"], at, 2)
    void_decisions(session, scene.proposal, at)
    resume(session, scene.proposal, at)


def _asks(office: Office, who: str, at: datetime = MONDAY) -> None:
    request_changes(office.session, office.scene.actor(who), office.scene.ref, [Request("Which months?")], at)


def _told(mails: list[Mail]) -> set[str]:
    return {mail["template"] for mail in mails}


def test_of_a_decision_that_a_new_version_voided_the_lead_hears_nothing(office: Office) -> None:
    office.scene.decides("lucia", "streets", A)
    _asks(office, "pia")
    _again(office, SOON)
    assert "proposal_item_decided" not in _told(office.to("rosa", office.leave(LATER)))


def test_a_decision_that_counts_is_told(office: Office) -> None:
    office.scene.decides("lucia", "streets", A)
    assert _told(office.to("rosa", office.leave(LATER))) == {"proposal_item_decided"}


def test_of_a_decision_that_was_replaced_the_lead_hears_the_new_one_alone(office: Office) -> None:
    scene = office.scene
    scene.decides("lucia", "streets", A)
    ruling = scene.ruling(N)
    revise(office.session, scene.actor("lucia"), scene.ref, [scene.datasets["streets"].reference], ruling, SOON)
    assert _told(office.to("rosa", office.leave(LATER))) == {"proposal_decision_revised"}


def test_a_decision_that_was_taken_back_is_not_told_as_made(office: Office) -> None:
    scene = office.scene
    scene.decides("lucia", "streets", A)
    undo_decision(office.session, scene.actor("lucia"), scene.ref, scene.datasets["streets"].reference, SOON)
    assert _told(office.to("rosa", office.leave(LATER))) == {"proposal_decision_undone"}


def test_a_data_partner_whose_dataset_the_team_added_is_asked_to_decide_and_not_told_of_an_answer(
    office: Office,
) -> None:
    scene, session = office.scene, office.session
    delta = make_organization(session, "delta", Kind.PARTNER, "Delta Data")
    wanjiru = make_person(session, "Wanjiru Kamau", (delta, Role.STEWARD))
    _asks(office, "lucia")
    office.leave(LATER)
    session.add(ProposalItem(proposal_id=scene.proposal.id, dataset_id=make_dataset(session, delta).id))
    session.flush()
    _again(office, LATER)
    mails = office.leave(LATER + WINDOW)
    assert [mail["template"] for mail in mails if mail["to_email"] == wanjiru.email] == ["proposal_to_decide"]
    assert _told(office.to("pia", mails)) == {"proposal_answered"}
    assert _told(office.to("lucia", mails)) == {"proposal_answered"}


def test_an_answer_with_the_same_words_asks_nobody_anew(office: Office) -> None:
    scene = office.scene
    _asks(office, "lucia")
    office.leave(LATER)

    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    resume(office.session, scene.proposal, LATER)
    assert _told(office.leave(LATER + WINDOW)) == {"proposal_answered"}


def test_who_is_late_and_who_was_asked_later_have_each_their_day_in_the_mail(office: Office) -> None:
    scene, session = office.scene, office.session
    office.leave(LATER)
    third = make_organization(session, "delta", Kind.PARTNER, "Delta Data")
    make_person(session, "Wanjiru Kamau", (third, Role.STEWARD))
    _asks(office, "lucia", MONDAY + timedelta(days=13))
    session.add(ProposalItem(proposal_id=scene.proposal.id, dataset_id=make_dataset(session, third).id))
    session.flush()
    at = MONDAY + timedelta(days=14)
    _again(office, at)
    office.leave(at)
    later = at + timedelta(days=7)
    scene.decides("lucia", "streets", A, now=later)
    [mail] = office.to("rosa", office.leave(later + WINDOW))
    assert "Still to decide: Paloma Pay (was due by" in mail["text"]
    assert "Delta Data (by " in mail["text"]
