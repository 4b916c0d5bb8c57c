"""The intake check, requests for changes, and what is parked by date."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.proposals.commands.advancing import resume
from app.proposals.commands.intake import (
    Request,
    close_at_intake,
    park_overdue,
    pass_intake,
    request_changes,
)
from app.proposals.models import CHANGE_REQUEST, Comment, TeamMember
from app.proposals.queries.whose_turn import whose_turn
from app.rules.checklists import INTAKE
from app.rules.pipelines import Step
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import ALL_YES, MONDAY, make_scene, scene_in_intake, scene_in_review

A_REQUEST = [Request("Would block centers do?", "variables")]


def _types(session: Session, ref: str) -> list[str]:
    rows = select(HistoryEvent.type).where(HistoryEvent.thing_ref == ref).order_by(HistoryEvent.seq)
    return list(session.scalars(rows))


def test_a_request_for_changes_counts_for_the_version_that_was_read(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(WrongState, match="changed the proposal after you opened it"):
        request_changes(session, scene.actor("lucia"), scene.ref, A_REQUEST, MONDAY, shown_hash="0" * 64)
    assert session.scalar(select(func.count(Comment.id))) == 0
    request_changes(session, scene.actor("lucia"), scene.ref, A_REQUEST, MONDAY, shown_hash=scene.shown_hash)
    assert scene.proposal.state is ProposalState.CHANGES_REQUESTED


def test_an_officer_passes_a_complete_proposal_on_to_its_data_partners(session: Session) -> None:
    scene = scene_in_intake(session)
    proposal = pass_intake(session, scene.actor("jonas"), scene.ref, ALL_YES, MONDAY)
    assert (proposal.state, proposal.step) == (ProposalState.IN_REVIEW, Step.DATA_PARTNERS)
    assert (proposal.passed_at, proposal.waiting_since) == (MONDAY, MONDAY)
    assert _types(session, scene.ref)[-1] == "proposal.intake_passed"


@pytest.mark.parametrize("mark", ["no", "unsure", "", "perhaps"])
def test_a_question_that_is_not_answered_with_yes_keeps_it_in_intake(session: Session, mark: str) -> None:
    scene = scene_in_intake(session)
    with pytest.raises(Invalid) as refused:
        pass_intake(session, scene.actor("jonas"), scene.ref, {**ALL_YES, INTAKE[1].key: mark}, MONDAY)
    assert refused.value.field == INTAKE[1].key
    assert scene.proposal.state is ProposalState.IN_INTAKE


@pytest.mark.parametrize("who", ["rosa", "fenna", "helena", "aude"])
def test_who_may_read_it_but_is_no_officer_does_not_check_it(session: Session, who: str) -> None:
    scene = scene_in_intake(session)
    with pytest.raises(NotAllowed):
        pass_intake(session, scene.actor(who), scene.ref, ALL_YES, MONDAY)


@pytest.mark.parametrize("who", ["lucia", "pia", "otto"])
def test_before_the_check_nobody_else_knows_of_it(session: Session, who: str) -> None:
    scene = scene_in_intake(session)
    with pytest.raises(NotFound):
        pass_intake(session, scene.actor(who), scene.ref, ALL_YES, MONDAY)


def test_the_secretariat_knows_nothing_of_a_draft(session: Session) -> None:
    scene = make_scene(session)
    with pytest.raises(NotFound):
        pass_intake(session, scene.actor("jonas"), scene.ref, ALL_YES, MONDAY)


def test_a_withdrawn_draft_stays_unknown_to_everybody_else(session: Session) -> None:
    scene = make_scene(session)
    scene.proposal.state, scene.proposal.ended_at = ProposalState.WITHDRAWN, MONDAY
    session.flush()
    for who in ("jonas", "helena", "lucia"):
        with pytest.raises(NotFound):
            close_at_intake(session, scene.actor(who), scene.ref, "No.", MONDAY)


def test_an_officer_who_works_on_the_proposal_does_not_check_it(session: Session) -> None:
    scene = scene_in_intake(session)
    officer = scene.people["jonas"]
    row = TeamMember(proposal_id=scene.proposal.id, person_id=officer.id, name=officer.name, email=officer.email)
    row.added_at = MONDAY
    session.add(row)
    session.flush()
    with pytest.raises(NotAllowed):
        pass_intake(session, scene.actor("jonas"), scene.ref, ALL_YES, MONDAY)


def test_it_is_passed_once(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(WrongState):
        scene.pass_on()


def test_not_taking_it_up_needs_words_and_ends_it(session: Session) -> None:
    scene = scene_in_intake(session)
    with pytest.raises(Invalid):
        close_at_intake(session, scene.actor("jonas"), scene.ref, " \n ", MONDAY)
    proposal = close_at_intake(session, scene.actor("jonas"), scene.ref, "It asks for no dataset of ours.", MONDAY)
    assert proposal.state is ProposalState.NOT_TAKEN_UP
    assert (proposal.ended_at, proposal.end_reason) == (MONDAY, "It asks for no dataset of ours.")


def test_changes_are_asked_for_in_words_that_stay_in_the_conversation(session: Session) -> None:
    scene = scene_in_review(session)
    proposal = request_changes(session, scene.actor("lucia"), scene.ref, A_REQUEST, MONDAY)
    assert (proposal.state, proposal.returns_to) == (ProposalState.CHANGES_REQUESTED, Step.DATA_PARTNERS)
    [posted] = session.scalars(select(Comment))
    assert (posted.kind, posted.about_answer, posted.body) == (CHANGE_REQUEST, "variables", "Would block centers do?")
    assert posted.organization_id == scene.organizations["acme"].id
    assert not posted.is_internal


def test_an_officer_asks_for_changes_at_intake(session: Session) -> None:
    scene = scene_in_intake(session)
    proposal = request_changes(session, scene.actor("jonas"), scene.ref, A_REQUEST, MONDAY)
    assert (proposal.state, proposal.returns_to) == (ProposalState.CHANGES_REQUESTED, Step.INTAKE)


@pytest.mark.parametrize("requests", [[], [Request("  ")], [Request("x" * 4001)], [Request("x")] * 31])
def test_a_request_says_what_should_change(session: Session, requests: list[Request]) -> None:
    scene = scene_in_review(session)
    with pytest.raises(Invalid):
        request_changes(session, scene.actor("lucia"), scene.ref, requests, MONDAY)
    assert scene.proposal.state is ProposalState.IN_REVIEW


def test_who_has_decided_on_everything_asks_for_no_more_changes(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", ItemState.APPROVED)
    with pytest.raises(WrongState):
        request_changes(session, scene.actor("tom"), scene.ref, A_REQUEST, MONDAY)
    request_changes(session, scene.actor("pia"), scene.ref, A_REQUEST, MONDAY)


def test_the_team_asks_itself_for_nothing(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotAllowed):
        request_changes(session, scene.actor("rosa"), scene.ref, A_REQUEST, MONDAY)


def test_the_data_partners_clock_stands_still_while_the_team_answers(session: Session) -> None:
    scene = scene_in_review(session)  # Mon 16 Nov, due in ten working days
    thursday, next_monday = MONDAY + timedelta(days=3), MONDAY + timedelta(days=14)
    request_changes(session, scene.actor("lucia"), scene.ref, A_REQUEST, thursday)
    clock = whose_turn(session, scene.proposal, next_monday).progress
    assert clock is not None
    assert (clock.day, clock.total) == (7, 15)
    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    resume(session, scene.proposal, next_monday)
    clock = whose_turn(session, scene.proposal, next_monday).progress
    assert clock is not None
    assert (clock.day, clock.total, clock.left) == (3, 10, 7)
    assert clock.due.isoformat() == "2026-12-09"
    assert scene.proposal.state is ProposalState.IN_REVIEW


def test_an_answer_to_the_secretariat_goes_back_to_the_secretariat(session: Session) -> None:
    scene = scene_in_intake(session)
    request_changes(session, scene.actor("jonas"), scene.ref, A_REQUEST, MONDAY)
    scene.proposal.state, scene.proposal.step = ProposalState.IN_INTAKE, Step.INTAKE
    resume(session, scene.proposal, MONDAY)
    assert scene.proposal.state is ProposalState.IN_INTAKE


def test_changes_that_nobody_answers_are_parked_after_fifteen_working_days(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("lucia"), scene.ref, A_REQUEST, MONDAY)
    assert park_overdue(session, MONDAY + timedelta(days=21)) == 0  # the fifteenth working day
    assert park_overdue(session, MONDAY + timedelta(days=22)) == 1
    assert scene.proposal.state is ProposalState.PARKED
    assert scene.proposal.waiting_since is None
    assert park_overdue(session, MONDAY + timedelta(days=23)) == 0
