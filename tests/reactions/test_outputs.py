"""What is said about an output reaches the other side, in its words and with its day; what is taken back reaches nobody."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.grants.models import Grant
from app.organizations.models import Membership
from app.outbox.models import MessageState, OutboxMessage
from app.outputs import commands
from app.outputs.commands import Request
from app.outputs.models import Output, OutputComment
from app.rules.outputs import Ground
from app.rules.roles import Role
from tests.factories.grants import NOW, allow_delay
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready
from tests.outputs.test_commands import brief, lead, officer, steward, submitted

__all__ = ["at_the_time_of_the_story", "brief", "granted", "installed", "ready", "submitted"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
AT = NOW + timedelta(hours=1)
OVER = AT + timedelta(minutes=11)
ASKED = [Request("", Ground.IDENTIFIES, "Leave out small cells.", 2), Request("page 9", Ground.NAME, "No logo.")]
Mail = dict[str, str]


@pytest.fixture
def quiet(app: Flask, session: Session, submitted: Output, monkeypatch: pytest.MonkeyPatch) -> Output:
    """An output of which everybody has heard. Mail leaves without a server, as in the demo."""
    monkeypatch.setitem(app.config, "IS_DEMO", True)
    session.commit()
    worker.drain(app, lambda: NOW)
    worker.drain(app, lambda: NOW + timedelta(minutes=12))
    return submitted


def left(app: Flask, session: Session, at: datetime) -> list[Mail]:
    """What has left by a moment, to whom and in which words."""
    session.commit()
    known = {row.id for row in session.scalars(select(OutboxMessage)) if row.state is MessageState.DONE}
    for moment in (AT, at):
        worker.drain(app, lambda moment=moment: moment)  # type: ignore[misc]
    session.expire_all()
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    done = [
        row.payload for row in found if row.state is MessageState.DONE and row.id not in known and not row.joined_id
    ]
    return [{key: str(value) for key, value in each.items()} for each in done if not each.get("dropped")]


def to(mails: list[Mail], email: str) -> list[Mail]:
    return [mail for mail in mails if mail["to_email"] == email]


def test_a_request_reaches_the_team_after_ten_minutes_with_its_words_and_its_day(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    commands.ask_changes(session, steward(session, ready), quiet.reference, ASKED, 1, AT)
    assert left(app, session, AT + timedelta(minutes=9)) == []
    (mail,) = to(left(app, session, OVER), ready.lead.email)
    assert "Change by Mon 14 Dec:" in mail["subject"]
    for words in ("Line 2", "Leave out small cells.", "page 9", "No logo.", "by Mon 14 Dec 2026"):
        assert words in mail["text"]
        assert words in mail["html"]
    assert "Where children cross" not in str(mail)  # its title is confidential


def test_of_an_answer_that_was_taken_back_in_time_nobody_hears_anything(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    act = steward(session, ready)
    commands.clear(session, act, quiet.reference, 1, AT)
    assert left(app, session, AT + timedelta(minutes=1)) == []
    commands.take_back(session, act, quiet.reference, AT + timedelta(minutes=2))
    assert left(app, session, OVER + timedelta(days=1)) == []


def test_a_clearance_that_stands_is_told_after_ten_minutes(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    commands.clear(session, steward(session, ready), quiet.reference, 1, AT)
    assert [mail["subject"][:8] for mail in to(left(app, session, OVER), ready.lead.email)] == ["Cleared:"]


def test_remarks_and_answers_reach_the_other_side_and_not_ones_own(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    reader = ready.steward_of(ready.datasets[0])
    commands.comment(session, lead(session, ready), quiet.reference, "", "Line 2 will be rounded.", AT)
    told = left(app, session, OVER)
    assert [mail["to_email"] for mail in told] == [reader.email]
    assert "Line 2 will be rounded." in told[0]["text"]
    asked = session.scalars(select(OutputComment)).one()
    commands.answer(session, acting(session, reader), quiet.reference, asked.id, "To ten, then.", OVER)
    assert left(app, session, OVER) == []
    (mail,) = to(left(app, session, OVER + timedelta(minutes=11)), ready.lead.email)
    assert "To ten, then." in mail["text"]


def test_a_withdrawal_reaches_those_who_read_it_with_its_reason(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    assert quiet.answer_by is not None
    late = quiet.answer_by + timedelta(minutes=1)
    commands.answer_late(session, late)
    left(app, session, late)
    commands.withdraw(session, lead(session, ready), quiet.reference, "The data was the wrong year.", late)
    told = [
        mail for mail in left(app, session, late + timedelta(minutes=11)) if mail["subject"].startswith("Withdrawn")
    ]
    assert {mail["to_email"] for mail in told} == {ready.steward_of(ready.datasets[0]).email, ready.officer.email}
    assert all("The data was the wrong year." in mail["text"] for mail in told)


def test_the_secretariats_remark_reaches_both_sides(app: Flask, session: Session, quiet: Output, ready: Cast) -> None:
    commands.comment(session, officer(session, ready), quiet.reference, "page 1", "Which year is this?", AT)
    told = {mail["to_email"] for mail in left(app, session, OVER)}
    assert told == {ready.lead.email, ready.steward_of(ready.datasets[0]).email}


def test_a_remark_that_waits_does_not_leave_to_who_may_not_read_it_any_more(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    second = make_person(session, ready.datasets[0].organization, Role.STEWARD, name="Ida Holm")
    commands.comment(session, lead(session, ready), quiet.reference, "", "Rounded now.", AT)
    session.commit()
    worker.drain(app, lambda: AT)
    for row in session.scalars(select(Membership).where(Membership.person_id == second.id)):
        row.ended_at = AT
    assert second.email not in {mail["to_email"] for mail in left(app, session, OVER)}


def test_who_is_told_to_wait_is_not_told_afterwards_that_it_may_be_published(
    app: Flask, session: Session, quiet: Output, granted: Grant, ready: Cast
) -> None:
    allow_delay(granted, 30)
    act = steward(session, ready)
    commands.clear(session, act, quiet.reference, 1, AT)
    left(app, session, AT + timedelta(minutes=1))
    commands.delay(session, act, quiet.reference, 10, "Prices are secret until May.", AT + timedelta(minutes=2))
    told = to(left(app, session, OVER + timedelta(days=1)), ready.lead.email)
    assert ["Publish it on" in mail["subject"] for mail in told] == [True]
    assert "You may publish" not in str(told)


def test_an_officer_who_remarks_while_the_data_partner_reads_gets_the_answers(
    app: Flask, session: Session, quiet: Output, ready: Cast
) -> None:
    asked = commands.comment(session, officer(session, ready), quiet.reference, "page 1", "Which year is this?", AT)
    left(app, session, OVER)
    commands.answer(session, lead(session, ready), quiet.reference, asked.id, "It is 2025.", OVER)
    left(app, session, OVER)
    told = left(app, session, OVER + timedelta(minutes=11))
    assert sorted(mail["to_email"] for mail in told) == sorted(
        [ready.officer.email, ready.steward_of(ready.datasets[0]).email]
    )
    assert all("It is 2025." in mail["text"] for mail in told)
