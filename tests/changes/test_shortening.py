"""A grant ends earlier, and what was handed over under it with it: nobody signs or accepts a day that does not hold."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.changes.commands import accepting, handing
from app.changes.commands.carrying import follow_grant, sealed_handover, shorten_handed_over
from app.changes.handed import record_of
from app.changes.wanted import Wanted
from app.foundation.errors import NotFound, WrongState
from app.foundation.files import FileStore
from app.grants.commands.letters import Press
from app.grants.models import Grant, SubGrant
from app.grants.queries.verification import sub_status_of
from app.organizations.models import Person
from app.outbox.models import OutboxMessage
from app.reactions.handovers import seal_handover
from app.rules.roles import Role
from app.rules.workflow import SubGrantState
from tests.changes.test_handovers import SECRET, TRACE, YES, accepted, in_force, prepared, token_of
from tests.changes.test_offers import mails, offered
from tests.factories.changes import SOON, succeed
from tests.factories.grants import NOW, grant_of
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.letters.conftest import Tool, tool
from tests.support.application import Client
from tests.support.working import working

__all__ = ["offered", "tool"]

BEFORE, LAST = date(2027, 6, 30), date(2027, 3, 31)
BY_THEN = date(2027, 4, 30)  # thirty days to delete the data


@pytest.fixture
def signatory(session: Session, cast: Cast) -> Person:
    return make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")


def shorten(session: Session, grant: Grant, last: date = LAST, now: datetime = SOON) -> int:
    """The last day of the grant moves, as when its data partner leaves."""
    grant.ends_on = last
    session.flush()
    return shorten_handed_over(session, grant.number, now)


def accept(session: Session, token: str, now: datetime = SOON) -> SubGrant:
    code = accepting.send_code(session, token, SECRET, now)
    accepting.enter_code(session, token, accepting.one_time_code(SECRET, code), SECRET, now)
    return accepting.accept(session, token, YES, TRACE, now)


def days_of(row: SubGrant) -> tuple[date, date, date | None]:
    """Its last day, that of its record, and the day by which its record wants the data deleted."""
    record = record_of(row.record)
    return row.ends_on, record.ends_on, next(duty.due_on for duty in record.duties if duty.kind == "delete")


def words_of(press: Press, row: SubGrant, tool: Tool, folder: Path) -> str:
    path = folder / "letter.pdf"
    path.write_bytes(sealed_handover(press, row.record, row.verify_token, datetime.now(UTC)).pdf)
    return " ".join(tool("pdftotext", "-layout", path, "-").split())


def test_what_is_to_be_signed_says_the_new_day_and_is_not_signed_as_it_was_shown_before(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = prepared(session, cast, active)
    shown = row.record_hash
    assert shorten(session, active) == 1
    assert days_of(row) == (LAST, LAST, BY_THEN)
    with pytest.raises(WrongState, match="changed after you opened it"):
        handing.sign(session, acting(session, signatory), row.number, "Helena Voss", shown, SOON)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    assert (row.state, days_of(row)) == (SubGrantState.OFFERED, (LAST, LAST, BY_THEN))
    assert shorten_handed_over(session, active.number, SOON) == 0, "a second time there is nothing to shorten"


def test_an_offer_goes_out_anew_and_its_old_link_accepts_nothing(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = prepared(session, cast, active)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    old = token_of(session, row)
    code = accepting.send_code(session, old, SECRET, SOON)
    shorten(session, active)
    with pytest.raises(NotFound):
        accepting.enter_code(session, old, accepting.one_time_code(SECRET, code), SECRET, SOON)
    with pytest.raises(NotFound):
        accepting.accept(session, old, YES, TRACE, SOON)
    accept(session, token_of(session, row))
    assert (row.state, days_of(row)) == (SubGrantState.ACCEPTED, (LAST, LAST, BY_THEN))


def test_the_letter_of_what_was_signed_before_says_that_the_day_moved(
    session: Session, active: Grant, cast: Cast, signatory: Person, press: Press, tool: Tool, tmp_path: Path
) -> None:
    row = accepted(session, cast, active, signatory)
    assert "Last day moved" not in words_of(press, row, tool, tmp_path)
    shorten(session, active)
    words = words_of(press, row, tool, tmp_path)
    assert "Last day moved after signing" in words
    assert "From 30 June 2027 to 31 March 2027" in words
    assert "to 31 March 2027" in words
    assert "30 April 2027" in words


def test_what_is_sealed_keeps_its_letter_and_gives_no_right_after_the_new_day(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    letter, record = row.letter_id, row.record_hash
    shorten(session, active)
    assert (row.ends_on, row.letter_id, row.record_hash) == (LAST, letter, record)
    assert sub_status_of(row, active, SOON).ends_on == LAST
    assert not sub_status_of(row, active, datetime(2027, 4, 1, tzinfo=UTC)).gives_right


def test_a_shortened_hand_over_is_carried_by_a_successor_that_lasts_as_long(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    shorten(session, active)
    successor = succeed(session, store, press, cast, active, Wanted(kept_where="A server in Lima"))
    follow_grant(session, active.number, SOON)
    assert (row.state, row.grant_id) == (SubGrantState.ACTIVE, successor.id)


@pytest.mark.parametrize("state", ["to sign", "offered", "accepted"])
def test_it_ends_where_the_new_day_is_past(
    session: Session, active: Grant, cast: Cast, signatory: Person, state: str
) -> None:
    row = accepted(session, cast, active, signatory) if state == "accepted" else prepared(session, cast, active)
    if state == "offered":
        handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    shorten(session, active, LAST, datetime(2027, 4, 1, tzinfo=UTC))
    assert (row.state, row.ends_on) == (SubGrantState.ENDED, LAST)
    assert "31 March 2027 now" in row.state_reason


def test_nobody_signs_or_accepts_what_has_passed_its_own_last_day(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    unsigned, row = prepared(session, cast, active), prepared(session, cast, active)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    late = datetime(2027, 7, 1, tzinfo=UTC)
    with pytest.raises(WrongState, match="last day has passed"):
        handing.sign(session, acting(session, signatory), unsigned.number, "Helena Voss", unsigned.record_hash, late)
    with pytest.raises(WrongState, match="last day has passed"):
        accepting.send_code(session, token_of(session, row), SECRET, late)


def test_a_letter_that_was_made_while_the_day_moved_is_made_again(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    row = accepted(session, ready, granted, signatory)
    with working(app, session, SOON) as work:
        apply = seal_handover(work, {"number": row.number})
        assert apply is not None
        shorten(session, granted)
        apply(session)
        assert row.state is SubGrantState.ACCEPTED
        again = seal_handover(work, {"number": row.number})
        assert again is not None
        again(session)
    assert (row.state, record_of(row.record).ends_on) == (SubGrantState.ACTIVE, LAST)
    waiting = select(OutboxMessage).where(OutboxMessage.kind == accepting.SEAL, OutboxMessage.about == row.number)
    assert len(session.scalars(waiting).all()) == 2


def test_whoever_was_offered_one_reads_the_new_day_and_the_lead_too(
    app: Flask, session: Session, granted: Grant, ready: Cast, offered: SubGrant
) -> None:
    worker.drain(app, lambda: NOW)
    old, number = token_of(session, offered), granted.number
    shorten(session, grant_of(session, number), now=NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=30))
    session.expire_all()
    subject, text = mails(session, offered.email)[-1]
    assert subject.startswith("Ends Wed 31 Mar 2027 now, new link: ")
    assert "Its last day is Wed 31 Mar 2027 now, not Wed 30 Jun 2027" in text
    assert f"/hand-over/{token_of(session, offered)}" in text
    assert old not in text
    assert any("until Wed 31 Mar 2027" in text for _subject, text in mails(session, ready.lead.email))


def test_whoever_holds_a_sealed_letter_reads_that_it_says_another_day(
    app: Flask, client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    row = accepted(session, ready, granted, signatory)
    session.commit()
    worker.drain(app, lambda: SOON)
    session.expire_all()
    shorten(session, grant_of(session, granted.number))
    session.commit()
    worker.drain(app, lambda: SOON + timedelta(minutes=30))
    session.expire_all()
    _subject, text = mails(session, row.email)[-1]
    assert "Its letter says Wed 30 Jun 2027." in text
    assert "Wed 31 Mar 2027" in text_of(client, f"/v/{row.number}?t={row.verify_token}")
    client.sign_in_as(ready.lead)
    page = text_of(client, f"/hand-overs/{row.number}")
    assert "to Wed 31 Mar 2027" in page
    assert "Hand-over ends earlier" in page
