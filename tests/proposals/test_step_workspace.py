"""What the page of a step has for its reader: tools at the answers, notes, what changed, what was decided before."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.proposals.commands.deciding import decide
from app.proposals.commands.intake import pass_intake
from app.proposals.commands.ruling import Ruling
from app.proposals.models import Comment
from app.proposals.queries.versions import datasets_in
from app.proposals.workspace_models import Reading
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, ProposalState
from tests.factories.organizations import acting, make_person
from tests.factories.pipelines import FOR, make_board, yes_to
from tests.factories.proposals import NOW, make_proposal
from tests.support.application import Client
from tests.support.steps import note, signed_in, step_page

SAID = "Centers of blocks would do."
EVERYONE = ("officer", "director", "lead", "steward", "other_steward", "cora", "rafi", "rhea", "elif", "lars")


@pytest.mark.parametrize(("pipeline", "who"), [("committee@1", "rafi"), ("committee@1", "cora"), ("ethics@1", "elif")])
def test_the_page_of_a_step_has_the_tools_of_the_review(
    client: Client, session: Session, pipeline: str, who: str
) -> None:
    board = make_board(session, pipeline)
    page = step_page(signed_in(client, board, who), board)
    for part in ('name="say-variables"', 'name="edit-variables"', "data-op-keys", "js/review.js", "data-op-autosave"):
        assert part in page
    assert ('value="changes"> With my request' in page) == (who != "rafi"), "a member of the committee asks for nothing"
    assert f'action="/proposals/{board.ref}/read" data-op-first-reading' in page


def test_wishes_at_answers_go_out_with_the_request_of_a_step(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = signed_in(client, board, "elif")
    wish = {"say-variables": SAID, "to-variables": "changes"}
    note(client, board, "say:variables", **wish)
    assert session.scalars(select(Comment)).all() == []
    assert SAID in step_page(client, board)
    data = {"version_hash": board.shown_hash, "step": "ethics", "verdict": "changes", "words": "Two things.", **wish}
    assert client.post(f"/proposals/{board.ref}/verdict", data=data).status_code == 303
    rows = session.scalars(select(Comment).order_by(Comment.id)).all()
    assert [(row.about_answer, row.body) for row in rows] == [(None, "Two things."), ("variables", SAID)]


def test_marks_and_words_are_there_again_after_a_reload_and_for_nobody_else(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    client = signed_in(client, board, "rafi")
    assert note(client, board, "save", words="Half a thought.", **{"check-purpose": "unsure"}).status_code == 303
    page = step_page(client, board)
    assert "Half a thought." in page
    assert 'value="unsure" checked' in page
    assert "Half a thought." not in step_page(signed_in(client, board, "cora"), board)
    assert "Half a thought." not in step_page(signed_in(client, board, "officer"), board)


def test_who_reads_on_two_pages_of_one_proposal_has_notes_on_each(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    partner = session.get_one(Organization, board.cast.datasets[0].organization_id)
    board.people["nina"] = make_person(session, partner, Role.REVIEWER, Role.STEWARD, name="Nina Okoye")
    client = signed_in(client, board, "nina")
    note(client, board, "save", words="For the committee.", **{"check-purpose": "unsure"})
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, FOR)
    board.close()
    session.commit()
    own = {"act": "save", "page": "review", "words": "For ourselves.", "check-purpose": "yes"}
    assert client.post(f"/proposals/{board.ref}/review/notes", data=own).status_code == 303
    review = client.get(f"/proposals/{board.ref}/review").text
    assert "For ourselves." in review
    assert "For the committee." not in review
    verdict = step_page(client, board)
    assert 'value="unsure" checked' in verdict
    assert "For ourselves." not in verdict


def test_after_a_vote_its_words_are_the_votes_and_a_begun_comment_stays(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    client = signed_in(client, board, "rafi")
    note(client, board, "save", words="Half a thought.")
    vote = {"version_hash": board.shown_hash, "verdict": "for", "words": "Worth it.", "say-variables": SAID}
    client.post(f"/proposals/{board.ref}/verdict", data=vote | {"page": "verdict"})
    page = step_page(client, board)
    assert "Worth it.</textarea>" in page
    assert "Half a thought." not in page
    assert f"{SAID}</textarea>" in page


def test_what_was_begun_survives_a_refused_answer_and_a_refused_edit(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = signed_in(client, board, "elif")
    typed = {"say-variables": SAID, "edit-question": "Which houses lie too far?", "check-need": "no", "words": "Hm."}
    data = {"version_hash": board.shown_hash, "step": "ethics", "verdict": "pass", **typed}
    refused = client.post(f"/proposals/{board.ref}/verdict", data=data)
    long = "word " * 400
    unfit = note(client, board, "suggest:variables", **typed, **{"edit-variables": long})
    for answer in (refused, unfit):
        assert answer.status_code == 422
        for words in (SAID, "Which houses lie too far?", "Hm.</textarea>", 'value="no" checked'):
            assert words in answer.text
    assert long.strip() in unfit.text
    assert "Your review" in unfit.text


def test_a_mark_on_the_page_of_a_step_answers_no_question_of_another_page(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    partner = session.get_one(Organization, board.cast.datasets[0].organization_id)
    board.people["nina"] = make_person(session, partner, Role.REVIEWER, Role.STEWARD, name="Nina Okoye")
    client = signed_in(client, board, "nina")
    note(client, board, "save", **{"check-purpose": "unsure"})
    assert 'value="unsure" checked' in step_page(client, board)
    board.carry()
    client = signed_in(client, board, "nina")
    assert 'value="unsure" checked' not in client.get(f"/proposals/{board.ref}/review").text


def test_what_changed_since_the_last_reading_is_marked(client: Client, session: Session) -> None:
    board = make_board(session, "ethics@1")
    client = signed_in(client, board, "elif")
    answer = client.post(f"/proposals/{board.ref}/read", data={"page": "verdict"})
    assert answer.location.endswith(f"/proposals/{board.ref}/verdict")
    assert "New since you read it" not in step_page(client, board)
    later = datetime.now(UTC) + timedelta(seconds=1)
    board.asks("elif", later)
    board.answers(later)
    page = step_page(signed_in(client, board, "elif"), board)
    assert "New since you read it" in page
    assert "One answer changed; it is marked." in page
    assert "Changed</" in page


def test_an_answer_counts_as_a_reading(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    client = signed_in(client, board, "rafi")
    client.post(f"/proposals/{board.ref}/verdict", data={"version_hash": board.shown_hash, "verdict": "for"})
    assert session.scalars(select(Reading.person_id)).all() == [board.people["rafi"].id]


def test_the_committee_reads_how_the_like_was_decided_and_not_why(client: Client, session: Session) -> None:
    board = make_board(session, "committee@1")
    board.carry()
    dataset = datasets_in(session, board.proposal.id)[0]
    ruling = Ruling(board.shown_hash, ItemState.NOT_APPROVED, Reason.OTHER, words="We had trouble with them.")
    decide(session, acting(session, board.cast.steward_of(dataset)), board.ref, [dataset.reference], ruling, NOW)
    title = board.proposal.title
    following = make_proposal(session, ProposalState.IN_INTAKE, cast=board.cast)
    pass_intake(session, board.actor("officer"), following.reference, yes_to(Step.INTAKE), NOW)
    board.proposal = following
    board.vote("rafi", FOR, "Fine.")
    page = step_page(signed_in(client, board, "rafi"), board)
    before = page[page.index("Decided before") :]
    assert title in before
    assert "Not approved" in before
    assert "We had trouble with them." not in page
    assert "We had trouble with them." in step_page(signed_in(client, board, "officer"), board)
