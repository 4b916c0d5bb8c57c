"""What the committee, ethics and law write at the answers, and who learns of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound, WrongState
from app.organizations.models import Organization
from app.proposals.commands.conversation import comment
from app.proposals.commands.suggesting import suggest, take_back
from app.proposals.models import Comment, Proposal
from app.proposals.queries.cases import case
from app.proposals.queries.talk import conversation, history
from app.proposals.queries.workspace import suggestions
from app.proposals.workspace_models import Reading, ReviewDraft, Suggestion
from app.rules.pipelines import Step
from app.rules.roles import Kind, Role
from app.rules.workflow import ProposalState, SuggestionState
from tests.factories.organizations import make_person
from tests.factories.pipelines import Board, make_board
from tests.factories.proposals import NOW
from tests.support.application import Client
from tests.support.steps import note, signed_in, step_page

SAID = "Centers of blocks would do."
EVERYONE = ("officer", "director", "lead", "steward", "other_steward", "cora", "rafi", "rhea", "elif", "lars")


def _readers(board: Board) -> set[str]:
    """Who reads what was said, in the conversation and in the history alike."""
    found = set()
    for who in EVERYONE:
        viewer = board.actor(who)
        try:
            of = case(board.session, viewer, board.ref, NOW)
        except NotFound:
            continue
        if any(each.body == SAID for each in conversation(board.session, viewer, of)):
            found.add(who)
        else:
            assert all(each.facts.get("words") != SAID for each in history(board.session, viewer, of)), who
    return found


def _suggested_to(board: Board) -> set[str]:
    found = set()
    for who in EVERYONE:
        viewer = board.actor(who)
        try:
            of = case(board.session, viewer, board.ref, NOW)
        except NotFound:
            continue
        if suggestions(board.session, viewer, board.proposal, of.roles):
            found.add(who)
    return found


def test_what_the_ethics_reviewer_writes_inside_stays_with_the_secretariat(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = signed_in(client, board, "elif")
    answer = note(client, board, "say:variables", **{"say-variables": SAID, "to-variables": "inside"})
    assert answer.location.endswith(f"/proposals/{board.ref}/verdict#answer-variables")
    assert SAID in step_page(client, board)
    [row] = session.scalars(select(Comment)).all()
    assert (row.is_internal, session.get_one(Organization, row.organization_id).kind) == (True, Kind.SECRETARIAT)
    assert _readers(board) == {"officer", "director", "elif"}
    board.passes("elif", Step.ETHICS)
    assert _readers(board) == {"officer", "director", "elif", "lars"}


def test_what_a_member_of_the_committee_writes_inside_is_read_by_nobody_of_their_organization(
    client: Client, session: Session
) -> None:
    board = make_board(session, "committee@1")
    partner = session.get_one(Organization, board.cast.datasets[0].organization_id)
    board.people["nina"] = make_person(session, partner, Role.REVIEWER, name="Nina Okoye")
    client = signed_in(client, board, "nina")
    note(client, board, "say:variables", **{"say-variables": SAID, "to-variables": "inside"})
    assert SAID in step_page(client, board)
    board.carry()
    assert _readers(board) == {"officer", "director"}
    viewer = board.actor("nina")
    assert [m.body for m in conversation(session, viewer, case(session, viewer, board.ref, NOW))] == [SAID]


def test_who_is_steward_too_writes_in_the_step_for_the_secretariat_and_elsewhere_for_the_data_partner(
    client: Client, session: Session
) -> None:
    board = make_board(session, "committee@1")
    partner = session.get_one(Organization, board.cast.datasets[0].organization_id)
    both = make_person(session, partner, Role.REVIEWER, Role.STEWARD, name="Nina Okoye")
    board.people["nina"] = both
    client = signed_in(client, board, "nina")
    note(client, board, "say:variables", **{"say-variables": SAID, "to-variables": "inside"})
    board.carry()
    assert _readers(board) == {"officer", "director"}
    comment(session, board.actor("nina"), board.ref, "Between stewards.", NOW, is_internal=True)
    viewer = board.actor("steward")
    assert [m.body for m in conversation(session, viewer, case(session, viewer, board.ref, NOW))] == [
        "Between stewards."
    ]


def test_a_comment_to_the_team_is_read_by_the_team(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = signed_in(client, board, "elif")
    note(client, board, "say:variables", **{"say-variables": SAID, "to-variables": "team"})
    assert "lead" in _readers(board)
    assert SAID in signed_in(client, board, "lead").get(f"/proposals/{board.ref}").text


@pytest.mark.parametrize(("pipeline", "who"), [("committee@1", "cora"), ("ethics@1", "elif")])
def test_an_edit_suggested_in_a_step_is_accepted_by_the_lead_in_one_step(
    client: Client, session: Session, pipeline: str, who: str
) -> None:
    board = make_board(session, pipeline)
    client = signed_in(client, board, who)
    note(client, board, "suggest:variables", **{"edit-variables": SAID, "why-variables": "Less is enough."})
    [row] = session.scalars(select(Suggestion)).all()
    page = step_page(client, board)
    assert f'id="suggestion-{row.id}"' in page
    assert f'value="take-back:{row.id}"' in page
    assert _suggested_to(board) == {"officer", "director", "lead", who}
    data = {"version_hash": board.shown_hash, "step": board.proposal.step or "", "verdict": "changes", "words": ""}
    assert client.post(f"/proposals/{board.ref}/verdict", data=data).status_code == 303
    assert "suggested edits" in session.scalars(select(Comment.body)).one()
    client = signed_in(client, board, "lead")
    client.post(f"/proposals/{board.ref}/edit/supply", data={"act": f"accept-suggestion:{row.id}"})
    session.expire_all()
    assert session.get_one(Proposal, board.proposal.id).answers["variables"] == SAID
    assert session.scalars(select(Suggestion.state)).one() is SuggestionState.ACCEPTED


def test_who_suggested_it_takes_it_back_and_no_other_reviewer_does(session: Session) -> None:
    board = make_board(session, "committee@1")
    row = suggest(session, board.actor("rafi"), board.ref, "variables", SAID, NOW)
    for other in ("cora", "rhea"):
        with pytest.raises(NotFound):
            take_back(session, board.actor(other), board.ref, row.id, NOW)
    assert take_back(session, board.actor("rafi"), board.ref, row.id, NOW).state is SuggestionState.WITHDRAWN


def test_who_reads_it_in_another_step_has_none_of_the_tools_until_it_is_theirs(
    client: Client, session: Session
) -> None:
    board = make_board(session, "ethics@1")
    client = signed_in(client, board, "lars")
    page = step_page(client, board)
    for part in ('name="say-', 'name="edit-', "data-op-keys hidden", "data-op-autosave", 'id="read"'):
        assert part not in page
    for path in ("review/notes", "review/autosave", "read"):
        answer = client.post(f"/proposals/{board.ref}/{path}", data={"act": "save", "page": "verdict", "words": "x"})
        assert answer.status_code == 404
    assert session.scalars(select(ReviewDraft)).all() == []
    assert session.scalars(select(Reading)).all() == []
    with pytest.raises(WrongState):
        comment(session, board.actor("lars"), board.ref, SAID, NOW, is_internal=True)
    with pytest.raises(WrongState):
        suggest(session, board.actor("lars"), board.ref, "variables", SAID, NOW)
    board.passes("elif", Step.ETHICS)
    assert 'name="say-variables"' in step_page(signed_in(client, board, "lars"), board)


@pytest.mark.parametrize("who", ["rafi", "cora"])
def test_a_pipeline_without_their_step_is_not_there_for_them(session: Session, who: str) -> None:
    board = make_board(session, "ethics@1")
    with pytest.raises(NotFound):
        comment(session, board.actor(who), board.ref, SAID, NOW, is_internal=True)
    with pytest.raises(NotFound):
        suggest(session, board.actor(who), board.ref, "variables", SAID, NOW)


def test_a_reviewer_writes_on_after_the_step_and_not_after_the_end(session: Session) -> None:
    board = make_board(session, "ethics@1")
    board.passes("elif", Step.ETHICS)
    comment(session, board.actor("elif"), board.ref, SAID, NOW, is_internal=True)
    board.passes("lars", Step.LEGAL)
    comment(session, board.actor("lars"), board.ref, SAID, NOW, is_internal=True)
    board.proposal.state = ProposalState.NOT_TAKEN_UP
    session.flush()
    with pytest.raises(WrongState):
        comment(session, board.actor("elif"), board.ref, SAID, NOW, is_internal=True)
