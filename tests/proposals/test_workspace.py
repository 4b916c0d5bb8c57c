"""What the review page remembers for its reader: readings, marks and notes, wishes, voided decisions, likeness to past ones."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.catalog.models import DatasetCondition
from app.history.commands import Subject, record
from app.organizations.models import Membership
from app.proposals.commands.conversation import comment
from app.proposals.commands.deciding import undo_decision, void_decisions
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.reading import bring_back, keep_draft, note_reading
from app.proposals.models import Comment, Decision, Proposal, ProposalVersion
from app.proposals.queries.cases import case
from app.proposals.queries.items import items
from app.proposals.queries.review import Review, review
from app.proposals.step_models import VersionDataset
from app.proposals.workspace_models import Desk, Reading, ReviewDraft, Suggestion
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import Scene, hand_in, make_draft, scene_in_intake, scene_in_review
from tests.support.application import Client

NOW = datetime.now(UTC) - timedelta(hours=3)
LATER = NOW + timedelta(hours=1)
A, N = ItemState.APPROVED, ItemState.NOT_APPROVED
_CHANGES = {"step": Step.DATA_PARTNERS, "verdict": "changes"}


def _review(scene: Scene, who: str) -> Review:
    scene.session.expire_all()
    actor = scene.actor(who)
    of = case(scene.session, actor, scene.ref, LATER)
    return review(scene.session, actor, of, items(scene.session, actor, of, LATER), Desk.REVIEW)


def _second_version(scene: Scene, **answers: object) -> ProposalVersion:
    """As sending again would freeze it."""
    old = scene.session.get_one(ProposalVersion, scene.proposal.current_version_id)
    content = {**old.content, "answers": {**old.content["answers"], **answers}}  # type: ignore[dict-item]
    new = ProposalVersion(
        proposal_id=scene.proposal.id, number=old.number + 1, content=content, content_hash="e" * 64,
        agreement_version=old.agreement_version, agreement_hash=old.agreement_hash, sent_at=LATER,
        sent_by_id=scene.people["rosa"].id,
    )  # fmt: skip
    scene.session.add(new)
    scene.session.flush()
    for dataset in scene.datasets.values():
        scene.session.add(VersionDataset(proposal_version_id=new.id, dataset_id=dataset.id))
    scene.proposal.current_version_id = new.id
    scene.session.flush()
    return new


def _as(client: Client, scene: Scene, who: str) -> Client:
    scene.session.commit()
    client.sign_in_as(scene.people[who])
    return client


def _note(client: Client, scene: Scene, act: str, **fields: str) -> TestResponse:
    return client.post(f"/proposals/{scene.ref}/review/notes", data={"act": act, "page": "review", **fields})


def test_only_what_came_after_the_last_reading_is_new(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    comment(session, scene.actor("rosa"), scene.ref, "Before", NOW)
    note_reading(session, scene.actor("lucia"), scene.ref, NOW + timedelta(minutes=5))
    assert _review(scene, "lucia").since.changed == {}
    _second_version(scene, variables="Sums by district")
    since = _review(scene, "lucia").since
    assert (since.version, list(since.changed)) == (1, ["variables"])
    assert (since.is_new(NOW), since.is_new(LATER)) == (False, True)
    note_reading(session, scene.actor("lucia"), scene.ref, LATER)
    assert _review(scene, "lucia").since.changed == {}
    assert list(_review(scene, "tom").since.changed) == ["variables"], "the deputy has not read it"


def test_a_reading_is_kept_once_for_each_version_and_person(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    for moment in (NOW, LATER):
        note_reading(session, scene.actor("lucia"), scene.ref, moment)
    [row] = session.scalars(select(Reading)).all()
    assert row.read_at == LATER


def test_a_decision_voided_by_an_edit_is_told_to_its_data_partner_alone(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.decides("lucia", "streets", A, NOW)
    _second_version(scene, variables="Sums by district")
    assert void_decisions(session, scene.proposal, LATER) == 1
    [told] = _review(scene, "lucia").voided
    assert (told.version, told.outcome) == (1, "Approved")
    assert _review(scene, "pia").voided == ()


def test_an_edit_of_the_listings_terms_while_a_decision_waits_is_shown(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    assert _review(scene, "lucia").edited_terms == ()
    reference = scene.datasets["streets"].reference
    subject = Subject("listing", reference)
    record(session, Event.LISTING_EDITED, scene.actor("tom"), subject, LATER, {"page": "what"})
    assert _review(scene, "lucia").edited_terms == ()
    record(session, Event.LISTING_EDITED, scene.actor("tom"), subject, LATER, {"page": "terms"})
    [edit] = _review(scene, "lucia").edited_terms
    assert (edit.by, edit.at) == ("Tom Ek", LATER)
    assert _review(scene, "pia").edited_terms == ()


def test_past_decisions_say_in_what_they_are_alike_and_another_partners_are_not_shown(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    other = make_draft(
        session, scene.organizations["other"], [scene.people["otto"]], list(scene.datasets.values()),
        reference="PR-2026-0001",
    )  # fmt: skip
    hand_in(session, other, scene.people["otto"], NOW - timedelta(days=9))
    past = Scene(session, scene.organizations, scene.people, scene.datasets, other)
    past.pass_on(NOW - timedelta(days=8))
    past.decides("lucia", "streets", N, NOW - timedelta(days=7))
    past.decides("pia", "shops", A, NOW - timedelta(days=7))
    found = _review(scene, "lucia").before
    assert (found.count, found.approved, found.not_approved) == (1, 0, 1)
    [row] = found.rows
    sentences = [sentence for sentence, _facts in row.alike]
    assert sentences[:2] == ["same dataset", "same purpose"]
    assert row.reason == "Too early"
    assert _review(scene, "pia").before.approved == 1
    assert _review(scene, "pia").before.not_approved == 0


def test_marks_notes_and_begun_words_are_there_again_after_a_reload_and_for_nobody_else(
    client: Client, session: Session
) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    fields = {"check-purpose": "unsure", "note-purpose": "Ask legal", "words": "Name us.", "say-variables": "Why?"}
    assert _note(client, scene, "save", **fields).status_code == 303
    page = client.get(f"/proposals/{scene.ref}/review").text
    for typed in ("Ask legal", "Name us.", "Why?"):
        assert typed in page
    client.sign_in_as(scene.people["tom"])
    assert "Ask legal" not in client.get(f"/proposals/{scene.ref}/review").text
    client.sign_in_as(scene.people["rosa"])
    assert "Ask legal" not in client.get(f"/proposals/{scene.ref}").text


def test_a_script_keeps_the_same_form_quietly(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    answer = client.post(f"/proposals/{scene.ref}/review/autosave", data={"check-benefit": "yes", "version_hash": "x"})
    assert answer.status_code == 204
    assert session.scalars(select(ReviewDraft.fields)).one() == {"check-benefit": ["yes"]}


@pytest.mark.parametrize(("to", "is_internal"), [("team", False), ("inside", True)])
def test_a_comment_at_an_answer_goes_to_the_team_or_stays_inside(
    client: Client, session: Session, to: str, is_internal: bool
) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    answer = _note(client, scene, "say:variables", **{"say-variables": "Centers would do.", "to-variables": to})
    assert answer.status_code == 303
    assert answer.location.endswith("#answer-variables")
    [row] = session.scalars(select(Comment)).all()
    assert (row.body, row.about_answer, row.is_internal) == ("Centers would do.", "variables", is_internal)
    assert "say-variables" not in session.scalars(select(ReviewDraft.fields)).one()


def test_wishes_are_kept_at_their_answers_and_go_out_together_with_the_request(
    client: Client, session: Session
) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    wish = {"say-variables": "Centers, not blocks.", "to-variables": "changes"}
    _note(client, scene, "say:variables", **wish)
    assert session.scalars(select(Comment)).all() == []
    more = {**wish, "say-storage_place": "In our enclave.", "to-storage_place": "changes", "words": "Two things."}
    answer = client.post(
        f"/proposals/{scene.ref}/review",
        data={**_CHANGES, "version_hash": scene.shown_hash, **more},
    )
    assert answer.status_code == 303
    rows = session.scalars(select(Comment).order_by(Comment.id)).all()
    assert [(row.about_answer, row.body) for row in rows] == [
        (None, "Two things."), ("variables", "Centers, not blocks."), ("storage_place", "In our enclave."),
    ]  # fmt: skip
    session.expire_all()
    assert session.scalars(select(Proposal.state)).one() is ProposalState.CHANGES_REQUESTED
    client.sign_in_as(scene.people["rosa"])
    step = client.get(f"/proposals/{scene.ref}/edit/supply").text
    assert "Centers, not blocks." in step


def test_an_edit_is_suggested_from_the_page_and_accepted_at_the_teams_answer(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    _note(client, scene, "suggest:variables", **{"edit-variables": "Sums by district", "why-variables": "Enough."})
    [row] = session.scalars(select(Suggestion)).all()
    client.post(
        f"/proposals/{scene.ref}/review",
        data={**_CHANGES, "version_hash": scene.shown_hash},
    )
    assert "suggested edits" in session.scalars(select(Comment.body)).one()
    client.sign_in_as(scene.people["rosa"])
    step = client.get(f"/proposals/{scene.ref}/edit/supply")
    assert "Accept this edit" in step.text
    client.post(f"/proposals/{scene.ref}/edit/supply", data={"act": f"accept-suggestion:{row.id}"})
    session.expire_all()
    assert session.scalars(select(Proposal)).one().answers["variables"] == "Sums by district"


def test_a_suggestion_that_does_not_fit_comes_back_with_what_was_typed(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    long = "word " * 400
    answer = _note(client, scene, "suggest:variables", **{"edit-variables": long, "note-purpose": "Keep this"})
    assert answer.status_code == 422
    assert "Shorten this answer" in answer.text
    assert long.strip() in answer.text
    assert "Keep this" in answer.text


def test_declining_on_the_page_without_a_word_says_what_is_missing(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    _note(client, scene, "suggest:variables", **{"edit-variables": "Sums by district"})
    [row] = session.scalars(select(Suggestion)).all()
    client.sign_in_as(scene.people["rosa"])
    url = f"/proposals/{scene.ref}/suggestions/{row.id}"
    answer = client.post(url, data={"act": "decline", "words": ""})
    assert answer.status_code == 422
    assert "Say in a word why" in answer.text
    assert client.post(url, data={"act": "decline", "words": "No."}).status_code == 303


def test_the_page_with_old_terms_is_refused_with_the_way_on(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    data = {"verdict": "approved", "version_hash": scene.shown_hash, **scene.shown_terms()}
    row = DatasetCondition(dataset_id=scene.datasets["streets"].id, parameter="k_min", value={"value": 15})
    session.add(row)
    answer = _as(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=data)
    assert answer.status_code == 409
    assert "terms of your listing changed" in answer.text
    assert session.scalars(select(Decision)).all() == []


def test_a_page_that_carries_no_terms_decides_nothing(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    data = {"verdict": "approved", "version_hash": scene.shown_hash}
    answer = _as(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=data)
    assert answer.status_code == 409
    assert session.scalars(select(Decision)).all() == []


def test_a_decision_is_replaced_on_the_page_after_its_ten_minutes(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.decides("lucia", "streets", N, NOW)
    client = _as(client, scene, "lucia")
    assert "Replace this decision" in client.get(f"/proposals/{scene.ref}").text
    page = client.get(f"/proposals/{scene.ref}/review?replace=1").text
    assert "You replace a decision." in page
    data = {"verdict": "approved", "version_hash": scene.shown_hash, "replaces": "y", **scene.shown_terms()}
    assert client.post(f"/proposals/{scene.ref}/review", data=data).status_code == 303
    outcomes = session.scalars(select(Decision.outcome).order_by(Decision.id)).all()
    assert outcomes == [N, A]
    assert "You can take it back until" in client.get(f"/proposals/{scene.ref}").text


def test_the_mails_can_be_read_before_they_leave(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    _note(client, scene, "save", words="Ask again after the pilot.")
    page = client.get(f"/proposals/{scene.ref}/review/mail")
    assert page.status_code == 200
    assert page.text.count("Ask again after the pilot.") == 4


@pytest.mark.parametrize("who", ["rosa", "fenna", "otto"])
@pytest.mark.parametrize("path", ["review/notes", "review/autosave", "read"])
def test_who_does_not_review_it_has_no_workspace(client: Client, session: Session, who: str, path: str) -> None:
    scene = scene_in_review(session, NOW)
    answer = _as(client, scene, who).post(f"/proposals/{scene.ref}/{path}", data={"act": "save", "note-x": "y"})
    assert answer.status_code == 404
    assert session.scalars(select(ReviewDraft)).all() == []


def test_the_officer_comments_and_suggests_at_intake(client: Client, session: Session) -> None:
    scene = scene_in_intake(session, NOW)
    client = _as(client, scene, "jonas")
    fields = {"page": "intake", "edit-question": "Which houses lie too far?", "check-complete": "no"}
    answer = client.post(f"/proposals/{scene.ref}/review/notes", data={"act": "suggest:question", **fields})
    assert answer.location.endswith("/intake#answer-problem") or "/intake#answer-" in answer.location
    _note(client, scene, "save", **fields, words="Name the city.")
    page = client.get(f"/proposals/{scene.ref}/intake").text
    assert "Which houses lie" in page
    assert "Name the city.</textarea>" in page
    assert page.count("checked") >= 1


def test_begun_words_beyond_all_measure_are_cut(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    fields = {f"say-{number}": ["x" * 50_000] for number in range(500)}
    row = keep_draft(session, scene.actor("lucia"), scene.ref, Desk.REVIEW, fields, NOW)
    assert row is not None
    assert len(row.fields) == 300
    assert all(len(values[0]) <= 20_000 for values in row.fields.values())  # type: ignore[index]


def test_after_the_answer_marks_stay_and_begun_words_go(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    _note(client, scene, "save", **{"note-purpose": "Ask legal", "words": "Name us."})
    client.post(
        f"/proposals/{scene.ref}/review",
        data={**_CHANGES, "version_hash": scene.shown_hash, "words": "Shorter."},
    )
    assert session.scalars(select(ReviewDraft.fields)).one() == {"note-purpose": ["Ask legal"]}


def test_what_was_typed_stands_on_the_page_again_when_the_answer_is_taken_back(
    client: Client, session: Session
) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    wish = {"say-variables": "By block center.", "to-variables": "changes", "note-purpose": "Ask legal"}
    asked = {**_CHANGES, "version_hash": scene.shown_hash, "words": "Shorter.", **wish}
    client.post(f"/proposals/{scene.ref}/review", data=asked)
    client.post(f"/proposals/{scene.ref}/take-back")
    page = client.get(f"/proposals/{scene.ref}/review").text
    for typed in ("Shorter.</textarea>", "By block center.</textarea>", "Ask legal"):
        assert typed in page


def test_so_does_what_was_typed_with_a_decision_that_is_undone(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    said = {"verdict": "not_approved", "reason": "too_early", "words": "After the pilot.", "step": Step.DATA_PARTNERS}
    given = {**said, "version_hash": scene.shown_hash, **scene.shown_terms()}
    assert client.post(f"/proposals/{scene.ref}/review", data=given).status_code == 303
    assert "After the pilot.</textarea>" not in client.get(f"/proposals/{scene.ref}/review").text
    client.post(f"/proposals/{scene.ref}/undo", data={"dataset": scene.datasets["streets"].reference})
    assert "After the pilot.</textarea>" in client.get(f"/proposals/{scene.ref}/review").text


def test_words_that_may_be_of_another_decision_stay_away(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    lucia = scene.actor("lucia")
    scene.decides("lucia", "streets", ItemState.APPROVED, NOW)
    row = keep_draft(session, lucia, scene.ref, Desk.REVIEW, {}, NOW)
    assert row is not None
    row.said = {"words": ["After the pilot."]}
    bring_back(session, lucia, scene.proposal, NOW)
    assert row.fields == {}
    undo_decision(session, lucia, scene.ref, scene.datasets["streets"].reference, NOW)
    bring_back(session, lucia, scene.proposal, NOW)
    assert row.fields == {"words": ["After the pilot."]}


def test_asking_for_nothing_is_still_refused(session: Session) -> None:
    scene = scene_in_review(session, NOW)
    with pytest.raises(Exception, match="Say what should change"):
        request_changes(session, scene.actor("lucia"), scene.ref, [Request(" ")], NOW)


def test_datasets_of_an_answer_are_ticked_in_one_step_without_a_script_too(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    lucia, paloma = scene.people["lucia"], scene.organizations["paloma"]
    session.add(Membership(person_id=lucia.id, organization_id=paloma.id, role=Role.STEWARD, since=NOW))
    _as(client, scene, "lucia")

    def ticked() -> list[str]:
        page = client.get(f"/proposals/{scene.ref}/review").get_data(as_text=True)
        boxes = re.findall(r'<input[^>]*name="datasets"[^>]*>', page)
        found = [box for box in boxes if "checked" in box]
        assert (len(boxes), f"{len(found)} of 2 ticked" in page) == (2, True)
        return [re.findall(r'value="([^"]*)"', box)[0] for box in found]

    streets, shops = (scene.datasets[name].reference for name in ("streets", "shops"))
    assert ticked() == [streets, shops]
    answer = _note(client, scene, "tick:none", datasets=streets, words="Kept.")
    assert (answer.status_code, answer.headers["Location"].endswith("/review#verdict")) == (303, True)
    assert ticked() == []
    _note(client, scene, f"tick:{paloma.id}")
    assert ticked() == [shops]
    _note(client, scene, "tick:all", datasets=shops)
    assert ticked() == [streets, shops]
