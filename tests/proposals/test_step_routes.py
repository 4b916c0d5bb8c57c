"""The pages of the steps: voting, reviewing, looking again, declaring a conflict, and the secretariat's page of pipelines."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Membership
from app.proposals.models import Proposal
from app.proposals.step_models import CommitteeVote, ConflictOfInterest, Crisis, StepVerdict
from app.rules.pipelines import PIPELINES, Step
from app.rules.roles import Role
from app.rules.routing import RULES
from app.rules.verdicts import VoteChoice
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting
from tests.factories.pipelines import AGAINST, FOR, Board, make_board, yes_to
from tests.factories.proposals import NOW, make_proposal
from tests.support.application import Client


def _as(client: Client, board: Board, who: str) -> Client:
    board.session.commit()
    client.sign_in_as(board.people[who])
    return client


def _page(board: Board) -> str:
    return f"/proposals/{board.ref}/verdict"


def _shown(board: Board, verdict: str, step: Step = Step.ETHICS) -> dict[str, str]:
    return {"version_hash": board.shown_hash, "step": step, "verdict": verdict}


def _marks(step: Step) -> dict[str, str]:
    return {f"check-{key}": mark for key, mark in yes_to(step).items()}


def _fresh(board: Board) -> Proposal:
    board.session.expire_all()
    return board.session.scalars(select(Proposal).where(Proposal.reference == board.ref)).one()


def test_a_member_votes_on_the_page_and_sees_the_vote_that_stands(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    client = _as(client, board, "rafi")
    shown = client.get(_page(board))
    assert shown.status_code == 200
    assert "0 votes were cast, 3 are needed." in shown.text
    data = {"version_hash": board.shown_hash, "verdict": "for", "words": "A sharp question."}
    assert client.post(_page(board), data=data).status_code == 303
    vote = session.scalars(select(CommitteeVote)).one()
    assert (vote.choice, vote.words) == (VoteChoice.FOR, "A sharp question.")
    assert "You have voted: For" in client.get(_page(board)).text


def test_a_vote_against_without_words_keeps_the_page_and_says_what_is_missing(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    client = _as(client, board, "rafi")
    answer = client.post(_page(board), data={"version_hash": board.shown_hash, "verdict": "against", "words": ""})
    assert answer.status_code == 422
    assert "Say why you vote against it" in answer.text
    assert session.scalar(select(CommitteeVote.id)) is None


def test_the_chair_closes_with_a_reason_that_the_proposer_reads_without_votes(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, AGAINST, "Names a single village.")
    client = _as(client, board, "cora")
    data = {"version_hash": board.shown_hash, "verdict": "close", "reason": "Ask for weekly totals."}
    assert client.post(_page(board), data=data).status_code == 303
    assert _fresh(board).state is ProposalState.NOT_TAKEN_UP
    client = _as(client, board, "lead")
    for page in ("", "/history"):
        shown = client.get(f"/proposals/{board.ref}{page}").text
        assert "Names a single village" not in shown
        assert "Rafi Alvarez" not in shown
    assert "Ask for weekly totals." in client.get(f"/proposals/{board.ref}").text


@pytest.mark.parametrize(("who", "status"), [("lead", 404), ("steward", 404), ("officer", 200), ("elif", 404)])
def test_the_votes_are_read_by_the_committee_and_the_secretariat(
    client: Client, session: Session, who: str, status: int
) -> None:
    board = make_board(session, "committee@1")
    board.vote("rafi", FOR, "Worth it.")
    client = _as(client, board, who)
    answer = client.get(_page(board))
    assert answer.status_code == status
    assert ("Worth it." in answer.text) == (status == 200)
    assert client.post(_page(board), data={"verdict": "for", "version_hash": board.shown_hash}).status_code in (
        404,
        403,
    )


def test_the_ethics_reviewer_passes_it_on_with_every_line_answered(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    data = _shown(board, "pass") | {"words": "Look at group sizes."}
    refused = client.post(_page(board), data=data | {"check-need": "yes"})
    assert refused.status_code == 422
    assert "Look at group sizes." in refused.text
    assert client.post(_page(board), data=data | _marks(Step.ETHICS)).status_code == 303
    assert _fresh(board).step == Step.LEGAL
    client = _as(client, board, "lars")
    assert "Look at group sizes." in client.get(_page(board)).text
    client = _as(client, board, "lead")
    assert "Look at group sizes." not in client.get(f"/proposals/{board.ref}/history").text


def test_passing_twice_passes_once(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    data = _shown(board, "pass") | {"idempotency_key": "k" * 32} | _marks(Step.ETHICS)
    for _time in range(2):
        client.post(_page(board), data=data)
    assert [row.step for row in session.scalars(select(StepVerdict))] == [Step.ETHICS]


def test_from_the_mails_link_to_the_verdict_it_is_one_page_and_one_button(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    shown = client.get(_page(board)).text
    for value in ("pass", "decline", "changes"):
        assert f'value="{value}" form="verdict-form"' in shown


def test_a_reviewer_asks_for_changes(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    data = _shown(board, "changes") | {"words": "Which groups?", "about": "variables"}
    assert client.post(_page(board), data=data).status_code == 303
    proposal = _fresh(board)
    assert (proposal.state, proposal.returns_to) == (ProposalState.CHANGES_REQUESTED, Step.ETHICS)


@pytest.mark.parametrize("verdict", ["decline", "changes", "pass"])
def test_an_answer_in_one_step_from_a_page_of_another_is_not_taken(
    client: Client, session: Session, verdict: str
) -> None:
    """Somebody who reviews for ethics and for law answers twice: each answer is to what was read."""
    board = make_board(session, "ethics@1")
    lars = board.people["lars"]
    secretariat = session.scalars(select(Membership.organization_id).where(Membership.person_id == lars.id)).one()
    session.add(Membership(person_id=lars.id, organization_id=secretariat, role=Role.ETHICS_REVIEWER, since=NOW))
    client = _as(client, board, "lars")
    assert 'name="step" type="hidden" value="ethics"' in client.get(_page(board)).text
    client = _as(client, board, "elif")
    client.post(_page(board), data=_shown(board, "pass") | _marks(Step.ETHICS))
    assert _fresh(board).step == Step.LEGAL
    client = _as(client, board, "lars")
    old = _shown(board, verdict) | {"words": "Too fine."} | _marks(Step.ETHICS) | _marks(Step.LEGAL)
    answer = client.post(_page(board), data=old)
    assert answer.status_code in (409, 422)
    assert "The proposal moved on after you opened this page" in answer.text
    assert (_fresh(board).state, _fresh(board).step) == (ProposalState.IN_REVIEW, Step.LEGAL)
    assert client.post(_page(board), data=old | {"step": Step.LEGAL}).status_code == 303


def test_a_button_that_is_none_is_refused_with_a_sentence(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    answer = client.post(_page(board), data={"version_hash": board.shown_hash, "verdict": "maybe"})
    assert answer.status_code == 422
    assert "Choose your answer" in answer.text


def test_declaring_a_conflict_names_who_takes_over_and_takes_the_page_away(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    assert "Conflict of interest" in client.get(f"/proposals/{board.ref}/conflict").text
    empty = client.post(f"/proposals/{board.ref}/conflict", data={"words": ""})
    assert empty.status_code == 422
    answer = client.post(f"/proposals/{board.ref}/conflict", data={"words": "I know the lead."})
    assert answer.status_code == 303
    shown = client.get(f"/proposals/{board.ref}").text
    assert f"{board.people['director'].name} takes over" in shown
    assert "You have a conflict of interest" in shown
    led_on = client.get(_page(board))  # from the mail that had asked them
    assert (led_on.status_code, led_on.location) == (303, f"/proposals/{board.ref}")
    assert client.post(_page(board), data={"verdict": "pass"}).status_code == 404


def test_a_director_lifts_it_with_a_reason(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    client.post(f"/proposals/{board.ref}/conflict", data={"words": "I know the lead."})
    client = _as(client, board, "director")
    assert "I know the lead." in client.get(f"/proposals/{board.ref}/conflict").text
    address, person = f"/proposals/{board.ref}/conflict/lift", str(board.people["elif"].id)
    assert client.post(address, data={"person": person, "reason": ""}).status_code == 422
    assert client.post(address, data={"person": person, "reason": "Another person."}).status_code == 303
    session.expire_all()
    assert session.scalars(select(ConflictOfInterest)).one().lift_reason == "Another person."


def test_the_proposer_declares_nothing(client: Client, session: Session) -> None:
    board = make_board(session)
    client = _as(client, board, "lead")
    assert client.get(f"/proposals/{board.ref}/conflict").status_code == 404


@pytest.mark.parametrize("who", ["officer", "director", "elif"])
def test_the_secretariat_sees_each_pipeline_drawn_with_its_list_and_the_rules_in_words(
    client: Client, session: Session, who: str
) -> None:
    board = make_board(session, "ethics@1")
    shown = _as(client, board, who).get("/pipelines").text
    assert shown.count('<svg class="op-pipe"') == len(PIPELINES)
    assert shown.count('<desc id="pipe-') == len(PIPELINES)
    for rule in RULES:
        assert rule.asks.replace("'", "&#39;") in shown
    assert "1 proposal on its way" in shown


@pytest.mark.parametrize("who", ["lead", "steward", "cora"])
def test_for_others_there_is_no_such_page(client: Client, session: Session, who: str) -> None:
    board = make_board(session)
    client = _as(client, board, who)
    assert client.get("/pipelines").status_code == 404
    assert client.post("/pipelines/crises", data={"title": "Floods"}).status_code == 404


def test_a_director_declares_a_crisis_and_ends_it(client: Client, session: Session) -> None:
    board = make_board(session)
    client = _as(client, board, "director")
    today = datetime.now(UTC).date()
    day = {"starts_on": f"{today.year + 1}-01-01", "ends_on": f"{today.year + 1}-03-01"}
    data = {"title": "Floods in Cali", "countries": "CO", **day}
    refused = client.post("/pipelines/crises", data=data | {"countries": ""})
    assert refused.status_code == 422
    assert "Floods in Cali" in refused.text
    assert client.post("/pipelines/crises", data=data).status_code == 303
    row = session.scalars(select(Crisis)).one()
    assert (row.title, row.countries) == ("Floods in Cali", ["CO"])
    assert client.post(f"/pipelines/crises/{row.id}/end").status_code == 303
    session.expire_all()
    assert session.scalars(select(Crisis)).one().ended_at is not None


def test_an_officer_declares_none(client: Client, session: Session) -> None:
    board = make_board(session)
    client = _as(client, board, "officer")
    assert client.post("/pipelines/crises", data={"title": "Floods"}).status_code == 404
    assert session.scalar(select(Crisis.id)) is None


def test_the_page_says_where_it_goes_and_why_before_sending_and_after(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    because = "because people can be identified in the data it asks for"
    client = _as(client, board, "lead")
    assert because in client.get(f"/proposals/{board.ref}").text
    draft = make_proposal(
        session,
        ProposalState.DRAFT,
        cast=board.cast,
        answers={"personal_data": "pseudonymous", "personal_data_words": "Public interest."},
    )
    client = _as(client, board, "lead")
    shown = client.get(f"/proposals/{draft.reference}/edit/check").text
    assert "because people have codes instead of names" in shown
    assert acting(session, board.cast.lead).person_id == draft.lead_id


def test_a_question_that_is_not_answered_with_yes_is_one_step_from_the_sentence_that_says_so(
    client: Client, session: Session
) -> None:
    board = make_board(session, "ethics@1")
    answer = _as(client, board, "elif").post(_page(board), data=_shown(board, "pass"))
    first = next(iter(yes_to(Step.ETHICS)))
    assert answer.status_code == 422
    assert f'href="#check-{first}"' in answer.text
    assert f'id="check-{first}"' in answer.text


def test_the_chair_is_led_to_closing_and_told_how_the_vote_went(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    board.vote("rafi", FOR)
    board.vote("cora", FOR)
    client = _as(client, board, "cora")
    assert 'href="#the-vote"' not in client.get(_page(board)).text
    board.vote("oskar", AGAINST)
    session.commit()
    shown = client.get(_page(board)).text
    assert 'href="#the-vote"' in shown
    assert "With a request for changes the team reads it." in shown
    client.post(_page(board), data={"version_hash": board.shown_hash, "verdict": "close"})
    assert "The vote is carried: 2 for, 1 against." in client.get(f"/proposals/{board.ref}").text


def test_who_takes_back_one_of_two_requests_reads_that_the_other_one_stands(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = _as(client, board, "elif")
    asks = {**_shown(board, "changes"), "words": "Which months?"}
    client.post(_page(board), data=asks)
    client.post(_page(board), data={**asks, "words": "Which streets?"})
    client.post(f"/proposals/{board.ref}/take-back")
    assert "The team goes on answering what others asked for." in client.get(f"/proposals/{board.ref}").text
