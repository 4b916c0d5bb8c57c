"""What the worker does about what grants owe and give: access is asked for, those who are next get one mail, dates are kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.delivery.queries import delivery_of
from app.duties.commands import Given, add_evidence, send_report
from app.grants.commands import revoke
from app.grants.models import Duty, Grant
from app.incidents.commands import Notice, report
from app.incidents.commands import add as add_to_incident
from app.incidents.queries import rules_of
from app.organizations.models import Membership
from app.organizations.restrictions import restrictions_of
from app.outbox.models import OutboxMessage
from app.outputs.commands import Submission, submit
from app.reactions.readers import still_concerns
from app.rules.incidents import PersonalData
from app.rules.mail import Topic
from app.rules.outputs import OutputKind
from app.rules.restrictions import RestrictionKind
from app.rules.roles import Role
from app.web.words import moment, short_day
from tests.factories.grants import NOW, make_issued
from tests.factories.organizations import acting, make_person
from tests.factories.outputs import make_draft
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]


def mails(session: Session, template: str) -> list[dict[str, Any]]:
    session.expire_all()
    statement = select(OutboxMessage).where(OutboxMessage.kind.startswith("mail")).order_by(OutboxMessage.id)
    return [dict(m.payload) for m in session.scalars(statement) if m.payload.get("template") == template]


def subjects(session: Session, template: str) -> dict[str, str]:
    return {mail["to_email"]: mail["subject"] for mail in mails(session, template)}


def test_sealing_asks_the_data_partner_for_access(app: Flask, session: Session, ready: Cast) -> None:
    (grant,) = make_issued(session, ready)
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(minutes=1))
    session.expire_all()
    assert delivery_of(session, grant.id) is not None
    told = subjects(session, "promise_to_act")
    assert list(told) == [ready.steward_of(ready.datasets[0]).email]
    assert "Provide access by Tue 24 Nov" in next(iter(told.values()))


def test_a_mail_about_a_grant_that_waited_does_not_leave_to_who_left_meanwhile(
    session: Session, granted: Grant, ready: Cast
) -> None:
    steward = ready.steward_of(ready.datasets[0])
    mail = {"topic": Topic.GRANTS.value, "person": steward.id, "thread": granted.number}
    assert still_concerns(session, mail, NOW)
    for row in session.scalars(select(Membership).where(Membership.person_id == steward.id)):
        row.ended_at = NOW
    session.flush()
    assert not still_concerns(session, mail, NOW)


def test_a_report_is_asked_for_before_and_after_its_day_and_overdue_it_stops_new_beginnings(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    assert row.due_on is not None
    for days, count in ((-15, 0), (-14, 1), (-13, 1), (-7, 2), (2, 3)):
        moment = NOW + (row.due_on - NOW.date()) + timedelta(days=days)
        worker.run_schedule(app, moment)
        worker.drain(app, lambda moment=moment: moment)  # type: ignore[misc]
        to_lead = [m for m in mails(session, "promise_reminder") if m["to_email"] == ready.lead.email]
        assert len(to_lead) == count, days
    assert restrictions_of(session, granted.member_id, RestrictionKind.SEND_PROPOSALS)


def test_what_is_done_is_read_by_the_data_partner_and_the_one_who_did_it_gets_no_mail(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    content = {"decision": "Four crossings.", "indicators": []}
    send_report(session, acting(session, ready.lead), granted.number, row.id, content, NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    asked = [mail for mail in mails(session, "promise_to_act") if mail["subject"].startswith("Read by")]
    assert [mail["to_email"] for mail in asked] == [ready.steward_of(ready.datasets[0]).email]
    assert not [mail for mail in mails(session, "promise_to_act") if "Four crossings" in mail["text"]]


def test_what_is_added_while_it_is_read_is_told_to_whoever_reads_it_and_before_to_nobody(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    act, row = (
        acting(session, ready.lead),
        next(
            duty for duty in session.scalars(select(Duty).where(Duty.grant_id == granted.id)) if duty.kind == "report"
        ),
    )
    shown = Given("The map names the source.", "https://fund.example/map")
    add_evidence(session, act, granted.number, row.id, shown, NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    assert "Added" not in str(subjects(session, "promise_told"))
    send_report(session, act, granted.number, row.id, {"decision": "Four crossings.", "indicators": []}, NOW)
    add_evidence(session, act, granted.number, row.id, shown, NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    told = [mail for mail in mails(session, "promise_told") if mail["subject"].startswith("Added to what you read")]
    assert [mail["to_email"] for mail in told] == [ready.steward_of(ready.datasets[0]).email]


def test_the_end_of_a_grant_asks_for_the_certificate(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    steward = acting(session, ready.steward_of(ready.datasets[0]))
    revoke(session, steward, granted.number, "It was passed on.", NOW + timedelta(days=3))
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(days=3))
    told = subjects(session, "promise_to_act")
    assert "Delete and certify by Sat 26 Dec" in told[ready.lead.email]


def test_an_outputs_title_stands_in_no_mail(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    given = Submission("A title that is confidential", OutputKind.BRIEF, file=make_draft(session))
    submit(session, acting(session, ready.lead), granted.number, given, NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    assert [m for m in mails(session, "promise_to_act") if "before publication" in m["subject"]]
    session.expire_all()
    texts = [str(m.payload) for m in session.scalars(select(OutboxMessage)) if m.kind.startswith("mail")]
    assert not [text for text in texts if "A title that is confidential" in text]


def test_an_incident_is_told_at_once_to_those_who_must_know_and_to_nobody_else(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    focal = make_person(session, ready.member, Role.FOCAL_POINT, name="Fenna Blok")
    colleague = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    notice = Notice("A laptop was left on a train.", NOW - timedelta(hours=2), PersonalData.UNKNOWN)
    report(session, acting(session, ready.lead), granted.number, notice, NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    told = subjects(session, "incident_reported")
    steward = ready.steward_of(ready.datasets[0])
    assert set(told) == {steward.email, ready.officer.email, ready.director.email, focal.email}
    assert colleague.email not in told
    assert not [mail for mail in mails(session, "incident_reported") if "laptop" in mail["text"] + mail["subject"]]


def test_what_is_added_to_an_incident_reaches_everyone_concerned_and_touched_personal_data_with_its_moment(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    notice = Notice("A laptop was left on a train.", NOW - timedelta(hours=2), PersonalData.UNKNOWN)
    act = acting(session, ready.lead)
    row = report(session, act, granted.number, notice, NOW)
    add_to_incident(session, act, row.reference, "It was found.", NOW)
    session.commit()
    worker.drain(app, lambda: NOW)
    concerned = {mail["to_email"] for mail in mails(session, "incident_reported")}
    told = [mail for mail in mails(session, "incident_reported") if mail["subject"].startswith("More is known")]
    assert {mail["to_email"] for mail in told} == concerned
    assert not [mail for mail in told if "found" in mail["text"]]
    add_to_incident(session, act, row.reference, "Names were in it.", NOW, PersonalData.YES)
    session.commit()
    worker.drain(app, lambda: NOW)
    anew = [mail for mail in mails(session, "incident_reported") if mail["subject"].startswith("Personal data is")]
    assert {mail["to_email"] for mail in anew} == concerned
    due = NOW + timedelta(hours=rules_of(granted).notice_hours)
    assert all(moment(due) in mail["text"] for mail in anew)


def reminders(app: Flask, session: Session, moment: datetime) -> dict[str, str]:
    """The texts of the reminders that leave at a moment, by address."""
    before = len(mails(session, "promise_reminder"))
    worker.run_schedule(app, moment)
    worker.drain(app, lambda: moment)
    return {mail["to_email"]: mail["text"] for mail in mails(session, "promise_reminder")[before:]}


def test_after_its_day_a_reminder_says_since_when_and_who_has_joined(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    focal = make_person(session, ready.member, Role.FOCAL_POINT, name="Fenna Blok")
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    session.commit()
    assert row.due_on is not None
    day = NOW + (row.due_on - NOW.date())
    before = reminders(app, session, day - timedelta(days=7))
    assert "If nothing happens by then, Fenna Blok is asked too." in before[ready.lead.email]
    after = reminders(app, session, day + timedelta(days=1))
    assert set(after) >= {ready.lead.email, focal.email}
    assert "It has been overdue since" in after[ready.lead.email]
    assert "Fenna Blok is asked too." in after[ready.lead.email]
    assert "If nothing happens" not in after[ready.lead.email]


def test_a_subject_says_due_before_the_day_and_overdue_since_after_it(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    assert row.due_on is not None
    day = NOW + (row.due_on - NOW.date())
    told = f"{short_day(row.due_on)}: "
    reminders(app, session, day - timedelta(days=7))
    assert subjects(session, "promise_reminder")[ready.lead.email].startswith(f"Due {told}")
    reminders(app, session, day + timedelta(days=1))
    assert subjects(session, "promise_reminder")[ready.lead.email].startswith(f"Overdue since {told}")


def test_who_only_follows_up_reads_who_is_waited_for_and_never_you(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    session.commit()
    assert row.due_on is not None
    day = NOW + (row.due_on - NOW.date())
    for days in (1, 20):
        reminders(app, session, day + timedelta(days=days))
    of_duty = [m for m in mails(session, "promise_reminder") if f"/duties/{row.id}" in m["text"]]
    [told] = [mail for mail in of_duty if mail["to_email"] == ready.officer.email]
    assert told["subject"].startswith(f"Follow up, overdue since {short_day(row.due_on)}: ")
    assert f"{ready.lead.name} of {ready.member.name} was to act by" in told["text"]
    assert "An overdue duty keeps" not in told["text"]
    assert "is asked too" not in told["text"]
    assert [mail for mail in of_duty if mail["to_email"] == ready.lead.email]


def test_who_reads_what_was_done_is_not_told_of_an_overdue_duty(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    content = {"decision": "Four crossings.", "indicators": []}
    send_report(session, acting(session, ready.lead), granted.number, row.id, content, NOW)
    session.commit()
    text = reminders(app, session, NOW + timedelta(days=9))[ready.steward_of(ready.datasets[0]).email]
    assert "It waits to be read" in text
    assert "keeps a member" not in text
