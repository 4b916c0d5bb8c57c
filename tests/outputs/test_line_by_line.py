"""Changes are noted line by line and sent as one request; each is answered at its place; an answer can be taken back at once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.grants.models import Grant
from app.outputs import commands
from app.outputs.commands import Request, Submission
from app.outputs.models import Output, OutputComment, OutputDraft
from app.outputs.queries import output_seen_by
from app.outputs.queries.lines import threads, what_became
from app.rules.outputs import Ground, OutputKind
from app.rules.workflow import OutputState
from tests.factories.grants import NOW, put_term
from tests.factories.proposals import Cast
from tests.outputs.test_commands import LATER, brief, lead, officer, steward, stored, submitted

__all__ = ["brief", "submitted"]
pytestmark = pytest.mark.both_databases
SOON = LATER + timedelta(minutes=9)
SECOND = Request("", Ground.IDENTIFIES, "Leave out small cells.", 2)
FIRST = Request("", Ground.WRONG, "Say that it is a sample.", 1)


def noted(session: Session, cast: Cast, row: Output, *requests: Request) -> list[OutputDraft]:
    act = steward(session, cast)
    return [commands.note(session, act, row.reference, each, 1, LATER) for each in requests]


def sent(session: Session, cast: Cast, row: Output) -> None:
    noted(session, cast, row, SECOND, FIRST)
    commands.send_notes(session, steward(session, cast), row.reference, 1, LATER)


def comments(session: Session) -> list[OutputComment]:
    return list(session.scalars(select(OutputComment).order_by(OutputComment.id)))


def test_several_changes_are_kept_and_leave_as_one_request(session: Session, submitted: Output, ready: Cast) -> None:
    sent(session, ready, submitted)
    assert submitted.state is OutputState.CHANGES_ASKED
    assert [(each.line, each.body) for each in comments(session)] == [(1, FIRST.words), (2, SECOND.words)]
    assert session.scalars(select(OutputDraft)).all() == []


def test_what_is_noted_is_the_readers_sides_alone_until_it_is_sent(
    session: Session, submitted: Output, ready: Cast
) -> None:
    (kept,) = noted(session, ready, submitted, SECOND)
    assert list(output_seen_by(session, steward(session, ready), submitted.reference, LATER).drafts) == [kept]
    for who in (lead, officer):
        seen = output_seen_by(session, who(session, ready), submitted.reference, LATER)
        assert (list(seen.drafts), seen.may_ask, list(seen.current.comments)) == ([], False, [])
        with pytest.raises(NotAllowed):
            commands.remove_note(session, who(session, ready), submitted.reference, kept.id)


def test_what_is_noted_is_changed_and_removed(session: Session, submitted: Output, ready: Cast) -> None:
    act = steward(session, ready)
    kept, other = noted(session, ready, submitted, SECOND, FIRST)
    commands.change_note(session, act, submitted.reference, kept.id, Request("", Ground.NAME, "No logo."), LATER)
    assert (kept.line, kept.ground, kept.body) == (2, Ground.NAME.value, "No logo.")
    assert commands.remove_note(session, act, submitted.reference, other.id) == 1
    assert session.scalars(select(OutputDraft)).all() == [kept]
    with pytest.raises(NotFound):
        commands.remove_note(session, act, submitted.reference, other.id)


def test_a_note_needs_a_passage_that_is_there_a_remedy_and_the_version_that_is_read(
    session: Session, submitted: Output, ready: Cast
) -> None:
    act = steward(session, ready)
    for request, words in (
        (Request("", Ground.WRONG, "Say 2025."), "Name the line"),
        (Request("", Ground.WRONG, "Say 2025.", 0), "no such line"),
        (Request("", Ground.WRONG, " ", 1), "would mend it"),
    ):
        with pytest.raises(Invalid, match=words):
            commands.note(session, act, submitted.reference, request, 1, LATER)
    with pytest.raises(WrongState, match="newer version"):
        commands.note(session, act, submitted.reference, FIRST, 2, LATER)
    with pytest.raises(Invalid, match="three grounds"):
        commands.send_notes(session, act, submitted.reference, 1, LATER)


def test_each_change_is_answered_at_its_line_and_an_answer_of_another_output_is_not_found(
    session: Session, app: Flask, submitted: Output, ready: Cast, granted: Grant
) -> None:
    sent(session, ready, submitted)
    first, second = comments(session)
    commands.answer(session, lead(session, ready), submitted.reference, first.id, "It says so in line 9.", SOON)
    commands.answer(session, steward(session, ready), submitted.reference, first.id, "Agreed.", SOON)
    seen = output_seen_by(session, lead(session, ready), submitted.reference, SOON)
    assert [[each.body for each in said.answers] for said in threads(seen.current)] == [
        ["It says so in line 9.", "Agreed."],
        [],
    ]
    assert (seen.asked_count, seen.answered_count) == (2, 1)
    with pytest.raises(Invalid, match="Write your answer"):
        commands.answer(session, lead(session, ready), submitted.reference, second.id, " ", SOON)
    other = commands.submit(
        session,
        lead(session, ready),
        granted.number,
        Submission("Other", OutputKind.BRIEF, file=stored(session, app, b"x\n")),
        SOON,
    )
    with pytest.raises(NotFound):
        commands.answer(session, lead(session, ready), other.reference, first.id, "Here?", SOON)


def test_the_next_version_shows_beside_each_request_what_became_of_its_line(
    session: Session, app: Flask, submitted: Output, ready: Cast
) -> None:
    sent(session, ready, submitted)
    again = Submission("", OutputKind.BRIEF, None, stored(session, app, b"A sample of crossings.\n"))
    commands.resubmit(session, lead(session, ready), submitted.reference, again, SOON)
    seen = output_seen_by(session, steward(session, ready), submitted.reference, SOON)
    assert seen.before is not None
    asked = what_became(threads(seen.before), ("One.", "Two.", "Three."), ("Zero.", "One.", "Three."))
    assert [(each.was, list(each.now), each.is_same) for each in asked] == [
        ("One.", [(2, "One.")], True),
        ("Two.", [], False),
    ]
    changed = what_became(threads(seen.before), ("One.", "Two."), ("One.", "2."))
    assert [(list(each.now), each.is_same) for each in changed] == [([(1, "One.")], True), ([(2, "2.")], False)]
    assert [each.was for each in what_became(threads(seen.before), (), ("One.",))] == ["", ""]


def test_a_request_is_taken_back_for_ten_minutes_its_words_stay_and_the_clock_goes_on(
    session: Session, submitted: Output, ready: Cast
) -> None:
    stood = (submitted.state, submitted.state_since, submitted.answer_by)
    sent(session, ready, submitted)
    with pytest.raises(NotAllowed):
        commands.take_back(session, lead(session, ready), submitted.reference, SOON)
    commands.take_back(session, steward(session, ready), submitted.reference, SOON)
    assert (submitted.state, submitted.state_since, submitted.answer_by) == stood
    assert comments(session) == []
    seen = output_seen_by(session, steward(session, ready), submitted.reference, SOON)
    assert [(each.line, each.body) for each in seen.drafts] == [(1, FIRST.words), (2, SECOND.words)]
    commands.send_notes(session, steward(session, ready), submitted.reference, 1, SOON)
    assert submitted.state is OutputState.CHANGES_ASKED


def test_a_clearance_is_taken_back_and_leaves_no_hash_behind(session: Session, submitted: Output, ready: Cast) -> None:
    commands.clear(session, steward(session, ready), submitted.reference, 1, LATER)
    seen = output_seen_by(session, steward(session, ready), submitted.reference, SOON)
    assert seen.taking_back is not None
    assert seen.taking_back.until == LATER + timedelta(minutes=10)
    theirs = output_seen_by(session, lead(session, ready), submitted.reference, SOON)
    assert (theirs.taking_back, theirs.settles_at) == (None, LATER + timedelta(minutes=10))
    commands.take_back(session, steward(session, ready), submitted.reference, SOON)
    assert (submitted.state, submitted.cleared_at, submitted.cleared_by_id, submitted.cleared_sha256) == (
        OutputState.IN_READING,
        None,
        None,
        "",
    )


def test_the_secretariat_takes_back_what_it_found_when_it_tested(
    session: Session, submitted: Output, ready: Cast
) -> None:
    assert submitted.answer_by is not None
    after = submitted.answer_by + timedelta(minutes=1)
    commands.answer_late(session, after)
    due = submitted.answer_by
    commands.clear(session, officer(session, ready), submitted.reference, 1, after)
    commands.take_back(session, officer(session, ready), submitted.reference, after + timedelta(minutes=1))
    assert (submitted.state, submitted.answer_by) == (OutputState.WITH_SECRETARIAT, due)


def test_nothing_is_taken_back_after_ten_minutes_or_once_somebody_has_gone_on(
    session: Session, submitted: Output, ready: Cast
) -> None:
    with pytest.raises(WrongState):
        commands.take_back(session, steward(session, ready), submitted.reference, NOW)
    sent(session, ready, submitted)
    late = LATER + timedelta(minutes=10, seconds=1)
    with pytest.raises(WrongState, match="ten minutes"):
        commands.take_back(session, steward(session, ready), submitted.reference, late)
    assert output_seen_by(session, steward(session, ready), submitted.reference, late).taking_back is None
    first = comments(session)[0]
    commands.answer(session, lead(session, ready), submitted.reference, first.id, "Done.", SOON)
    with pytest.raises(WrongState, match="gone on"):
        commands.take_back(session, steward(session, ready), submitted.reference, SOON)


def test_what_is_taken_back_after_its_day_has_passed_leaves_a_working_day_more(
    session: Session, submitted: Output, ready: Cast
) -> None:
    due = submitted.answer_by
    assert due is not None
    commands.ask_changes(session, steward(session, ready), submitted.reference, [FIRST], 1, due - timedelta(minutes=2))
    back = due + timedelta(minutes=5)
    commands.take_back(session, steward(session, ready), submitted.reference, back)
    assert submitted.state is OutputState.IN_READING
    assert submitted.answer_by == due + timedelta(days=2), "the whole of the next working day"
    assert commands.answer_late(session, back) == 0


def test_silence_does_not_clear_what_a_reader_has_begun_to_object_to(
    session: Session, submitted: Output, granted: Grant, ready: Cast
) -> None:
    put_term(granted, "silence", "clear")
    noted(session, ready, submitted, FIRST)
    assert submitted.answer_by is not None
    commands.answer_late(session, submitted.answer_by + timedelta(minutes=1))
    assert (submitted.state, submitted.cleared_at) == (OutputState.WITH_SECRETARIAT, None)
