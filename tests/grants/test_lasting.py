"""A grant ends earlier while its own letter waits for the seal: record, letter and promises say the day that holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.hashing import content_hash
from app.grants.commands import run_on_without_partner
from app.grants.commands.issuing import SEAL_LETTER
from app.grants.lasting import shortened
from app.grants.letter import letter
from app.grants.models import Duty, Grant
from app.grants.record import Record, from_json, record_hash, to_json
from app.grants.succession import UNTIL, Difference, Succession
from app.organizations.models import Organization
from app.outbox.models import OutboxMessage
from app.reactions.grants import seal_letter
from app.rules.workflow import GrantState
from tests.factories.grants import NOW, grant_of, make_issued
from tests.factories.proposals import Cast
from tests.support.working import working

LEFT, BEFORE, LAST = date(2026, 7, 1), date(2027, 11, 22), date(2027, 6, 30)


def leave(session: Session, grant: Grant) -> None:
    run_on_without_partner(session, session.get_one(Organization, grant.data_partner_id), LEFT, NOW)
    session.flush()


def days_of(record: Record) -> tuple[date, object, date]:
    """Its last day, that of its terms, and the latest day of its promises but for the deletion."""
    due = [duty.due_on for duty in record.duties if duty.due_on and duty.kind != "delete"]
    return record.ends_on, record.datasets[0].terms.value("end"), max(due)


def test_a_letter_that_is_not_sealed_yet_says_the_day_that_holds(session: Session, ready: Cast) -> None:
    grant = make_issued(session, ready)[0]
    issued, before = from_json(grant.record), grant.record_hash
    leave(session, grant)
    record = from_json(grant.record)
    assert days_of(issued)[:2] == (BEFORE, BEFORE)
    assert days_of(record)[:2] == (LAST, LAST) == (grant.ends_on, LAST)
    assert days_of(record)[2] <= LAST
    [delete] = [duty for duty in record.duties if duty.kind == "delete"]
    assert delete.due_on == LAST + timedelta(days=30)
    assert grant.record_hash == record_hash(record) == content_hash(grant.record) != before
    assert replace(record, datasets=issued.datasets, ends_on=BEFORE, duties=issued.duties, moved=()) == issued
    printed = letter(record, grant.verify_token, "https://data.meridian.example")
    assert "30 June 2027" in next(row.text for row in printed.rows if row.label == "In force")
    [moved] = [part for part in printed.evidence if part.heading == "Last day moved after issue"]
    assert moved.rows[0].text.startswith("From 22 November 2027 to 30 June 2027, ")


def test_what_is_owed_of_a_letter_that_is_not_sealed_yet_is_dated_as_the_letter_says(
    session: Session, ready: Cast
) -> None:
    grant = make_issued(session, ready)[0]
    owed = select(Duty).where(Duty.grant_id == grant.id, Duty.kind != "delete", Duty.due_on.is_not(None))
    last = grant.starts_on + timedelta(days=20)
    assert [duty for duty in session.scalars(owed) if duty.due_on and duty.due_on > last]
    run_on_without_partner(
        session, session.get_one(Organization, grant.data_partner_id), last - timedelta(days=364), NOW
    )
    assert grant.ends_on == last
    said = {duty.kind: duty.due_on for duty in from_json(grant.record).duties if duty.due_on and duty.kind != "delete"}
    assert {duty.kind: duty.due_on for duty in session.scalars(owed)} == said
    assert max(said.values()) == last


def test_a_sealed_letter_stays_as_it_was_signed(session: Session, active: Grant) -> None:
    record, digest = active.record, active.record_hash
    leave(session, active)
    assert active.ends_on == LAST
    assert (active.record, active.record_hash) == (record, digest)


def test_what_is_not_as_in_the_letter_before_names_the_day_that_holds(session: Session, ready: Cast) -> None:
    issued = from_json(make_issued(session, ready)[0].record)
    rows = (Difference(UNTIL, "1 June 2027", "22 November 2027"), Difference("Kept in", "Spain", "Peru"))
    record = replace(issued, succession=Succession("renews", "GC-2026-0001", "ab", issued.starts_on, rows))
    said = shortened(record, "Paloma Pay", LAST, None, NOW.date())
    assert said.succession is not None
    assert [each.after for each in said.succession.differences] == ["30 June 2027", "Peru"]
    assert from_json(to_json(said)) == said


@pytest.mark.usefixtures("installed")
def test_a_letter_that_was_made_meanwhile_is_thrown_away_and_made_again(
    app: Flask, session: Session, ready: Cast
) -> None:
    number = make_issued(session, ready)[0].number
    session.commit()
    with working(app, session, NOW) as work:
        apply = seal_letter(work, {"number": number})
        assert apply is not None
        leave(session, grant_of(session, number))
        apply(session)
        session.commit()
        assert grant_of(session, number).state is GrantState.AWAITING_SIGNATURE
        again = seal_letter(work, {"number": number})
        assert again is not None
        again(session)
    sealed = grant_of(session, number)
    assert (sealed.state, from_json(sealed.record).ends_on) == (GrantState.ACTIVE, LAST)
    waiting = select(OutboxMessage).where(OutboxMessage.kind == SEAL_LETTER, OutboxMessage.about == number)
    assert len(session.scalars(waiting).all()) == 2
