"""What follows from events of proposals: each person concerned gets one mail, with an act in front and one button."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Membership, Person
from app.outbox.models import MessageState, OutboxMessage
from app.proposals.commands.advancing import resume
from app.proposals.commands.conversation import comment
from app.proposals.commands.deciding import undo_decision
from app.proposals.commands.intake import Request, close_at_intake, park_overdue, pass_intake, request_changes
from app.proposals.commands.recusing import declare_conflict
from app.proposals.commands.reminding import remind, remind_by_date
from app.proposals.commands.sending import withdraw
from app.proposals.models import TeamMember
from app.reactions.table import HANDLERS, SCHEDULE
from app.reactions.work import Work
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import (
    ALL_YES,
    MONDAY,
    Scene,
    actor_of,
    close_on,
    make_person,
    scene_in_intake,
    scene_in_review,
)

A, N = ItemState.APPROVED, ItemState.NOT_APPROVED
LONGEST_SUBJECT = 60


@pytest.fixture
def work(app: Flask, session: Session) -> Iterator[Work]:
    """What the worker hands to its handlers, on the transaction of the test, on the Monday it is about."""

    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    with app.app_context():
        yield Work(app.config, app.extensions["onepact_files"], reading, MONDAY)


class Post:
    """Handles events and keeps the mails that come of them, with their form checked."""

    def __init__(self, scene: Scene, work: Work) -> None:
        self.scene, self.work = scene, work
        self.deliver()

    def deliver(self, now: datetime = MONDAY) -> dict[str, list[dict[str, str]]]:
        """The mails of everything that happened since the last call, by template."""
        session, work = self.scene.session, replace(self.work, now=now)
        session.flush()
        found: dict[str, list[dict[str, str]]] = {}
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.state == MessageState.WAITING)):
            if message.kind == "event.react":
                apply = HANDLERS[message.kind](work, message.payload)
                assert apply is not None
                apply(session)
                message.state, message.done_at = MessageState.DONE, now
        session.flush()
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send")):
            if message.state is MessageState.WAITING:
                mail = {key: str(value) for key, value in message.payload.items()}
                _check(mail, self.scene)
                found.setdefault(mail["template"], []).append(mail)
                message.state, message.done_at = MessageState.DONE, now
        return found


def _join_the_team(session: Session, scene: Scene, person: Person) -> None:
    row = TeamMember(proposal_id=scene.proposal.id, person_id=person.id, name=person.name, email=person.email)
    row.added_at = MONDAY
    session.add(row)
    session.flush()


def _check(mail: dict[str, str], scene: Scene) -> None:
    assert len(mail["subject"]) <= LONGEST_SUBJECT, mail["subject"]
    assert mail["subject"].split(":")[0]
    link = f"/proposals/{scene.ref}"
    assert link in mail["text"]
    assert mail["html"].count('class="m-button"') == 1
    assert link in mail["html"]
    assert mail["thread"] == scene.ref
    assert "None" not in mail["text"]
    assert "&#39;" not in mail["text"]
    assert "&quot;" not in mail["subject"]


def _to(mails: list[dict[str, str]]) -> list[str]:
    return sorted(mail["to_name"] for mail in mails)


def test_officers_are_asked_to_check_what_was_sent(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    scene.session.flush()
    post = object.__new__(Post)
    post.scene, post.work = scene, work
    mails = post.deliver()
    assert set(mails) == {"proposal_to_check", "proposal_received"}
    assert _to(mails["proposal_to_check"]) == ["Jonas Oyelaran"]
    assert mails["proposal_to_check"][0]["subject"].startswith("Check by Wed 18 Nov")
    assert f"/proposals/{scene.ref}/intake" in mails["proposal_to_check"][0]["text"]


def test_the_team_gets_a_receipt_that_says_who_is_next_and_by_when_whoever_sent_it(
    session: Session, work: Work
) -> None:
    scene = scene_in_intake(session)
    scene.session.flush()
    post = object.__new__(Post)
    post.scene, post.work = scene, work
    mails = post.deliver()["proposal_received"]
    assert "Rosa Lindqvist" in _to(mails)
    for mail in mails:
        assert mail["subject"].startswith("Received: ")
        assert "Jonas Oyelaran" in mail["text"]
        assert "18 Nov" in mail["text"]
        assert f"/proposals/{scene.ref}" in mail["text"]


def test_stewards_are_asked_to_decide_and_told_who_is_asked_next(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    post = Post(scene, work)
    scene.pass_on()
    mails = post.deliver()["proposal_to_decide"]
    assert _to(mails) == ["Lucía Prado", "Pia Santos"]
    mine = next(mail for mail in mails if mail["to_name"] == "Lucía Prado")
    assert mine["subject"].startswith("Decide by Mon 30 Nov: Who cannot reach")
    assert "Tom Ek" in mine["text"]
    assert f"/proposals/{scene.ref}/review" in mine["text"]


def test_where_a_data_partner_has_no_steward_its_deputy_is_asked_at_once(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    lucia = select(Membership).where(Membership.person_id == scene.people["lucia"].id)
    session.scalars(lucia).one().ended_at = MONDAY
    post = Post(scene, work)
    scene.pass_on()
    assert _to(post.deliver()["proposal_to_decide"]) == ["Pia Santos", "Tom Ek"]


@pytest.mark.both_databases
def test_who_has_a_conflict_of_interest_is_not_asked_to_decide(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    declare_conflict(session, scene.actor("lucia"), scene.ref, "My brother leads it.", MONDAY)
    request_changes(session, scene.actor("tom"), scene.ref, [Request("Which years?")], MONDAY)
    post = Post(scene, work)
    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    resume(session, scene.proposal, MONDAY)
    assert _to(post.deliver()["proposal_answered"]) == ["Pia Santos", "Tom Ek"]


@pytest.mark.both_databases
def test_where_everyone_of_a_data_partner_has_a_conflict_the_secretariat_hears_at_once(
    session: Session, work: Work
) -> None:
    scene = scene_in_intake(session)
    _join_the_team(session, scene, scene.people["lucia"])
    mei = make_person(session, "Mei Castellanos", (scene.organizations["secretariat"], Role.OFFICER))
    post = Post(scene, work)
    pass_intake(session, actor_of(session, mei), scene.ref, ALL_YES, MONDAY)
    mails = post.deliver()
    assert _to(mails["proposal_to_decide"]) == ["Pia Santos"]
    assert _to(mails["proposal_taken_over"]) == ["Jonas Oyelaran"]
    assert "nobody can act on it now" in mails["proposal_taken_over"][0]["text"]


@pytest.mark.both_databases
def test_each_data_partner_reads_the_day_of_its_own_calendar(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    for day in (18, 19):
        close_on(session, scene.organizations["paloma"], date(2026, 11, day))
    post = Post(scene, work)
    scene.pass_on()
    days = {mail["to_name"]: mail["subject"][:20] for mail in post.deliver()["proposal_to_decide"]}
    assert days == {"Lucía Prado": "Decide by Mon 30 Nov", "Pia Santos": "Decide by Wed 2 Dec:"}
    scene.decides("lucia", "streets", A)
    told = post.deliver()["proposal_item_decided"][0]
    assert "Paloma Pay decides by Wed 2 Dec 2026" in told["text"]


def test_the_team_reads_what_should_change(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    post = Post(scene, work)
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Would block centers do?")], MONDAY)
    mails = post.deliver()
    assert set(mails) == {"proposal_changes", "proposal_others_ask"}
    assert _to(mails["proposal_changes"]) == ["Marta Ibáñez", "Rosa Lindqvist"]
    assert "Would block centers do?" in mails["proposal_changes"][0]["text"]
    assert mails["proposal_changes"][0]["subject"].startswith("Changes needed by Mon 7 Dec")


def test_the_other_data_partners_hear_once_that_the_team_is_asked_and_that_they_can_ask_too(
    session: Session, work: Work
) -> None:
    scene = scene_in_review(session)
    post = Post(scene, work)
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Which months?")], MONDAY)
    told = post.deliver()["proposal_others_ask"]
    assert _to(told) == ["Pia Santos"]
    assert "/review" in told[0]["text"]
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Which streets?")], MONDAY)
    mails = post.deliver()
    assert set(mails) == {"proposal_changes"}
    assert "Which streets?" in mails["proposal_changes"][0]["text"]


def test_who_asked_hears_that_it_was_answered(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("tom"), scene.ref, [Request("Shorter?")], MONDAY)
    post = Post(scene, work)
    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    resume(session, scene.proposal, MONDAY)
    mails = post.deliver()
    assert set(mails) == {"proposal_answered"}
    assert _to(mails["proposal_answered"]) == ["Lucía Prado", "Pia Santos", "Tom Ek"]


def test_the_lead_hears_of_each_decision_and_of_the_last_one_together_with_all(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    post = Post(scene, work)
    scene.decides("lucia", "streets", ItemState.APPROVED_WITH_CONDITIONS, conditions={"k_min": 25}, words="By stop.")
    mails = post.deliver()
    assert set(mails) == {"proposal_item_decided"}
    [mail] = mails["proposal_item_decided"]
    assert mail["to_name"] == "Rosa Lindqvist"
    assert mail["subject"].startswith("Approved with conditions: ")
    assert "25" in mail["text"]
    assert "By stop." in mail["text"]
    assert "Paloma Pay" in mail["text"]
    scene.decides("pia", "shops", N)
    mails = post.deliver()
    assert {name: _to(found) for name, found in mails.items()} == {
        "proposal_decided": ["Rosa Lindqvist"],
        "proposal_to_issue": ["Helena Voss"],
    }
    assert "Not approved" in mails["proposal_decided"][0]["text"]
    assert mails["proposal_to_issue"][0]["subject"].startswith("Issue by Mon 23 Nov")


def test_where_nothing_was_approved_no_director_is_asked(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    post = Post(scene, work)
    scene.decides("pia", "shops", N)
    mails = post.deliver()
    assert set(mails) == {"proposal_decided"}
    assert mails["proposal_decided"][0]["subject"].startswith("Not approved, and why")


def test_who_was_told_of_a_decision_is_told_that_it_was_taken_back(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    scene.decides("pia", "shops", A)
    post = Post(scene, work)
    undo_decision(session, scene.actor("pia"), scene.ref, scene.datasets["shops"].reference, MONDAY)
    mails = post.deliver()
    assert {name: _to(found) for name, found in mails.items()} == {
        "proposal_decision_undone": ["Rosa Lindqvist"],
        "proposal_reopened": ["Helena Voss"],
    }


def test_a_message_goes_to_the_others_and_an_internal_one_never_to_the_team(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    post = Post(scene, work)
    comment(session, scene.actor("rosa"), scene.ref, "Centers are enough.", MONDAY)
    assert _to(post.deliver()["proposal_comment"]) == ["Lucía Prado", "Marta Ibáñez", "Pia Santos"]
    comment(session, scene.actor("lucia"), scene.ref, "Like Lima in May.", MONDAY, is_internal=True)
    assert _to(post.deliver()["proposal_comment"]) == ["Jonas Oyelaran", "Tom Ek"]


def test_no_internal_note_is_mailed_to_an_officer_who_is_tied_to_the_team(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    _join_the_team(session, scene, scene.people["otto"])
    held = (scene.organizations["secretariat"], Role.OFFICER), (scene.organizations["other"], Role.FOCAL_POINT)
    make_person(session, "Nora Ek", *held)
    post = Post(scene, work)
    comment(session, scene.actor("lucia"), scene.ref, "Like Lima in May.", MONDAY, is_internal=True)
    assert _to(post.deliver()["proposal_comment"]) == ["Jonas Oyelaran", "Tom Ek"]


def test_who_left_gets_no_mail_about_a_proposal_that_they_once_wrote_on(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    comment(session, scene.actor("lucia"), scene.ref, "Which blocks?", MONDAY)
    lucia = select(Membership).where(Membership.person_id == scene.people["lucia"].id)
    session.scalars(lucia).one().ended_at = MONDAY
    post = Post(scene, work)
    comment(session, scene.actor("rosa"), scene.ref, "All of them.", MONDAY)
    assert _to(post.deliver()["proposal_comment"]) == ["Marta Ibáñez", "Pia Santos", "Tom Ek"]


def test_a_listing_for_named_organizations_is_in_no_mail_to_another_data_partner(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    scene.datasets["shops"].visibility = Visibility.NAMED
    post = Post(scene, work)
    scene.pass_on()
    told = {mail["to_name"]: mail["text"] + mail["html"] for mail in post.deliver()["proposal_to_decide"]}
    assert "Small shops" in told["Pia Santos"]
    assert "Street-level movement" in told["Lucía Prado"]
    assert "Small shops" not in told["Lucía Prado"]


@pytest.mark.parametrize(
    ("working_day", "told"),
    [(4, []), (5, ["Lucía Prado"]), (8, ["Lucía Prado"]), (10, ["Lucía Prado", "Tom Ek"])],
)
def test_those_who_are_waited_for_are_reminded_by_date(
    session: Session, work: Work, working_day: int, told: list[str]
) -> None:
    scene = scene_in_review(session)
    scene.decides("pia", "shops", A)
    post = Post(scene, work)
    later = MONDAY + timedelta(days=working_day + 2 * (working_day // 5))
    assert remind_by_date(session, later) == bool(told)
    assert _to(post.deliver(later).get("proposal_reminder", [])) == told
    assert remind_by_date(session, later) == 0


def test_after_half_as_long_again_the_secretariat_takes_over(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    post, later = Post(scene, work), MONDAY + timedelta(days=21)
    assert remind_by_date(session, later) == 2, "each data partner has a clock of its own"
    mails = post.deliver(later)
    assert _to(mails["proposal_reminder"]) == ["Lucía Prado", "Pia Santos", "Tom Ek"]
    assert set(_to(mails["proposal_taken_over"])) == {"Jonas Oyelaran"}
    assert len(mails["proposal_taken_over"]) == 2
    assert mails["proposal_reminder"][0]["subject"].startswith("Overdue since Mon 30 Nov")
    assert mails["proposal_taken_over"][0]["subject"].startswith("Follow up with Acme Maps")


def test_a_reminder_by_hand_names_who_asks(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    post, later = Post(scene, work), MONDAY + timedelta(days=10)
    remind(session, scene.actor("rosa"), scene.ref, later)
    mails = post.deliver(later)
    assert _to(mails["proposal_reminder"]) == ["Lucía Prado", "Pia Santos"]
    assert "Rosa Lindqvist asks whether you can act" in mails["proposal_reminder"][0]["text"]


def test_the_team_hears_that_it_was_parked_or_not_taken_up(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    request_changes(session, scene.actor("jonas"), scene.ref, [Request("Name the city.")], MONDAY)
    post, later = Post(scene, work), MONDAY + timedelta(days=22)
    assert park_overdue(session, later) == 1
    assert _to(post.deliver(later)["proposal_parked"]) == ["Marta Ibáñez", "Rosa Lindqvist"]


def test_once_its_last_day_has_come_the_team_sets_new_days_and_those_who_approved_are_asked_anew(
    session: Session, work: Work
) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", ItemState.APPROVED, MONDAY)
    scene.decides("pia", "shops", ItemState.APPROVED, MONDAY)
    post, later = Post(scene, work), datetime.fromisoformat(f"{scene.proposal.answers['ends_on']}T00:01:00+00:00")
    for job in SCHEDULE:
        if job.__module__ == "app.reactions.proposals":
            job(session, later)
    assert scene.proposal.state is ProposalState.CHANGES_REQUESTED
    mails = post.deliver(later)
    assert set(mails) == {"proposal_days_passed", "proposal_not_to_issue"}, "and nobody is reminded of issuing it"
    assert _to(mails["proposal_days_passed"]) == ["Marta Ibáñez", "Rosa Lindqvist"]
    assert _to(mails["proposal_not_to_issue"]) == ["Helena Voss", "Lucía Prado", "Pia Santos"]
    assert f"/proposals/{scene.ref}/edit" in mails["proposal_days_passed"][0]["text"]
    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    resume(session, scene.proposal, later)
    assert _to(post.deliver(later)["proposal_to_decide"]) == ["Lucía Prado", "Pia Santos"]


def test_the_team_reads_why_it_is_not_taken_up(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    post = Post(scene, work)
    close_at_intake(session, scene.actor("jonas"), scene.ref, "No dataset of ours fits.", MONDAY)
    mails = post.deliver()
    assert set(mails) == {"proposal_not_taken_up"}
    assert "No dataset of ours fits." in mails["proposal_not_taken_up"][0]["text"]


def test_a_question_on_what_is_not_taken_up_reaches_the_officers(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    close_at_intake(session, scene.actor("jonas"), scene.ref, "No dataset of ours fits.", MONDAY)
    post = Post(scene, work)
    comment(session, scene.actor("rosa"), scene.ref, "Would weekly totals do?", MONDAY)
    assert _to(post.deliver()["proposal_comment"]) == ["Jonas Oyelaran", "Marta Ibáñez"]


def test_a_question_on_what_is_parked_reaches_who_asked_for_changes(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    request_changes(session, scene.actor("jonas"), scene.ref, [Request("Name the city.")], MONDAY)
    later = MONDAY + timedelta(days=22)
    park_overdue(session, later)
    post = Post(scene, work)
    comment(session, scene.actor("rosa"), scene.ref, "Would the region do?", later)
    assert _to(post.deliver(later)["proposal_comment"]) == ["Jonas Oyelaran", "Marta Ibáñez"]


def test_those_who_were_reading_hear_of_a_withdrawal(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    post = Post(scene, work)
    withdraw(session, scene.actor("rosa"), scene.ref, "The loan was canceled.", MONDAY)
    assert _to(post.deliver()["proposal_withdrawn"]) == ["Lucía Prado", "Pia Santos"]


def test_the_schedule_reminds_and_parks(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Shorter?")], MONDAY)
    for job in SCHEDULE:
        if job.__module__ == "app.reactions.proposals":
            job(session, MONDAY + timedelta(days=30))
    assert scene.proposal.state is ProposalState.PARKED


def test_a_long_title_and_markup_in_it_fit_and_stay_text(session: Session, work: Work) -> None:
    scene = scene_in_intake(session)
    scene.proposal.title = "<b>Bold</b> & " + "long " * 20
    post = Post(scene, work)
    scene.pass_on()
    mail = post.deliver()["proposal_to_decide"][0]
    assert "<b>Bold" not in mail["html"]
    assert "<b>Bold</b> &" in mail["text"]
