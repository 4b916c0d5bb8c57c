"""Who gets a mail when a proposal reaches a step, when somebody recuses themselves, and when a listing closes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.commands.checking import pause
from app.correspondence.commands import Wishes, choose
from app.front.queries import open_proposals_for
from app.grants.commands.issuing import issue
from app.organizations.models import Organization
from app.outbox.models import MessageState, OutboxMessage
from app.proposals.commands.conversation import comment
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.recusing import declare_conflict
from app.proposals.commands.reminding import remind_by_date
from app.proposals.commands.sending import withdraw
from app.proposals.commands.stepping import decline_in_step, look_again
from app.proposals.models import ProposalItem
from app.proposals.queries.cases import case
from app.reactions.table import HANDLERS
from app.reactions.work import Work
from app.rules.mail import PRESETS, Preset
from app.rules.pipelines import Step
from app.rules.workflow import ItemState
from tests.factories.catalog import make_dataset
from tests.factories.pipelines import AGAINST, FOR, LATER, Board, make_board
from tests.factories.proposals import NOW, accede
from tests.factories.review import MONDAY, Scene, scene_in_review


@pytest.fixture
def work(app: Flask, session: Session) -> Iterator[Work]:
    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    with app.app_context():
        yield Work(app.config, app.extensions["onepact_files"], reading, NOW)


def _mails(board: Board | Scene, work: Work) -> dict[str, list[dict[str, str]]]:
    """The mails of everything that happened since the last call, by template."""
    session = board.session
    session.flush()
    waiting = select(OutboxMessage).where(OutboxMessage.state == MessageState.WAITING).order_by(OutboxMessage.id)
    for message in session.scalars(waiting.where(OutboxMessage.kind == "event.react")).all():
        apply = HANDLERS[message.kind](work, message.payload)
        assert apply is not None
        apply(session)
        message.state, message.done_at = MessageState.DONE, NOW
    session.flush()
    found: dict[str, list[dict[str, str]]] = {}
    for message in session.scalars(waiting.where(OutboxMessage.kind == "mail.send")).all():
        mail = {key: str(value) for key, value in message.payload.items()}
        assert board.ref in mail["text"]
        assert "None" not in mail["text"]
        assert mail["html"].count('class="m-button"') == 1
        found.setdefault(mail["template"], []).append(mail)
        message.state, message.done_at = MessageState.DONE, NOW
    return found


def _to(mails: list[dict[str, str]]) -> list[str]:
    return sorted(mail["to_name"] for mail in mails)


def test_the_members_of_the_committee_are_asked_to_vote_with_a_link_to_the_page(session: Session, work: Work) -> None:
    board = make_board(session, "committee@1", passed=False)
    _mails(board, work)
    board.pass_intake()
    mails = _mails(board, work)
    assert set(mails) == {"proposal_to_read"}
    assert _to(mails["proposal_to_read"]) == ["Cora Mbeki", "Oskar Brandt", "Rafi Alvarez", "Rhea Lund"]
    assert f"/proposals/{board.ref}/verdict" in mails["proposal_to_read"][0]["text"]


def test_after_the_vote_the_data_partners_are_asked_and_nobody_of_the_team(session: Session, work: Work) -> None:
    board = make_board(session, "committee@1")
    _mails(board, work)
    board.carry()
    mails = _mails(board, work)
    assert set(mails) == {"proposal_to_decide"}


def test_the_chair_is_told_once_that_the_vote_can_be_closed(session: Session, work: Work) -> None:
    board = make_board(session, "committee@1")
    _mails(board, work)
    board.vote("rafi", FOR)
    board.vote("rhea", FOR)
    assert not _mails(board, work)
    board.vote("oskar", FOR)
    [mail] = _mails(board, work)["proposal_to_read"]
    assert (mail["to_name"], "Close the vote" in mail["text"]) == ("Cora Mbeki", True)
    board.vote("oskar", AGAINST)
    board.vote("cora", FOR)
    assert not _mails(board, work)


def test_a_vote_that_is_not_carried_is_told_to_the_team_without_a_name(session: Session, work: Work) -> None:
    board = make_board(session, "committee@1")
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, AGAINST, "Too fine, says Rafi.")
    board.close(words="Ask for weekly totals.")
    [mail] = _mails(board, work)["proposal_not_taken_up"]
    assert mail["to_name"] == "Rosa Lindqvist"
    assert "Ask for weekly totals." in mail["text"]
    assert "data access committee" in mail["text"]
    for name in ("Cora", "Rafi", "Rhea", "Too fine"):
        assert name not in mail["text"] + mail["html"]


def test_data_partners_that_had_it_before_read_that_a_later_step_ended_it(session: Session, work: Work) -> None:
    board = make_board(session, "committee@1")
    board.carry()
    board.asks("steward")
    board.answers()
    _mails(board, work)
    for who in ("cora", "rafi", "rhea"):
        board.vote(who, AGAINST, "Too fine.", LATER)
    board.close(words="Ask for weekly totals.", now=LATER)
    mails = _mails(board, work)
    assert _to(mails["proposal_withdrawn"]) == sorted(board.people[who].name for who in ("steward", "other_steward"))
    assert "did not take up" in mails["proposal_withdrawn"][0]["text"]
    assert case(session, board.actor("steward"), board.ref, LATER).proposal.end_reason == "Ask for weekly totals."


def test_each_review_asks_its_own_reviewer(session: Session, work: Work) -> None:
    board = make_board(session, "ethics@1")
    assert _to(_mails(board, work)["proposal_to_read"]) == ["Elif Aydin"]
    board.passes("elif", Step.ETHICS)
    mails = _mails(board, work)
    assert _to(mails["proposal_to_read"]) == ["Lars Holm"]
    assert "proposal_to_decide" not in mails
    decline_in_step(session, board.actor("lars"), board.ref, board.shown_hash, {}, "No basis in CO.", NOW)
    [told] = _mails(board, work)["proposal_not_taken_up"]
    assert "Lars Holm" in told["text"]


def test_who_takes_over_is_told_by_whom_and_what(session: Session, work: Work) -> None:
    board = make_board(session, "ethics@1")
    _mails(board, work)
    declare_conflict(session, board.actor("elif"), board.ref, "A secret reason.", NOW)
    [mail] = _mails(board, work)["proposal_taken_from"]
    assert mail["to_name"] == board.people["director"].name
    assert "Elif Aydin declared a conflict of interest" in mail["text"]
    assert "A secret reason" not in mail["text"]


def test_nobody_hears_of_a_conflict_but_who_takes_over(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    _mails(scene, work)
    declare_conflict(session, scene.actor("lucia"), scene.ref, "A secret reason.", MONDAY)
    assert _to(_mails(scene, work)["proposal_taken_from"]) == ["Tom Ek"], "not the other data partner"
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Shorter?")], MONDAY)
    _mails(scene, work)
    declare_conflict(session, scene.actor("jonas"), scene.ref, "Another secret reason.", MONDAY)
    assert "proposal_taken_from" not in _mails(scene, work), "the team is waited for, as before"


def test_in_a_crisis_mails_tell_the_hour_and_go_now_whatever_somebody_prefers(session: Session, work: Work) -> None:
    board = make_board(session, "crisis@1", passed=False)
    steward, late = board.actor("steward"), NOW.replace(hour=22)
    choose(session, steward, PRESETS[Preset.WEEKLY], Wishes("en", "UTC", "21:00", "07:00"), NOW)
    _mails(board, work)
    board.pass_intake(late)
    [mail] = [m for m in _mails(board, replace(work, now=late))["proposal_to_decide"] if m["to_email"] == steward.email]
    assert mail["subject"].startswith("Decide by 22:00 UTC on Tue 24 Nov: ")
    assert (mail["topic"], mail["off_link"]) == ("overdue", "")
    assert "after 22:00 UTC on Tue 24 Nov 2026" in mail["text"]
    sent = select(OutboxMessage).where(OutboxMessage.kind == "mail.send", OutboxMessage.recipient == steward.email)
    assert session.scalars(sent.order_by(OutboxMessage.id.desc())).all()[0].due_at == late


def test_the_chair_is_asked_to_look_again_and_the_findings_are_told(session: Session, work: Work) -> None:
    board = make_board(session, "crisis@1")
    board.approve()
    for dataset in board.cast.datasets:
        accede(session, session.get_one(Organization, dataset.organization_id))
    issue(session, board.actor("director"), board.ref, "Meridian", NOW)
    assert _to(_mails(board, work)["proposal_to_read"]) == ["Cora Mbeki"]
    look_again(session, board.actor("cora"), board.ref, board.shown_hash, {}, "It was right.", NOW)
    told = _mails(board, work)["proposal_looked_again"]
    assert board.people["lead"].name in _to(told)
    assert "It was right." in told[0]["text"]


def test_stewards_and_directors_hear_of_a_listing_that_closed_under_an_open_proposal(
    session: Session, work: Work
) -> None:
    board = make_board(session)
    _mails(board, work)
    dataset = board.cast.datasets[0]
    pause(session, board.actor("steward"), dataset.reference, "The source is being checked.", NOW)
    told = _mails(board, work)["proposal_listing_closed"]
    assert _to(told) == sorted([board.people["steward"].name, board.people["director"].name])
    assert dataset.title in told[0]["text"]


def test_a_listing_that_a_proposal_goes_on_without_closes_for_nobody(session: Session, work: Work) -> None:
    board = make_board(session)
    dataset = board.cast.datasets[0]
    assert open_proposals_for(session, dataset.id) == 1
    item = session.scalars(select(ProposalItem).where(ProposalItem.dataset_id == dataset.id)).one()
    item.state = ItemState.NOT_OFFERED
    session.flush()
    _mails(board, work)
    assert open_proposals_for(session, dataset.id) == 0
    pause(session, board.actor("steward"), dataset.reference, "The source is being checked.", NOW)
    assert "proposal_listing_closed" not in _mails(board, work)


def test_what_a_team_adds_to_its_draft_is_told_to_no_data_partner(session: Session, work: Work) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Shorter?")], MONDAY)
    added = make_dataset(session, scene.organizations["paloma"], title="Added in the draft")
    session.add(ProposalItem(proposal_id=scene.proposal.id, dataset_id=added.id))
    _mails(scene, work)
    pause(session, scene.actor("pia"), added.reference, "The source is being checked.", MONDAY)
    assert "proposal_listing_closed" not in _mails(scene, work)
    comment(session, scene.actor("lucia"), scene.ref, "Any news?", MONDAY)
    mails = _mails(scene, work)["proposal_comment"]
    assert "Pia Santos" in _to(mails)
    for mail in mails:
        if mail["to_name"] not in ("Rosa Lindqvist", "Marta Ibáñez"):
            assert added.title not in mail["text"] + mail["html"]


def test_who_was_reviewing_it_hears_that_it_was_withdrawn(session: Session, work: Work) -> None:
    board = make_board(session, "ethics@1")
    _mails(board, work)
    withdraw(session, board.actor("lead"), board.ref, "The budget was cut.", NOW)
    assert _to(_mails(board, work)["proposal_withdrawn"]) == ["Elif Aydin", "Lars Holm"]


@pytest.mark.parametrize(
    ("pipeline", "who", "told"), [("committee@1", "officer", "Cora Mbeki"), ("ethics@1", "officer", "Elif Aydin")]
)
def test_who_reviews_it_in_the_step_hears_that_the_team_is_asked_and_that_they_can_ask_too(
    session: Session, work: Work, pipeline: str, who: str, told: str
) -> None:
    board = make_board(session, pipeline)
    _mails(board, work)
    board.asks(who)
    mails = _mails(board, work)
    assert [each["to_name"] for each in mails["proposal_others_ask"]] == [told]
    assert "/verdict" in mails["proposal_others_ask"][0]["text"]
    assert "It comes back to you" in mails["proposal_others_ask"][0]["text"]
    board.asks(told.split(maxsplit=1)[0].lower(), LATER)
    assert set(_mails(board, work)) == {"proposal_changes"}


def test_who_asked_alone_in_a_step_tells_no_other_reviewer(session: Session, work: Work) -> None:
    board = make_board(session, "ethics@1")
    _mails(board, work)
    board.asks("elif")
    assert set(_mails(board, work)) == {"proposal_changes"}


def test_a_way_that_asks_for_more_is_told_to_the_team_the_asker_the_partners_and_its_readers(
    session: Session, work: Work
) -> None:
    board = make_board(session)
    board.asks("steward")
    _mails(board, work)
    personal = {"personal_data": "personal", "personal_data_words": "Public interest, article 6 (1) e."}
    save_answers(session, board.actor("lead"), board.ref, personal, LATER)
    board.answers()
    mails = _mails(board, replace(work, now=LATER))
    told, [reads] = mails["proposal_rerouted"], mails["proposal_to_read"]
    assert {board.cast.lead.name, board.people["steward"].name, board.people["other_steward"].name} <= set(_to(told))
    assert "Elif Aydin" not in _to(told)
    assert "because people can be identified in the data it asks for" in told[0]["text"]
    assert "because nothing about it asks for a further review" in told[0]["text"]
    assert reads["to_name"] == "Elif Aydin"
    assert "It comes to you because people can be identified" in reads["text"]
    assert "proposal_answered" not in mails


def test_a_vote_that_can_be_closed_is_followed_up_with_the_chair(session: Session, work: Work) -> None:
    board = make_board(session, "committee@1")
    for who in ("rafi", "rhea", "oskar"):
        board.vote(who, FOR)
    _mails(board, work)
    overdue, far = NOW + timedelta(days=20), NOW + timedelta(days=40)
    assert remind_by_date(session, overdue)
    mails = _mails(board, replace(work, now=overdue))["proposal_reminder"]
    assert _to(mails) == ["Cora Mbeki"]
    assert "Close the vote" in mails[0]["text"]
    remind_by_date(session, far)
    [followed] = _mails(board, replace(work, now=far))["proposal_taken_over"]
    assert followed["subject"].startswith("Follow up with Cora Mbeki")
