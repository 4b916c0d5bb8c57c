"""Outputs: read before publication on three grounds only, cleared by their bytes, never by silence unless the terms say so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.foundation.hashing import sha256_hex
from app.foundation.stored_files import StoredFile, store_file
from app.grants.models import Grant
from app.grants.queries.turns import turn_on
from app.organizations.models import Organization
from app.organizations.queries import secretariat
from app.outputs import commands
from app.outputs.commands import Request, Submission
from app.outputs.models import Output, OutputVersion
from app.outputs.queries import cleared_by_hash, output_seen_by, outputs_of, published_of, wait_of
from app.rules.actors import Actor
from app.rules.outputs import Ground, OutputKind
from app.rules.roles import Role
from app.rules.workflow import OutputState
from tests.factories.grants import NOW, allow_delay, put_term
from tests.factories.organizations import acting, make_person, rest_on
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases

TEXT = b"Crossings that children use.\nBlock 12 has 3 children.\n"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def brief(session: Session, app: Flask) -> StoredFile:
    return stored(session, app, TEXT)


def stored(session: Session, app: Flask, data: bytes) -> StoredFile:
    files: FileStore = app.extensions["onepact_files"]
    return store_file(session, files, data, "brief.txt", "text/plain", ("output", "test"), NOW)


@pytest.fixture
def submitted(session: Session, granted: Grant, ready: Cast, brief: StoredFile) -> Output:
    given = Submission("Where children cross", OutputKind.BRIEF, date(2027, 1, 15), brief)
    return commands.submit(session, lead(session, ready), granted.number, given, NOW)


def lead(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.lead)


def steward(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.steward_of(cast.datasets[0]))


def officer(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.officer)


ASKED = [Request("line 2", Ground.IDENTIFIES, "Leave out cells under ten children.")]


def test_the_data_partner_has_ten_working_days_and_is_next(
    session: Session, granted: Grant, submitted: Output, ready: Cast
) -> None:
    assert submitted.answer_by == datetime(2026, 12, 7, 23, 59, 59, tzinfo=UTC)
    named = turn_on(session, wait_of(granted, submitted), NOW)
    assert named is not None
    assert named.has_it is not None
    assert named.has_it.person_id == ready.steward_of(ready.datasets[0]).id


def test_round_trips_until_it_is_cleared_and_the_hash_is_that_of_the_last_version(
    session: Session, app: Flask, submitted: Output, ready: Cast, granted: Grant
) -> None:
    commands.ask_changes(session, steward(session, ready), submitted.reference, ASKED, 1, LATER)
    assert submitted.state.value == "changes_asked"
    named = turn_on(session, wait_of(granted, submitted), NOW)
    assert named is not None
    assert named.has_it is not None
    assert named.has_it.person_id == ready.lead.id
    mended = stored(session, app, b"Crossings that children use.\n")
    again = Submission("", OutputKind.BRIEF, None, mended, note="Line 2 is gone.")
    commands.resubmit(session, lead(session, ready), submitted.reference, again, LATER)
    with pytest.raises(WrongState, match="newer version"):
        commands.clear(session, steward(session, ready), submitted.reference, 1, LATER)
    commands.clear(session, steward(session, ready), submitted.reference, 2, LATER)
    assert submitted.state is OutputState.CLEARED
    assert submitted.cleared_sha256 == mended.sha256
    assert cleared_by_hash(session, mended.sha256) is submitted
    assert cleared_by_hash(session, sha256_hex(TEXT)) is None  # the first version never was


def test_a_change_names_its_passage_its_ground_and_the_remedy(session: Session, submitted: Output, ready: Cast) -> None:
    act = steward(session, ready)
    for request, words in (
        (Request("", Ground.WRONG, "Say 2025."), "Name the line"),
        (Request("line 1", Ground.WRONG, " "), "what would mend it"),
    ):
        with pytest.raises(Invalid, match=words):
            commands.ask_changes(session, act, submitted.reference, [request], 1, LATER)
    with pytest.raises(Invalid, match="three grounds"):
        commands.ask_changes(session, act, submitted.reference, [], 1, LATER)
    assert {ground.value for ground in Ground} == {"identifies_or_reveals", "wrong_about_data", "name_or_logo"}


def test_silence_clears_nothing_but_brings_the_secretariat(session: Session, submitted: Output, ready: Cast) -> None:
    assert submitted.answer_by is not None
    assert commands.answer_late(session, submitted.answer_by - timedelta(minutes=1)) == 0
    after = submitted.answer_by + timedelta(minutes=1)
    assert commands.answer_late(session, after) == 1
    assert submitted.state.value == "with_secretariat"
    assert submitted.cleared_at is None
    with pytest.raises(NotAllowed):
        commands.clear(session, lead(session, ready), submitted.reference, 1, after)
    commands.clear(session, officer(session, ready), submitted.reference, 1, after)
    assert submitted.state is OutputState.CLEARED


def test_where_the_terms_say_so_silence_clears(session: Session, submitted: Output, granted: Grant) -> None:
    put_term(granted, "silence", "clear")
    session.flush()
    assert submitted.answer_by is not None
    commands.answer_late(session, submitted.answer_by + timedelta(minutes=1))
    assert submitted.state is OutputState.CLEARED
    assert submitted.cleared_by_id is None


def test_where_the_terms_allow_it_the_data_partner_delays_publication_once(
    session: Session, submitted: Output, granted: Grant, ready: Cast
) -> None:
    allow_delay(granted, 30)
    ref, where, words = (
        submitted.reference,
        ("https://fund.example/brief", "", "page 2"),
        "Prices are secret until May.",
    )
    with pytest.raises(WrongState):
        commands.delay(session, steward(session, ready), ref, 10, words, NOW)  # it is not cleared yet
    commands.clear(session, steward(session, ready), ref, 1, NOW)
    for who in (lead, officer):
        with pytest.raises(NotAllowed):
            commands.delay(session, who(session, ready), ref, 10, words, NOW)
    for days, reason in ((31, words), (0, words), (None, words), (10, " ")):
        with pytest.raises(Invalid):
            commands.delay(session, steward(session, ready), ref, days, reason, LATER)
    commands.delay(session, steward(session, ready), ref, 10, words, LATER)
    assert (submitted.delayed_until, submitted.state) == (NOW.date() + timedelta(days=10), OutputState.CLEARED)
    with pytest.raises(WrongState, match="once"):
        commands.delay(session, steward(session, ready), ref, 20, words, LATER)
    early, due = NOW + timedelta(days=9), NOW + timedelta(days=10)
    with pytest.raises(Invalid, match="wait with publication until 3 December 2026"):
        commands.publish(session, lead(session, ready), ref, early.date(), where, early)
    commands.publish(session, lead(session, ready), ref, due.date(), where, due)
    assert submitted.state is OutputState.PUBLISHED


def test_where_the_terms_allow_no_delay_there_is_none(session: Session, submitted: Output, ready: Cast) -> None:
    commands.clear(session, steward(session, ready), submitted.reference, 1, NOW)
    seen = output_seen_by(session, steward(session, ready), submitted.reference, NOW)
    assert (seen.may_delay, seen.most_delay_days) == (False, 0)
    with pytest.raises(WrongState, match="allow no delay"):
        commands.delay(session, steward(session, ready), submitted.reference, 1, "Prices.", NOW)


def test_a_delay_counts_from_the_clearance_and_not_from_when_it_is_asked_for(
    session: Session, submitted: Output, granted: Grant, ready: Cast
) -> None:
    allow_delay(granted, 5)
    commands.clear(session, steward(session, ready), submitted.reference, 1, NOW)
    late = NOW + timedelta(days=5)
    with pytest.raises(Invalid, match="over already"):
        commands.delay(session, steward(session, ready), submitted.reference, 5, "Prices.", late)
    assert not output_seen_by(session, steward(session, ready), submitted.reference, late).may_delay


def test_it_is_published_only_when_cleared_and_then_stands_in_the_register(
    session: Session, submitted: Output, granted: Grant, ready: Cast
) -> None:
    where = ("https://fund.example/brief", "https://doi.org/10.1234/abcd", "page 2")
    with pytest.raises(WrongState):
        commands.publish(session, lead(session, ready), submitted.reference, LATER.date(), where, LATER)
    commands.clear(session, steward(session, ready), submitted.reference, 1, LATER)
    assert published_of(session, [granted.number]) == []
    commands.publish(session, lead(session, ready), submitted.reference, LATER.date(), where, LATER)
    assert submitted.doi == "10.1234/abcd"
    assert [row for _number, row in published_of(session, [granted.number])] == [submitted]


def test_an_output_is_confidential_until_it_is_published(
    session: Session, submitted: Output, granted: Grant, ready: Cast
) -> None:
    colleague = acting(session, make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague"))
    assert list(outputs_of(session, colleague, granted)) == []
    with pytest.raises(NotFound):
        output_seen_by(session, colleague, submitted.reference, LATER)
    commands.clear(session, steward(session, ready), submitted.reference, 1, LATER)
    where = ("https://fund.example/brief", "", "page 2")
    commands.publish(session, lead(session, ready), submitted.reference, LATER.date(), where, LATER)
    assert list(outputs_of(session, colleague, granted)) == [submitted]


def test_reminders_go_to_whoever_is_next_once_for_each_share(session: Session, submitted: Output) -> None:
    assert submitted.answer_by is not None
    whole = submitted.answer_by - NOW
    assert commands.remind_due(session, NOW + whole / 4) == 0
    assert commands.remind_due(session, NOW + whole * 0.55) == 1
    assert commands.remind_due(session, NOW + whole * 0.56) == 0
    assert commands.remind_due(session, NOW + whole * 0.85) == 1


def test_a_deadline_counts_the_working_days_of_whoever_is_waited_for_and_ends_where_they_are(
    session: Session, granted: Grant, ready: Cast, brief: StoredFile
) -> None:
    partner = session.get_one(Organization, granted.data_partner_id)
    partner.country, partner.defaults = "PT", {**partner.defaults, "time_zone": "America/Bogota"}
    rest_on(session, granted.member_id, date(2026, 11, 25))
    given = Submission("Where children cross", OutputKind.BRIEF, file=brief)
    row = commands.submit(session, lead(session, ready), granted.number, given, NOW)
    # 1 and 8 December are holidays in Portugal; the day ends at midnight in Bogota.
    assert row.answer_by == datetime(2026, 12, 10, 4, 59, 59, tzinfo=UTC)
    seen = output_seen_by(session, steward(session, ready), row.reference, NOW)
    assert seen.due == date(2026, 12, 9)
    commands.ask_changes(session, steward(session, ready), row.reference, ASKED, 1, NOW)
    assert row.answer_by == datetime(2026, 12, 15, 23, 59, 59, tzinfo=UTC)


def test_the_test_of_the_secretariat_counts_its_own_working_days(session: Session, submitted: Output) -> None:
    assert submitted.answer_by is not None
    office = secretariat(session).id
    rest_on(session, office, date(2026, 12, 9))
    commands.answer_late(session, submitted.answer_by + timedelta(minutes=1))
    assert submitted.answer_by == datetime(2026, 12, 16, 23, 59, 59, tzinfo=UTC)


def test_an_address_without_a_file_is_not_taken_as_only_bytes_are_cleared(
    session: Session, granted: Grant, submitted: Output, ready: Cast
) -> None:
    given = Submission("A map", OutputKind.MAP, link="https://fund.example/map")
    with pytest.raises(Invalid, match="exactly its bytes are cleared") as found:
        commands.submit(session, lead(session, ready), granted.number, given, NOW)
    assert found.value.field == "file"
    commands.ask_changes(session, steward(session, ready), submitted.reference, ASKED, 1, NOW)
    with pytest.raises(Invalid):
        commands.resubmit(session, lead(session, ready), submitted.reference, given, NOW)


def test_what_was_submitted_by_its_address_alone_before_is_read_and_cleared_by_nobody(
    session: Session, granted: Grant, submitted: Output, ready: Cast
) -> None:
    version = session.scalars(select(OutputVersion)).one()
    version.file_id, version.sha256, version.link = None, "", "https://fund.example/map"
    put_term(granted, "silence", "clear")
    session.flush()
    assert output_seen_by(session, steward(session, ready), submitted.reference, NOW).current.link
    with pytest.raises(WrongState, match="submits it again with its file"):
        commands.clear(session, steward(session, ready), submitted.reference, 1, NOW)
    assert submitted.answer_by is not None
    commands.answer_late(session, submitted.answer_by + timedelta(minutes=1))
    assert submitted.state is OutputState.WITH_SECRETARIAT
