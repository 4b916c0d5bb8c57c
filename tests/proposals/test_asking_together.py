"""While the team answers one data partner, the others ask too: one round of changes, one answer, each request its maker's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.suggesting import suggest
from app.proposals.commands.undoing import take_back
from app.proposals.queries.cases import case
from app.proposals.queries.requests import open_requests
from app.proposals.queries.whose_turn import whose_turn
from app.rules.actions import Action
from app.rules.pipelines import Step
from app.rules.turns import Turn
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import MONDAY, Scene, scene_in_intake, scene_in_review
from tests.proposals.test_undoing import stands
from tests.support.application import Client

P = ProposalState
DAYS_LATER = MONDAY + timedelta(days=3)
SOON = DAYS_LATER + timedelta(minutes=2)


def ask(scene: Scene, who: str, words: str, at: datetime = DAYS_LATER) -> None:
    request_changes(scene.session, scene.actor(who), scene.ref, [Request(words)], at)


def asked(scene: Scene) -> list[str]:
    return [each.words for each in open_requests(scene.session, scene.proposal)]


def both_asked(session: Session) -> Scene:
    """Lucía's days before Pia's, for two data partners."""
    scene = scene_in_review(session)
    ask(scene, "lucia", "Which months?", DAYS_LATER - timedelta(minutes=1))
    ask(scene, "pia", "Which streets?")
    return scene


@pytest.mark.both_databases
def test_another_data_partner_asks_too_and_the_team_answers_all_in_one_go(session: Session) -> None:
    scene = both_asked(session)
    assert (scene.proposal.state, scene.proposal.returns_to) == (P.CHANGES_REQUESTED, Step.DATA_PARTNERS)
    assert asked(scene) == ["Which months?", "Which streets?"]
    turn = whose_turn(session, scene.proposal, DAYS_LATER)
    assert (turn.turn, [holder.next.name for holder in turn.holders if holder.next]) == (
        Turn.CHANGING,
        ["Rosa Lindqvist"],
    )


def test_the_days_of_the_team_begin_anew_and_the_reviewers_clock_stays_where_it_stopped(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene, "lucia", "Which months?", MONDAY + timedelta(days=1))
    runs, due = scene.proposal.review_runs, whose_turn(session, scene.proposal, DAYS_LATER).due
    ask(scene, "pia", "Which streets?")
    assert scene.proposal.review_runs == runs
    later = whose_turn(session, scene.proposal, DAYS_LATER).due
    assert due is not None
    assert later is not None
    assert later > due


def test_who_has_decided_on_everything_writes_a_comment_instead(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("pia", "shops", ItemState.APPROVED)
    ask(scene, "lucia", "Which months?")
    with pytest.raises(WrongState, match="decided on all"):
        ask(scene, "pia", "Which streets?")


def test_no_data_partner_decides_while_the_team_answers(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene, "lucia", "Which months?")
    with pytest.raises(WrongState):
        scene.decides("pia", "shops", ItemState.APPROVED)


def test_what_the_intake_check_asks_for_is_joined_by_no_data_partner(session: Session) -> None:
    scene = scene_in_intake(session)
    ask(scene, "jonas", "Name the city.")
    ask(scene, "jonas", "And the year.")
    assert asked(scene) == ["Name the city.", "And the year."]
    with pytest.raises(NotFound):
        ask(scene, "pia", "Which streets?")
    with pytest.raises(NotAllowed):
        ask(scene, "rosa", "What now?")


def test_others_suggest_an_edit_where_the_answer_still_says_what_they_read(session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene, "lucia", "Which months?")
    save_answers(session, scene.actor("rosa"), scene.ref, {"granularity": "Block, day"}, DAYS_LATER)
    suggest(session, scene.actor("pia"), scene.ref, "variables", "Origin by block and hour", DAYS_LATER)
    with pytest.raises(Invalid, match="changing this answer") as refused:
        suggest(session, scene.actor("pia"), scene.ref, "granularity", "Block, week", DAYS_LATER)
    assert refused.value.field == "edit-granularity"


@pytest.mark.both_databases
@pytest.mark.parametrize(("first", "left"), [("lucia", ["Which streets?"]), ("pia", ["Which months?"])])
def test_one_request_is_taken_back_and_the_team_goes_on_answering_the_other(
    session: Session, first: str, left: list[str]
) -> None:
    scene = both_asked(session)
    take_back(session, scene.actor(first), scene.ref, SOON)
    assert scene.proposal.state is P.CHANGES_REQUESTED
    assert asked(scene) == left


@pytest.mark.parametrize("order", [("lucia", "pia"), ("pia", "lucia")])
def test_when_all_took_theirs_back_the_review_goes_on_as_if_nobody_had_asked(
    session: Session, order: tuple[str, str]
) -> None:
    scene = scene_in_review(session)
    before = stands(scene.proposal)
    ask(scene, "lucia", "Which months?", DAYS_LATER - timedelta(minutes=1))
    ask(scene, "pia", "Which streets?")
    for who in order:
        assert case(session, scene.actor(who), scene.ref, SOON).taking_back is not None
        take_back(session, scene.actor(who), scene.ref, SOON)
    assert stands(scene.proposal) == before
    assert asked(scene) == []


def test_what_the_team_has_begun_to_answer_is_taken_back_by_nobody(session: Session) -> None:
    scene = both_asked(session)
    save_answers(session, scene.actor("rosa"), scene.ref, {"granularity": "Block, day"}, SOON)
    for who in ("lucia", "pia"):
        with pytest.raises(WrongState):
            take_back(session, scene.actor(who), scene.ref, SOON)


@pytest.mark.parametrize(("who", "acts"), [("pia", True), ("rosa", False), ("fenna", False), ("helena", False)])
def test_the_act_is_offered_to_those_who_may(session: Session, who: str, acts: bool) -> None:
    scene = scene_in_review(session)
    ask(scene, "lucia", "Which months?")
    assert (Action.REQUEST_CHANGES in case(session, scene.actor(who), scene.ref, SOON).acts) is acts


def test_the_page_offers_to_ask_and_no_decision(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    ask(scene, "lucia", "Which months?")
    session.commit()
    client.sign_in_as(scene.people["pia"])
    assert "Read it, and ask for further changes" in client.get(f"/proposals/{scene.ref}").text
    shown = client.get(f"/proposals/{scene.ref}/review").text
    assert 'value="changes"' in shown
    assert 'value="approved"' not in shown
    given = {"verdict": "changes", "words": "Which streets?", "version_hash": scene.shown_hash, "step": "data_partners"}
    answer = client.post(f"/proposals/{scene.ref}/review", data=given)
    session.expire_all()
    assert answer.status_code == 303
    assert asked(scene) == ["Which months?", "Which streets?"]
