"""What is sent again is routed again: to a way that asks for more, from its first open step, and never to a laxer one."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import WrongState
from app.history.queries import happenings
from app.proposals.commands.crises import end_crisis
from app.proposals.commands.drafting import save_answers
from app.proposals.models import Proposal
from app.proposals.queries.routing import crises_now, way_of
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.vocabulary import AccessMode, Sensitivity
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting
from tests.factories.pipelines import LATER, Board, make_board
from tests.factories.proposals import NOW
from tests.support.application import Client

P = ProposalState
PERSONAL: dict[str, object] = {"personal_data": "personal", "personal_data_words": "Public interest, article 6 (1) e."}


def _says(board: Board, **answers: object) -> None:
    save_answers(board.session, board.actor("lead"), board.ref, answers, LATER)


def _becomes(board: Board, sensitivity: Sensitivity, mode: AccessMode = AccessMode.POOLED_STORE) -> None:
    """What a team does that asks for another dataset: one of those asked for is of this class now."""
    board.cast.datasets[0].sensitivity, board.cast.datasets[0].access_mode = sensitivity, mode
    board.session.flush()


def _stands(board: Board) -> tuple[str | None, ProposalState, str | None]:
    return board.proposal.pipeline, board.proposal.state, board.proposal.step


def _rule(proposal: Proposal) -> str:
    way = way_of(proposal)
    assert way is not None
    return way.route.rule


def test_people_who_can_be_identified_since_a_change_are_looked_at_by_ethics_and_law_before_anybody_approves(
    session: Session,
) -> None:
    board = make_board(session)
    board.asks("steward")
    _says(board, **PERSONAL)
    board.answers()
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.ETHICS)
    with pytest.raises(WrongState, match="not open for decisions"):
        board.approve(LATER)
    board.passes("elif", Step.ETHICS, LATER)
    board.passes("lars", Step.LEGAL, LATER)
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.DATA_PARTNERS)
    board.approve(LATER)
    assert _stands(board) == ("ethics@1", P.DECIDED, Step.ISSUE)


def test_a_dataset_of_class_4_brings_ethics_and_law_even_where_the_words_stay_the_same(session: Session) -> None:
    board = make_board(session)
    board.asks("steward")
    _becomes(board, Sensitivity.CLASS_4)
    board.answers(changed=False)
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.ETHICS)


def test_what_the_intake_check_asked_for_goes_to_it_again_and_then_the_new_way(session: Session) -> None:
    board = make_board(session, passed=False)
    board.asks("officer")
    _says(board, **PERSONAL)
    board.answers()
    assert _stands(board) == ("ethics@1", P.IN_INTAKE, Step.INTAKE)
    board.pass_intake(LATER)
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.ETHICS)


def test_an_answer_to_the_committee_goes_to_ethics_and_law_where_the_rules_ask_for_them_now(session: Session) -> None:
    board = make_board(session, "committee@1")
    board.asks("cora")
    _becomes(board, Sensitivity.CLASS_4)
    board.answers()
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.ETHICS)


def test_what_was_parked_is_routed_again_too(session: Session) -> None:
    board = make_board(session)
    board.asks("steward")
    board.proposal.state, board.proposal.waiting_since = P.PARKED, None
    _says(board, **PERSONAL)
    board.answers()
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.ETHICS)


def test_a_proposal_never_moves_to_a_way_that_asks_for_less(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.asks("elif")
    _becomes(board, Sensitivity.CLASS_3)
    _says(board, personal_data="none")
    board.answers()
    assert _stands(board) == ("ethics@1", P.IN_REVIEW, Step.ETHICS)
    way = way_of(board.proposal)
    assert way is not None
    assert (way.route.rule, way.version, way.before) == ("identifiable", 1, None)


def test_a_crisis_that_is_declared_meanwhile_makes_nothing_in_flight_quicker(session: Session) -> None:
    board = make_board(session, "crisis@1")
    board.proposal.pipeline, board.proposal.routed_because = "default@1", None
    board.asks("steward")
    board.answers()
    assert _stands(board) == ("default@1", P.IN_REVIEW, Step.DATA_PARTNERS)


def test_a_crisis_that_ended_meanwhile_slows_nothing_in_flight(session: Session) -> None:
    board = make_board(session, "crisis@1")
    board.asks("steward")
    [crisis] = crises_now(session, NOW.date())
    end_crisis(session, acting(session, board.cast.director), crisis.id, LATER)
    board.answers()
    assert _stands(board) == ("crisis@1", P.IN_REVIEW, Step.DATA_PARTNERS)


def test_a_purpose_that_is_no_response_to_the_crisis_any_more_goes_the_usual_way(session: Session) -> None:
    board = make_board(session, "crisis@1")
    board.asks("steward")
    _says(board, purposes=["dev.mobility"])
    board.answers()
    assert _stands(board) == ("default@1", P.IN_REVIEW, Step.DATA_PARTNERS)


def test_the_reason_follows_the_version_where_the_way_stays_the_same(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.asks("elif")
    _says(board, personal_data="pseudonymous")
    board.answers()
    assert (board.proposal.pipeline, _rule(board.proposal)) == ("ethics@1", "pseudonymous")


def test_the_history_says_what_changed_and_why_once(session: Session) -> None:
    board = make_board(session)
    board.asks("steward")
    _says(board, **PERSONAL)
    board.answers()
    board.asks("elif", LATER)
    board.answers()
    found = [each for each in happenings(session, [("proposal", board.ref)]) if each.type == Event.PROPOSAL_REROUTED]
    assert len(found) == 1
    facts = found[0].facts
    assert (facts["version"], facts["pipeline"]) == (2, "ethics@1")
    assert isinstance(facts["way"], dict)
    assert (facts["way"]["rule"], facts["way"]["before"]["rule"]) == ("identifiable", "usual")


def _read(client: Client, board: Board, who: str, path: str = "") -> str:
    board.session.commit()
    client.sign_in_as(board.people[who])
    return client.get(f"/proposals/{board.ref}{path}").text


def test_the_team_reads_before_it_sends_what_its_change_brings(client: Client, session: Session) -> None:
    board = make_board(session)
    board.asks("steward")
    assert "Sending this brings" not in _read(client, board, "lead", "/edit/check")
    _says(board, **PERSONAL)
    shown = _read(client, board, "lead", "/edit/check")
    assert "Sending this brings a further review" in shown
    assert "because people can be identified in the data it asks for" in shown
    assert "Ethics review, within 10 working days" in shown
    assert "Legal review, within 5 working days" in shown
    assert "Until now it went without, because nothing about it asks for a further review." in shown


def test_the_page_says_the_old_reason_and_the_new_one(client: Client, session: Session) -> None:
    board = make_board(session)
    board.asks("steward")
    _says(board, **PERSONAL)
    board.answers()
    shown = _read(client, board, "lead")
    assert "because people can be identified in the data it asks for." in shown
    assert "Before that it went this way: Intake check, data partners decide, director issues; because nothing" in shown
    assert "Goes another way now" in _read(client, board, "steward", "/history")


def test_a_reason_that_held_of_an_earlier_version_is_said_as_one(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.asks("elif")
    _says(board, personal_data="none")
    board.answers()
    assert "because in version 1 people can be identified" in _read(client, board, "lead")


def test_the_page_after_sending_again_says_what_may_come_of_it_in_the_step_it_is_in(
    client: Client, session: Session
) -> None:
    board = make_board(session)
    board.asks("steward")
    board.answers()
    shown = _read(client, board, "lead", "/submitted")
    assert "Each decides on its own datasets" in shown
    assert "the director issues the grants; within 5 working days." in shown
    assert "Passed on:" not in shown
    assert "These decide" not in shown


def test_the_page_after_sending_names_a_further_review_before_the_data_partners(
    client: Client, session: Session
) -> None:
    board = make_board(session)
    board.asks("steward")
    _says(board, **PERSONAL)
    board.answers()
    shown = _read(client, board, "lead", "/submitted")
    assert "Elif Aydin gives the ethics review" in shown
    assert "the legal review reads it; within 5 working days." in shown
    assert "These decide, each on its own datasets:" in shown
