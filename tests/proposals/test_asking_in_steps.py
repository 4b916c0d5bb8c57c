"""While the team answers, whoever may ask in the step that asked asks too: at intake, in the committee, for ethics and law."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import NotAllowed
from app.proposals.commands.recusing import declare_conflict
from app.proposals.commands.undoing import take_back
from app.proposals.queries.cases import case
from app.proposals.queries.requests import open_requests
from app.rules.actions import Action
from app.rules.pipelines import Step
from app.rules.workflow import ProposalState
from tests.factories.pipelines import Board, make_board
from tests.factories.proposals import NOW
from tests.support.application import Client

SOON = NOW + timedelta(minutes=5)
# The step, its pipeline, and who asks too after an officer has asked.
STEPS = [
    (Step.INTAKE, "default@1", "officer"),
    (Step.COMMITTEE, "committee@1", "cora"),
    (Step.ETHICS, "ethics@1", "elif"),
    (Step.LEGAL, "ethics@1", "lars"),
]


def at(session: Session, step: Step, pipeline: str) -> Board:
    """A proposal in this step."""
    board = make_board(session, pipeline, passed=step is not Step.INTAKE)
    if step is Step.LEGAL:
        board.passes("elif", Step.ETHICS)
    return board


def client_of(client: Client, board: Board, who: str) -> Client:
    """Signed in as one of them."""
    board.session.commit()
    client.sign_in_as(board.people[who])
    return client


@pytest.mark.parametrize(("step", "pipeline", "too"), STEPS)
@pytest.mark.both_databases
def test_who_may_ask_in_a_step_asks_too_and_the_team_answers_all_in_one_go(
    session: Session, step: Step, pipeline: str, too: str
) -> None:
    board = at(session, step, pipeline)
    board.asks("officer")
    board.asks(too, SOON)
    assert (board.proposal.state, board.proposal.returns_to) == (ProposalState.CHANGES_REQUESTED, step)
    assert len(open_requests(session, board.proposal)) == 2
    board.answers(changed=False)
    assert board.proposal.step == step


@pytest.mark.parametrize(("step", "pipeline", "too"), STEPS)
def test_the_page_of_the_step_offers_to_ask_and_nothing_else(
    client: Client, session: Session, step: Step, pipeline: str, too: str
) -> None:
    board = at(session, step, pipeline)
    board.asks("officer")
    page = "intake" if step is Step.INTAKE else "verdict"
    client, address = client_of(client, board, too), f"/proposals/{board.ref}/{page}"
    assert f'href="{address}"' in client.get(f"/proposals/{board.ref}").text
    shown = client.get(address).text
    assert "The team is answering a request for changes." in shown
    assert [
        each for each in ("pass", "decline", "close", "for", "against", "changes") if f'value="{each}"' in shown
    ] == ["changes"]
    given = {"verdict": "changes", "words": "Which months?", "version_hash": board.shown_hash, "step": step}
    assert client.post(address, data=given).status_code == 303
    session.expire_all()
    assert [each.words for each in open_requests(session, board.proposal)] == ["Say which streets.", "Which months?"]
    assert "Undo" in client.get(f"/proposals/{board.ref}").text


@pytest.mark.parametrize(("step", "pipeline", "too"), STEPS[1:])
@pytest.mark.parametrize("is_first", [True, False])
def test_each_takes_back_their_own_and_the_other_request_stands(
    session: Session, step: Step, pipeline: str, too: str, is_first: bool
) -> None:
    board = at(session, step, pipeline)
    board.asks("officer")
    board.asks(too, SOON)
    who, other = ("officer", too) if is_first else (too, "officer")
    assert case(session, board.actor(who), board.ref, SOON).taking_back is not None
    take_back(session, board.actor(who), board.ref, SOON)
    assert board.proposal.state is ProposalState.CHANGES_REQUESTED
    assert [each.name for each in open_requests(session, board.proposal)] == [board.people[other].name]
    take_back(session, board.actor(other), board.ref, SOON)
    assert (board.proposal.state, board.proposal.step) == (ProposalState.IN_REVIEW, step)


@pytest.mark.parametrize(
    ("step", "pipeline"),
    [
        (Step.COMMITTEE, "committee@1"),
        (Step.ETHICS, "ethics@1"),
        (Step.LEGAL, "ethics@1"),
        (Step.DATA_PARTNERS, "default@1"),
    ],
)
def test_an_officer_is_offered_to_ask_for_changes_in_each_step_after_the_check(
    client: Client, session: Session, step: Step, pipeline: str
) -> None:
    board = at(session, step, pipeline)
    client, address = client_of(client, board, "officer"), f"/proposals/{board.ref}"
    page = f"{address}/intake" if step is Step.DATA_PARTNERS else f"{address}/verdict"
    assert f'href="{page}"' in client.get(address).text
    shown = client.get(page).text
    assert [each for each in ("pass", "close", "changes") if f'value="{each}"' in shown] == ["changes"]
    assert "The team is answering" not in shown
    given = {"verdict": "changes", "words": "Which months?", "version_hash": board.shown_hash, "step": step}
    assert client.post(page, data=given).status_code == 303
    session.expire_all()
    assert (board.proposal.state, board.proposal.returns_to) == (ProposalState.CHANGES_REQUESTED, step)
    assert "It goes back to the data partners" in client.get(page).text or step is not Step.DATA_PARTNERS
    board.answers(changed=False)
    assert board.proposal.step == step


def test_a_data_partner_that_has_decided_asks_for_nothing_on_the_officers_page(
    client: Client, session: Session
) -> None:
    board = at(session, Step.DATA_PARTNERS, "default@1")
    assert client_of(client, board, "steward").get(f"/proposals/{board.ref}/intake").status_code == 404


def test_a_member_of_the_committee_who_does_not_chair_it_asks_for_nothing_then_either(
    client: Client, session: Session
) -> None:
    board = at(session, Step.COMMITTEE, "committee@1")
    board.asks("cora")
    with pytest.raises(NotAllowed):
        board.asks("rafi", SOON)
    shown = client_of(client, board, "rafi").get(f"/proposals/{board.ref}/verdict").text
    assert 'value="changes"' not in shown
    assert "The team is answering a request for changes." in shown


def test_who_stands_in_for_a_reviewer_asks_too(session: Session) -> None:
    board = at(session, Step.ETHICS, "ethics@1")
    declare_conflict(session, board.actor("elif"), board.ref, "My sister leads it.", NOW)
    board.asks("director")
    assert Action.REQUEST_CHANGES in case(session, board.actor("director"), board.ref, SOON).acts
    board.asks("director", SOON)
    assert len(open_requests(session, board.proposal)) == 2


def test_a_data_partner_is_asked_for_nothing_where_a_step_before_it_asked(client: Client, session: Session) -> None:
    board = at(session, Step.ETHICS, "ethics@1")
    board.asks("elif")
    assert client_of(client, board, "steward").get(f"/proposals/{board.ref}/review").status_code == 404
