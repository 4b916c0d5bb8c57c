"""At the end date something happens: reminders before, each once; mails to whoever must act; what hangs on a grant follows it."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.changes import commands
from app.changes.queries import waiting
from app.changes.wanted import Wanted
from app.grants.commands import ask_to_close, revoke
from app.grants.models import Grant
from app.history.models import HistoryEvent
from app.outbox.models import OutboxMessage
from app.rules.actors import Actor
from app.rules.workflow import ChangeState
from tests.factories.changes import LONGER, ask
from tests.factories.grants import NOW, director_of
from tests.factories.organizations import acting
from tests.factories.proposals import Cast

LAST = date(2027, 11, 22)


def noon(days_before: int) -> datetime:
    """Noon of a day before the grant's last day."""
    return datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC) - timedelta(days=days_before)


def test_the_lead_is_reminded_60_30_and_7_days_before_each_once(session: Session, active: Grant) -> None:
    sent = [commands.remind_of_ends(session, noon(days)) for days in (61, 60, 59, 31, 30, 29, 8, 7, 6, 0)]
    assert sent == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0]
    reminded = select(HistoryEvent.type).where(HistoryEvent.thing_ref == active.number)
    assert list(session.scalars(reminded)).count("grant.ends_soon") == 3


def test_a_worker_that_was_away_reminds_once_and_not_three_times(session: Session, active: Grant) -> None:
    assert active.ends_on == LAST
    assert commands.remind_of_ends(session, noon(5)) == 1
    assert commands.remind_of_ends(session, noon(4)) == 0


def test_nobody_is_reminded_while_a_later_last_day_is_asked_for(session: Session, active: Grant, cast: Cast) -> None:
    ask(session, cast, active, LONGER, noon(61))
    assert commands.remind_of_ends(session, noon(60)) == 0
    assert waiting.rows(session, acting(session, cast.lead), noon(60))[0].sentence != "Renew or close a grant that ends"


def test_another_change_on_its_way_does_not_hide_that_the_grant_ends(
    session: Session, active: Grant, cast: Cast
) -> None:
    ask(session, cast, active, Wanted(kept_where="Another server"), noon(61))
    assert commands.remind_of_ends(session, noon(60)) == 1
    sentences = [row.sentence for row in waiting.rows(session, acting(session, cast.lead), noon(60))]
    assert "Renew or close a grant that ends" in sentences


def test_a_short_grant_is_reminded_only_where_there_is_time(session: Session, active: Grant) -> None:
    active.ends_on = NOW.date() + timedelta(days=25)
    session.flush()
    assert commands.remind_of_ends(session, NOW + timedelta(days=1)) == 0
    assert commands.remind_of_ends(session, NOW + timedelta(days=18)) == 1


def _number(session: Session, viewer: Actor, now: datetime) -> int:
    return sum(row.is_yours for row in waiting.rows(session, viewer, now))


def test_a_grant_that_ends_soon_waits_in_the_leads_inbox(session: Session, active: Grant, cast: Cast) -> None:
    lead = acting(session, cast.lead)
    assert _number(session, lead, noon(61)) == 0
    assert _number(session, lead, noon(40)) == 1
    (row,) = waiting.rows(session, lead, noon(40))
    assert (row.is_yours, row.due, dict(row.values)) == (True, LAST, {"number": active.number})


def test_each_turn_of_a_change_has_one_reader_and_a_day(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER, NOW)
    people = {
        "officer": acting(session, cast.officer),
        "steward": acting(session, cast.stewards[active.data_partner_id]),
        "director": director_of(session, cast),
        "lead": acting(session, cast.lead),
    }

    def turns() -> set[str]:
        return {name for name, actor in people.items() if _number(session, actor, NOW)}

    assert turns() == {"officer"}
    commands.check(session, people["officer"], change.reference, NOW)
    assert turns() == {"steward"}
    from tests.factories.changes import shown

    commands.approve(session, people["steward"], change.reference, "", shown(session, active, change, NOW), NOW)
    assert turns() == {"director"}
    assert all(row.due for actor in people.values() for row in waiting.rows(session, actor, NOW))


def test_the_worker_tells_whoever_is_next_and_lets_an_open_change_lapse(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER, NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    assert _mails(session, ready.officer.email) == ["grant_to_act"]
    revoke(session, director_of(session, ready), granted.number, "The data was passed on.", NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    session.expire_all()
    assert change.state is ChangeState.LAPSED


def test_a_use_that_ends_is_told_to_those_who_confirm_it(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    ask_to_close(session, acting(session, ready.lead), granted.number, "Published.", NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    assert "grant_told" in _mails(session, ready.officer.email)
    assert "grant_to_act" in _mails(session, ready.lead.email)


def test_a_noted_change_of_the_team_is_told_to_the_data_partner_the_officers_and_whoever_left(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    from app.changes.wanted import NewPerson

    ask(session, ready, granted, Wanted(join=(NewPerson("Ada Quint", "ada@coastal.example", ""),)), NOW)
    ask(session, ready, granted, Wanted(leave=("ada@coastal.example",)), NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    for person in (ready.stewards[granted.data_partner_id], ready.officer):
        assert _mails(session, person.email).count("grant_told") == 2
    assert _mails(session, "ada@coastal.example")[-1] == "grant_told"


def _mails(session: Session, address: str) -> list[str]:
    session.expire_all()
    sent = session.scalars(
        select(OutboxMessage.payload).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    )
    return [
        str(mail["template"])
        for mail in sent
        if mail["to_email"] == address and str(mail["template"]).startswith("grant_t")
    ]


def test_a_change_whose_last_day_comes_before_it_is_issued_waits_for_nobody(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    from tests.factories.changes import shown

    earlier = NOW.date() + timedelta(days=20)
    change = ask(session, ready, granted, Wanted(ends_on=earlier), NOW)
    steward = acting(session, ready.stewards[granted.data_partner_id])
    if change.state is ChangeState.IN_DECISION:
        commands.approve(session, steward, change.reference, "", shown(session, granted, change, NOW), NOW)
    assert {change.state} == {ChangeState.APPROVED}
    before = datetime(earlier.year, earlier.month, earlier.day, tzinfo=UTC)
    assert commands.lapse_by_date(session, before - timedelta(minutes=1)) == 0
    assert waiting.rows(session, director_of(session, ready), before)
    assert commands.lapse_by_date(session, before) == 1
    assert commands.lapse_by_date(session, before) == 0
    assert change.state is ChangeState.LAPSED
    assert granted.ends_on == LAST
    assert not [
        row for row in waiting.rows(session, director_of(session, ready), before) if row.endpoint == "changes.show"
    ]
    session.commit()
    worker.drain(app, lambda: before)
    told = select(OutboxMessage).where(OutboxMessage.kind == "mail.send")
    lapsed = [mail.payload for mail in session.scalars(told) if "Lapsed: change" in str(mail.payload["subject"])]
    assert ready.lead.email in {mail["to_email"] for mail in lapsed}
    assert all("came before a newer grant was issued" in str(mail["text"]) for mail in lapsed)
