"""A recipient who has not answered is reminded with a new link; in the end whoever offered it is told. Silence never accepts."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.changes import commands
from app.changes.commands import accepting, handing
from app.changes.commands.carrying import follow_grant
from app.foundation.errors import NotFound
from app.grants.commands import revoke, suspend
from app.grants.models import Grant, SubGrant
from app.history.models import HistoryDetail, HistoryEvent
from app.inbox.passing import passing_from
from app.organizations.commands import remove_person
from app.outbox.models import OutboxMessage
from app.rules.roles import Role
from app.rules.workflow import SubGrantState
from tests.changes.test_handovers import SECRET, TRACE, YES, asked, token_of
from tests.factories.grants import NOW, director_of
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

pytestmark = pytest.mark.both_databases


@pytest.fixture
def offered(session: Session, granted: Grant, ready: Cast) -> SubGrant:
    """A hand-over that the member's signatory has signed."""
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    row = handing.hand_over(session, acting(session, ready.lead), granted.number, asked(ready), NOW)
    return handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, NOW)


def mails(session: Session, address: str) -> list[tuple[str, str]]:
    """Subject and text of each mail to an address, the oldest first."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    return [
        (str(row.payload["subject"]), str(row.payload["text"])) for row in rows if row.payload["to_email"] == address
    ]


def test_an_offer_is_reminded_of_at_four_shares_and_stays_an_offer(session: Session, offered: SubGrant) -> None:
    sent = [commands.remind_of_offers(session, NOW + timedelta(days=day, hours=1)) for day in range(30)]
    assert sum(sent) == 4
    told = (
        select(HistoryDetail.payload)
        .join(HistoryEvent, HistoryEvent.seq == HistoryDetail.seq)
        .where(HistoryEvent.type == "subgrant.reminded")
        .order_by(HistoryEvent.seq)
    )
    assert [payload["percent"] for payload in session.scalars(told)] == [50, 80, 100, 150]
    assert offered.state is SubGrantState.OFFERED


def test_a_reminder_brings_a_new_link_and_the_old_one_opens_nothing(session: Session, offered: SubGrant) -> None:
    old = token_of(session, offered)
    assert commands.remind_of_offers(session, NOW + timedelta(days=4)) == 1
    new = token_of(session, offered)
    assert accepting.by_token(session, new) is offered
    with pytest.raises(NotFound):
        accepting.by_token(session, old)


def test_whoever_was_offered_one_reads_that_it_was_taken_back(
    app: Flask, session: Session, ready: Cast, offered: SubGrant
) -> None:
    handing.withdraw(session, acting(session, ready.lead), offered.number, NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    subject, text = mails(session, offered.email)[-1]
    assert subject.startswith("Taken back: ")
    assert "opens nothing any more" in text


def test_whoever_offered_one_reads_that_it_was_declined_and_gives_nothing(
    app: Flask, session: Session, ready: Cast, offered: SubGrant
) -> None:
    accepting.decline(session, token_of(session, offered), NOW)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    _subject, text = mails(session, ready.lead.email)[-1]
    assert f"{offered.number} was to hand data over to {offered.organization_name}. That does not happen." in text


def test_nobody_is_asked_to_accept_under_a_grant_that_is_suspended(
    session: Session, granted: Grant, ready: Cast, offered: SubGrant
) -> None:
    suspend(session, director_of(session, ready), granted.number, "We look into it.", NOW)
    assert offered.state is SubGrantState.OFFERED
    assert commands.remind_of_offers(session, NOW + timedelta(days=4)) == 0


def test_the_recipient_reads_by_when_and_the_lead_reads_of_silence_in_the_end(
    app: Flask, session: Session, ready: Cast, offered: SubGrant
) -> None:
    for days in (0, 4, 20):
        moment = NOW + timedelta(days=days)
        commands.remind_of_offers(session, moment)
        session.commit()
        worker.drain(app, lambda moment=moment: moment)  # type: ignore[misc]
    first, again = mails(session, offered.email)
    assert first[0].startswith("Accept by your link: ")
    assert again[0].startswith("Due ")
    assert ": accept by your link: " in again[0]
    assert f"/hand-over/{token_of(session, offered)}" in again[1]
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == offered.email)).all()
    assert {row.payload["topic"] for row in sent} == {"account"}, "nobody can turn off the only link that works"
    subject, text = mails(session, ready.lead.email)[-1]
    assert subject.startswith("Follow up, overdue since ")
    assert "Ines Prado of Prado Transport Studies was asked and reminded" in text


def test_the_page_of_an_offer_says_who_answers_and_by_when(client: Client, ready: Cast, offered: SubGrant) -> None:
    client.sign_in_as(ready.lead)
    shown = text_of(client, f"/hand-overs/{offered.number}")
    assert "Ines Prado of Prado Transport Studies answers by Mon 30 Nov 2026" in shown


@pytest.mark.parametrize("has_accepted", [False, True])
def test_a_hand_over_that_ends_unsealed_is_told_without_a_link_to_a_letter_that_is_not_there(
    app: Flask, session: Session, granted: Grant, ready: Cast, offered: SubGrant, has_accepted: bool
) -> None:
    if has_accepted:
        token = token_of(session, offered)
        code = accepting.send_code(session, token, SECRET, NOW)
        accepting.enter_code(session, token, accepting.one_time_code(SECRET, code), SECRET, NOW)
        accepting.accept(session, token, YES, TRACE, NOW)
    revoke(session, director_of(session, ready), granted.number, "The data was passed on.", NOW)
    follow_grant(session, granted.number, NOW)
    assert offered.state is SubGrantState.ENDED
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    told = [text for _subject, text in mails(session, offered.email)]
    assert f"/v/{offered.number}" not in "".join(told)
    assert "Who runs this" in told[-1]
    of_lead = next(text for subject, text in mails(session, ready.lead.email) if offered.number in subject)
    for text in (told[-1], of_lead):
        assert "was to hand data over to Prado Transport Studies. That does not happen." in " ".join(text.split())
        assert "handed data over" not in text


def test_whoever_signs_next_is_told_when_the_signatory_leaves(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    first = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    row = handing.hand_over(session, acting(session, ready.lead), granted.number, asked(ready), NOW)
    second = make_person(session, ready.member, Role.SIGNATORY, name="Ida Holm")
    with app.test_request_context():
        waits = [each.key for each in passing_from(session, ready.member.id, first.id, NOW)]
    remove_person(session, acting(session, ready.officer), ready.member.id, first.id, NOW, (), waits)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    told = [text for subject, text in mails(session, second.email) if subject.startswith("Helena Voss has left")]
    assert len(told) == 1
    assert row.number in told[0]
