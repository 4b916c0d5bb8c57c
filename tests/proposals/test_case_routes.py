"""The pages of a proposal: who sees what, which buttons, and that deciding twice decides once."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.organizations.models import Membership
from app.proposals.commands.conversation import comment
from app.proposals.models import Comment, Decision, Proposal
from app.proposals.queries.whose_turn import whose_turn
from app.rules.checklists import INTAKE
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ItemState, ProposalState
from app.web.words import day
from tests.factories.review import Scene, close_on, hand_in, make_draft, make_scene, scene_in_intake, scene_in_review
from tests.grants.pages import text_of
from tests.support.application import Client

NOW = datetime.now(UTC)
FRIDAY = 4
PAGES = ("", "/answers", "/history", "/people", "/files", "/print")


def _as(client: Client, scene: Scene, who: str) -> Client:
    scene.session.commit()
    client.sign_in_as(scene.people[who])
    return client


def _get(client: Client, scene: Scene, page: str = "") -> TestResponse:
    return client.get(f"/proposals/{scene.ref}{page}")


def _words(client: Client, scene: Scene, who: str, address: str | None = None) -> str:
    """What a person reads on a page, of this proposal where no other is named."""
    found = text_of(_as(client, scene, who), address or f"/proposals/{scene.ref}")
    return re.sub(r" ([.,;])", r"\1", found)


def _verdict(scene: Scene, verdict: str, **more: str) -> dict[str, str]:
    shown = {"version_hash": scene.shown_hash, "step": Step.DATA_PARTNERS}
    return {**shown, "verdict": verdict, **scene.shown_terms(), **more}


@pytest.mark.parametrize("who", ["rosa", "marta", "fenna", "jonas", "helena", "aude", "lucia", "tom", "pia"])
def test_everyone_concerned_reads_every_page(client: Client, session: Session, who: str) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, who)
    for page in PAGES:
        answer = _get(client, scene, page)
        assert answer.status_code == 200, page
        assert scene.proposal.title in answer.text, page


def test_for_others_it_is_as_if_it_did_not_exist(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "otto")
    for page in (*PAGES, "/review", "/intake", "/versions/1.json"):
        answer, guessed = _get(client, scene, page), client.get(f"/proposals/PR-2026-9999{page}")
        assert (answer.status_code, guessed.status_code) == (404, 404), page
        assert scene.proposal.title not in answer.text, page


@pytest.mark.parametrize("act", ["comment", "remind", "review", "undo", "intake"])
def test_others_cannot_post_to_what_they_do_not_know_of(client: Client, session: Session, act: str) -> None:
    scene = scene_in_review(session, NOW)
    answer = _as(client, scene, "otto").post(f"/proposals/{scene.ref}/{act}", data={"body": "Hello", "dataset": "DS-1"})
    assert answer.status_code == 404
    assert session.scalars(select(Comment)).all() == []


@pytest.mark.parametrize("who", ["jonas", "helena", "lucia", "fenna", "otto"])
def test_a_draft_is_its_teams_alone(client: Client, session: Session, who: str) -> None:
    scene = make_scene(session)
    assert _get(_as(client, scene, who), scene).status_code == 404
    assert "Care Block" not in client.get("/proposals").text


def test_the_team_sees_its_draft_and_goes_on_writing(client: Client, session: Session) -> None:
    scene = make_scene(session)
    answer = _get(_as(client, scene, "rosa"), scene)
    assert answer.status_code == 200
    assert "Continue writing" in answer.text


@pytest.mark.both_databases
def test_each_data_partner_reads_its_own_last_day_everywhere(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    closed = NOW.date() + timedelta(days=1)
    while closed.weekday() > FRIDAY:
        closed += timedelta(days=1)
    close_on(session, scene.organizations["paloma"], closed)
    turn = whose_turn(session, scene.proposal, NOW)
    theirs, longer = (day(holder.progress.due) for holder in turn.holders if holder.progress)
    assert theirs != longer
    for address in (f"/proposals/{scene.ref}", "/proposals"):
        assert f"Read and decide by {longer}" in _words(client, scene, "pia", address)
    assert f"Yours to decide by {longer}" in _words(client, scene, "pia", f"/proposals/{scene.ref}/review")
    assert f"Lucía Prado by {theirs[:-5]}, Pia Santos by {longer[:-5]}" in _words(client, scene, "rosa")


@pytest.mark.both_databases
def test_where_one_is_late_and_another_was_asked_later_the_page_says_it_of_each(
    client: Client, session: Session
) -> None:
    scene = scene_in_review(session, NOW)
    began, ended = NOW - timedelta(days=30), NOW - timedelta(hours=1)
    run = {"organization": scene.organizations["paloma"].id, "step": "data_partners"}
    scene.proposal.review_runs = [{**run, "from": began.isoformat(), "to": ended.isoformat()}]
    session.flush()
    days = {holder.organization: holder.progress for holder in whose_turn(session, scene.proposal, NOW).holders}
    fresh, late = days["Acme Maps"], days["Paloma Pay"]
    assert fresh is not None
    assert late is not None
    assert (fresh.is_over, late.is_over) == (False, True)
    seen = _words(client, scene, "rosa").replace(" )", ")")
    said = f"Lucía Prado by {day(fresh.due)[:-5]}, Pia Santos (was due on {day(late.due)[:-5]})."
    assert f"Each decides on its own datasets: {said}" in seen
    assert f"{late.over} working days over Paloma Pay" in seen


@pytest.mark.both_databases
def test_those_who_follow_it_up_are_told_so_and_nobody_reads_that_they_decide(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW - timedelta(days=25))
    scene.decides("pia", "shops", ItemState.APPROVED, NOW)
    seen = _words(client, scene, "jonas")
    assert "With Acme Maps. Lucía Prado decides; it was due on" in seen
    assert "You follow it up: send a reminder, or write to them below." in seen
    assert "we are sorry" in _words(client, scene, "rosa")
    assert "we are sorry" not in _words(client, scene, "lucia")


def test_a_data_partner_knows_nothing_of_it_before_the_intake_check(client: Client, session: Session) -> None:
    scene = scene_in_intake(session, NOW)
    assert _get(_as(client, scene, "lucia"), scene).status_code == 404


@pytest.mark.parametrize("who", ["rosa", "lucia", "jonas", "otto"])
@pytest.mark.parametrize("state", ["draft", "intake", "review"])
def test_the_list_shows_what_the_page_shows(client: Client, session: Session, who: str, state: str) -> None:
    make = {"draft": make_scene, "intake": scene_in_intake, "review": scene_in_review}[state]
    scene = make(session)
    page = _get(_as(client, scene, who), scene)
    listed = scene.ref in client.get("/proposals").text
    assert listed == (page.status_code == 200)


def test_visitors_are_asked_to_sign_in(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    session.commit()
    assert client.get(f"/proposals/{scene.ref}").status_code == 303
    assert client.get("/proposals").status_code == 303


def test_the_status_names_who_must_act_and_by_when(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    text = _get(_as(client, scene, "rosa"), scene).text
    for name in ("Acme Maps", "Paloma Pay", "Lucía Prado", "Pia Santos"):
        assert name in text
    assert "working days left" in text
    scene.decides("pia", "shops", ItemState.APPROVED, NOW)
    session.commit()
    text = _get(client, scene).text
    assert "Tom Ek stands in" in text


def test_a_steward_finds_the_one_act_and_no_other_does(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    assert "Read and decide" in _get(_as(client, scene, "lucia"), scene).text
    for who in ("rosa", "jonas", "helena", "aude"):
        text = _get(_as(client, scene, who), scene).text
        assert "Read and decide" not in text


def test_one_data_partner_sees_of_the_others_the_outcome_and_nothing_else(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.decides("pia", "shops", ItemState.NOT_APPROVED, NOW, words="Our board said no in June.")
    client = _as(client, scene, "lucia")
    for page in (*PAGES, "/review"):
        text = _get(client, scene, page).text
        assert "Our board said no" not in text, page
        assert "Too early" not in text or page == "/review", page  # its own list of reasons
    assert "Not approved" in _get(client, scene).text
    for who in ("rosa", "fenna", "jonas", "aude"):
        text = _get(_as(client, scene, who), scene).text
        assert "Our board said no" in text, who


def test_a_listing_for_named_organizations_is_not_told_to_the_other_data_partner(
    client: Client, session: Session
) -> None:
    scene = scene_in_review(session, NOW)
    scene.datasets["shops"].visibility = Visibility.NAMED
    scene.decides("pia", "shops", ItemState.APPROVED, NOW)
    client = _as(client, scene, "lucia")
    for page in (*PAGES, "/review"):
        text = _get(client, scene, page).text
        assert "Small shops" not in text, page
        assert scene.datasets["shops"].reference not in text, page
    assert "A dataset of another data partner" in _get(client, scene).text


def test_nor_whom_else_the_proposal_waits_for(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.datasets["shops"].visibility = Visibility.NAMED
    client = _as(client, scene, "lucia")
    for address in (
        *(f"/proposals/{scene.ref}{page}" for page in (*PAGES, "/review", "/submitted")),
        "/proposals",
        "/inbox",
    ):
        text = client.get(address, follow_redirects=True).text
        assert scene.proposal.title in text, address
        assert "Paloma" not in text, address
        assert "Pia Santos" not in text, address
    assert "Another data partner" in _get(client, scene, "/people").text
    client = _as(client, scene, "rosa")
    assert "Paloma Pay" in _get(client, scene).text
    assert "Pia Santos" in _get(client, scene, "/submitted").text


def test_internal_words_stay_with_the_organization_and_the_secretariat(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    comment(session, scene.actor("lucia"), scene.ref, "Centers would do, like Lima.", NOW, is_internal=True)
    for who, reads in {"lucia": True, "tom": True, "jonas": True, "pia": False, "rosa": False, "fenna": False}.items():
        client = _as(client, scene, who)
        for page in ("", "/history"):
            assert ("like Lima" in _get(client, scene, page).text) == reads, (who, page)


def test_a_message_is_posted_once_and_kept_when_it_is_empty_or_too_long(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client, address = _as(client, scene, "rosa"), f"/proposals/{scene.ref}/comment"
    again = {"body": "Centers are enough.", "idempotency_key": "k1"}
    assert [client.post(address, data=again).status_code for _time in range(2)] == [303, 303]
    assert len(session.scalars(select(Comment)).all()) == 1
    assert client.post(address, data={"body": " "}).status_code == 422
    long = client.post(address, data={"body": "y" * 4001})
    assert long.status_code == 422
    assert "y" * 4001 in long.text


def test_every_tab_counts_the_messages_that_its_reader_may_read(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    comment(session, scene.actor("rosa"), scene.ref, "Centers are enough.", NOW)
    comment(session, scene.actor("lucia"), scene.ref, "Centers would do, like Lima.", NOW, is_internal=True)
    for who, count in {"lucia": 2, "rosa": 1}.items():
        client = _as(client, scene, who)
        for page in ("", "/answers", "/history", "/people", "/files"):
            shown = " ".join(re.sub(r"<[^>]+>", " ", _get(client, scene, page).text).split())
            assert f"Conversation {count} Answers" in shown, (who, page)


def test_the_team_cannot_note_internally(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "rosa")
    assert client.post(f"/proposals/{scene.ref}/comment", data={"body": "x", "is_internal": "y"}).status_code == 403


def test_from_the_mails_link_to_the_verdict_are_two_steps(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    page = _get(client, scene, "/review")
    assert page.status_code == 200
    for words in ("Do not approve", "Ask for changes", "Approve with conditions", "Checklist", "Decided before"):
        assert words in page.text
    assert scene.shown_hash in page.text
    done = client.post(f"/proposals/{scene.ref}/review", data=_verdict(scene, "approved", **{"check-purpose": "yes"}))
    assert done.status_code == 303
    session.expire_all()
    assert session.scalars(select(Decision)).one().outcome is ItemState.APPROVED


def test_the_same_decision_sent_twice_is_made_once(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    data = _verdict(scene, "approved", idempotency_key="same")
    answers = [client.post(f"/proposals/{scene.ref}/review", data=data) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(session.scalars(select(Decision)).all()) == 1


def test_conditions_are_ticked_filled_in_and_stored_as_the_agreements_values(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    data = _verdict(scene, "approved_with_conditions", **{"take-k_min": "y", "k_min": "25", "deletion_days": "9"})
    assert _as(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=data).status_code == 303
    assert session.scalars(select(Decision.conditions)).one() == {"k_min": 25}
    page = _get(client, scene)
    assert "25" in page.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"verdict": "approved_with_conditions"}, "Tick at least one condition"),
        ({"verdict": "approved_with_conditions", "take-k_min": "y", "k_min": "many"}, "whole number"),
        ({"verdict": "not_approved", "words": "Kept words"}, "Choose the reason"),
        ({"verdict": "not_approved", "reason": "too_long"}, "what would change your answer"),
        ({"verdict": "changes"}, "Say what should change"),
        ({"verdict": "sideways"}, "Choose your answer"),
        ({}, "Choose your answer"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    client: Client, session: Session, data: dict[str, str], told: str
) -> None:
    scene = scene_in_review(session, NOW)
    full = {"version_hash": scene.shown_hash, "step": Step.DATA_PARTNERS, "check-purpose": "unsure", **data}
    answer = _as(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=full)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Error:" in answer.text
    assert data.get("words", "") in answer.text
    assert session.scalars(select(Decision)).all() == []


def test_an_edit_after_the_page_was_opened_is_told(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    data = {"version_hash": "0" * 64, "verdict": "approved"}
    answer = _as(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=data)
    assert answer.status_code == 409
    assert "changed the proposal after you opened it" in answer.text


def test_asking_for_changes_from_the_review(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    data = _verdict(scene, "changes", words="Block centers would do.", about="variables")
    assert _as(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=data).status_code == 303
    session.expire_all()
    assert session.get_one(Proposal, scene.proposal.id).state is ProposalState.CHANGES_REQUESTED
    assert "Block centers would do." in _get(_as(client, scene, "rosa"), scene).text
    assert "Answer the changes" in _get(client, scene).text


def test_a_decision_is_undone_from_the_page(client: Client, session: Session) -> None:
    just_now = datetime.now(UTC)  # ten minutes count from here, however long the tests before took
    scene = scene_in_review(session, just_now)
    scene.decides("lucia", "streets", ItemState.APPROVED, just_now)
    client = _as(client, scene, "lucia")
    assert "Undo my decision" in _get(client, scene).text
    data = {"dataset": scene.datasets["streets"].reference}
    assert client.post(f"/proposals/{scene.ref}/undo", data=data).status_code == 303
    session.expire_all()
    assert session.scalars(select(Decision.undone_at)).one() is not None
    assert "Undo my decision" not in _get(client, scene).text


def test_after_ten_minutes_there_is_nothing_to_undo(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW - timedelta(hours=1))
    scene.decides("lucia", "streets", ItemState.APPROVED, NOW - timedelta(minutes=11))
    client = _as(client, scene, "lucia")
    assert "Undo my decision" not in _get(client, scene).text
    data = {"dataset": scene.datasets["streets"].reference}
    assert client.post(f"/proposals/{scene.ref}/undo", data=data).status_code == 409


def test_a_request_for_changes_is_taken_back_from_the_page(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    data = _verdict(scene, "changes", words="Block centers would do.")
    client = _as(client, scene, "lucia")
    said = client.post(f"/proposals/{scene.ref}/review", data=data, follow_redirects=True)
    assert "You can undo this for ten minutes." in said.text
    assert "You asked for changes." in said.text
    answer = client.post(f"/proposals/{scene.ref}/take-back", follow_redirects=True)
    assert answer.request.path == f"/proposals/{scene.ref}/review"
    assert "Taken back." in answer.text
    shown = _get(client, scene).text
    assert "You asked for changes." not in shown
    assert "Block centers would do." not in shown
    assert client.post(f"/proposals/{scene.ref}/take-back").status_code == 409


def test_nobody_else_is_offered_to_take_it_back(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    client = _as(client, scene, "lucia")
    client.post(f"/proposals/{scene.ref}/review", data=_verdict(scene, "changes", words="Block centers would do."))
    for who in ("tom", "pia", "jonas", "rosa"):
        assert "op-undo" not in _get(_as(client, scene, who), scene).text
        assert client.post(f"/proposals/{scene.ref}/take-back").status_code in (403, 409)


def test_the_intake_page_is_the_officers(client: Client, session: Session) -> None:
    scene = scene_in_intake(session, NOW)
    page = _get(_as(client, scene, "jonas"), scene, "/intake")
    assert page.status_code == 200
    assert "Pass it on" in page.text
    for who in ("rosa", "helena", "aude"):
        assert _get(_as(client, scene, who), scene, "/intake").status_code == 404


@pytest.mark.parametrize(
    ("data", "status", "state"),
    [
        ({"verdict": "pass", **{f"check-{check.key}": "yes" for check in INTAKE}}, 303, ProposalState.IN_REVIEW),
        ({"verdict": "pass"}, 422, ProposalState.IN_INTAKE),
        ({"verdict": "close", "words": "No dataset of ours fits."}, 303, ProposalState.NOT_TAKEN_UP),
        ({"verdict": "close"}, 422, ProposalState.IN_INTAKE),
        ({"verdict": "changes", "words": "Name the city."}, 303, ProposalState.CHANGES_REQUESTED),
        ({"verdict": "changes"}, 422, ProposalState.IN_INTAKE),
        ({}, 422, ProposalState.IN_INTAKE),
    ],
)
def test_the_intake_check_has_three_outcomes(
    client: Client, session: Session, data: dict[str, str], status: int, state: ProposalState
) -> None:
    scene = scene_in_intake(session, NOW)
    shown = {"version_hash": scene.shown_hash, "step": Step.INTAKE}
    answer = _as(client, scene, "jonas").post(f"/proposals/{scene.ref}/intake", data={**shown, **data})
    assert answer.status_code == status
    session.expire_all()
    assert session.get_one(Proposal, scene.proposal.id).state is state


@pytest.mark.parametrize("verdict", ["pass", "close", "changes"])
def test_the_intake_check_counts_for_the_version_that_was_read(client: Client, session: Session, verdict: str) -> None:
    scene = scene_in_intake(session, NOW)
    officer, marks = _as(client, scene, "jonas"), {f"check-{check.key}": "yes" for check in INTAKE}
    assert scene.shown_hash in _get(officer, scene, "/intake").text
    stale = {
        "verdict": verdict,
        "words": "No dataset of ours fits.",
        **marks,
        "version_hash": "0" * 64,
        "step": Step.INTAKE,
    }
    answer = officer.post(f"/proposals/{scene.ref}/intake", data=stale)
    assert answer.status_code in (409, 422)
    assert "changed the proposal after you opened it" in answer.text
    session.expire_all()
    assert session.get_one(Proposal, scene.proposal.id).state is ProposalState.IN_INTAKE


def test_who_is_in_conflict_is_told_why_there_is_no_button(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    lucia, coastal = scene.people["lucia"], scene.organizations["coastal"]
    row = Membership(person_id=lucia.id, organization_id=coastal.id, role=Role.PROJECT_STAFF, since=NOW)
    session.add(row)
    text = _get(_as(client, scene, "lucia"), scene).text
    assert "Read and decide" not in text
    assert "You cannot decide here" in text
    answer = client.post(f"/proposals/{scene.ref}/review", data=_verdict(scene, "approved"))
    assert answer.status_code == 403


def test_a_case_without_approval_ends_with_a_clear_page(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.decides("lucia", "streets", ItemState.NOT_APPROVED, NOW)
    scene.decides("pia", "shops", ItemState.NOT_APPROVED, NOW)
    text = _get(_as(client, scene, "rosa"), scene).text
    assert "Ask again after the pilot." in text
    assert "Copy as new" in text
    assert "Issue the grants" not in _get(_as(client, scene, "helena"), scene).text


def test_a_director_is_led_to_issuing_and_one_who_decided_is_not(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    scene.decides("lucia", "streets", ItemState.APPROVED, NOW)
    scene.decides("pia", "shops", ItemState.NOT_APPROVED, NOW)
    assert "Issue the grants" in _get(_as(client, scene, "helena"), scene).text
    for who in ("jonas", "rosa", "lucia"):
        assert "Issue the grants</a>" not in _get(_as(client, scene, who), scene).text


def test_a_reminder_is_offered_from_the_eighth_day_on(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW - timedelta(days=2))
    text = _get(_as(client, scene, "rosa"), scene).text
    assert "Send a reminder" not in text
    assert "You can send a reminder from" in text
    assert client.post(f"/proposals/{scene.ref}/remind").status_code == 409
    scene.proposal.waiting_since = NOW - timedelta(days=12)
    session.commit()
    assert "Send a reminder" in _get(client, scene).text
    assert client.post(f"/proposals/{scene.ref}/remind").status_code == 303
    assert client.post(f"/proposals/{scene.ref}/remind").status_code == 409


def test_the_version_as_a_file_hashes_to_what_decisions_name(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    answer = _get(_as(client, scene, "rosa"), scene, "/versions/1.json")
    assert hashlib.sha256(answer.data).hexdigest() == scene.shown_hash
    assert _get(client, scene, "/versions/2.json").status_code == 404
    assert _get(_as(client, scene, "lucia"), scene, "/versions/1.json").status_code == 404


def test_markup_in_what_people_write_is_text(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    comment(session, scene.actor("rosa"), scene.ref, "<script>alert(1)</script>", NOW)
    for page in PAGES:
        assert "<script>alert" not in _get(_as(client, scene, "rosa"), scene, page).text


def test_the_list_takes_the_same_number_of_statements_however_long_it_is(client: Client, session: Session) -> None:
    scene = scene_in_review(session, NOW)
    counts = []
    client.get("/proposals")  # whether this is a demo is asked once in a while, by whichever request comes then
    for turn in range(2):
        client = _as(client, scene, "jonas")
        statements: list[str] = []

        def note(*args: object, into: list[str] = statements) -> None:
            into.append(str(args[2]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        client.get("/proposals")
        event.remove(session.get_bind(), "before_cursor_execute", note)
        counts.append(len(statements))
        for number in range(3):
            more = make_draft(
                session, scene.organizations["other"], [scene.people["otto"]], list(scene.datasets.values()),
                reference=f"PR-2026-05{turn}{number}",
            )  # fmt: skip
            hand_in(session, more, scene.people["otto"], NOW)
    assert counts[0] == counts[1]
