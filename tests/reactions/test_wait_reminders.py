"""What waits beside proposals and grants: whoever is named is reminded by date, and somebody joins when the time is over."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.agreements import commands
from app.exchange.models import HarvestRun, HarvestSource
from app.history.models import HistoryEvent
from app.needs.commands import Asked, answer, post
from app.organizations.reminders import WaitReminder
from app.outbox.models import OutboxMessage
from app.rules.calendar import add_working_days
from app.rules.events import Event
from app.rules.harvests import NewOnes, RunState, Schedule
from app.rules.roles import Kind, Role
from app.rules.workflow import HarvestState, ListingState
from tests.factories.agreements import ALL_CHECKS, DETAILS, TRACE, Signing
from tests.factories.catalog import make_dataset
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

pytestmark = pytest.mark.both_databases


def _after(days: int) -> datetime:
    """So many working days later."""
    return NOW + (add_working_days(NOW.date(), days) - NOW.date())


def _reminders(app: Flask, session: Session, moment: datetime) -> dict[str, dict[str, Any]]:
    """What the worker sends at a moment, by address."""
    session.commit()
    worker.run_schedule(app, moment)
    worker.drain(app, lambda: moment)
    session.expire_all()
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    mails = [row.payload for row in found if row.payload.get("template") == "team_reminder"]
    return {str(mail["to_email"]): mail for mail in mails if mail["at"] == moment.isoformat()}


def _subjects(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {address: str(mail["subject"]) for address, mail in found.items()}


def test_a_signatory_is_reminded_each_share_once_and_at_last_the_secretariat(app: Flask, session: Session) -> None:
    case = Signing(session).opened()
    signatory, officer = case.signatory.email, case.officer.email
    assert not _reminders(app, session, _after(2))
    assert list(_reminders(app, session, _after(3))) == [signatory]
    assert not _reminders(app, session, _after(3) + timedelta(hours=1))
    assert list(_reminders(app, session, _after(4))) == [signatory]
    assert list(_reminders(app, session, _after(5))) == [signatory]
    late = _reminders(app, session, _after(8))
    assert set(late) == {signatory, officer}
    assert late[signatory]["subject"].startswith("Overdue since")
    assert f"/desk/agreement/{case.accession.reference}" in late[officer]["text"]
    assert case.signatory.name in late[officer]["text"]


def test_a_signature_begins_the_secretariats_own_wait_and_a_countersignature_ends_it(
    app: Flask, session: Session
) -> None:
    case = Signing(session).opened()
    assert list(_reminders(app, session, _after(3))) == [case.signatory.email]
    case.now = _after(3)
    case.accession = session.merge(case.accession)
    reference = case.accession.reference
    case.enter(_confirmed(case).code())
    case.sign()
    assert not _reminders(app, session, _after(4))
    [(address, subject)] = _subjects(_reminders(app, session, _after(6))).items()
    assert (address, "countersign the agreement" in subject) == (case.officer.email, True)
    commands.countersign(session, case.secretariat, reference, ALL_CHECKS, "Register extract", TRACE, _after(6))
    assert not _reminders(app, session, _after(30))


def _confirmed(case: Signing) -> Signing:
    commands.confirm_authority(case.session, case.actor, case.accession.reference, DETAILS, TRACE, case.now)
    return case


def test_an_officer_is_reminded_of_a_listing_to_check_until_it_is_listed(app: Flask, session: Session) -> None:
    office = make_secretariat(session)
    first, second = (make_person(session, office, Role.OFFICER) for _each in range(2))
    acme = make_organization(session, Kind.PARTNER)
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, state_since=NOW, listed_at=None, title="Footfall")
    [(address, mail)] = _reminders(app, session, _after(1)).items()
    assert address == first.email
    assert f"/desk/checks/{row.reference}" in mail["text"]
    assert "check Footfall" in mail["subject"]
    assert list(_reminders(app, session, _after(2))) == [first.email, second.email]
    row.state, row.listed_at = ListingState.LISTED, _after(2)
    assert not _reminders(app, session, _after(9))


def test_a_listing_that_is_sent_again_has_the_whole_time_again(app: Flask, session: Session) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    acme = make_organization(session, Kind.PARTNER)
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, state_since=NOW, listed_at=None)
    assert _reminders(app, session, _after(3))
    row.state_since = _after(3)
    assert not _reminders(app, session, _after(3) + timedelta(hours=1))
    assert list(_reminders(app, session, _after(4))) == [officer.email]
    assert [(kept.percent, kept.since) for kept in session.scalars(select(WaitReminder))] == [(50, _after(3))]


def test_an_officer_is_reminded_of_a_data_need_until_the_secretariat_answers(app: Flask, session: Session) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    member = make_organization(session)
    asking = acting(session, make_person(session, member, Role.PROJECT_STAFF))
    need = post(session, asking, member.id, Asked("Who walks where?", "Counts.", "CO", "", None), NOW)
    [(address, mail)] = _reminders(app, session, _after(1)).items()
    assert (address, f"/needs/{need.reference}" in mail["text"]) == (officer.email, True)
    assert "Who walks where?" in mail["text"]
    answer(session, acting(session, officer), need.reference, "Ask Acme Maps.", _after(1))
    assert not _reminders(app, session, _after(9))


def test_who_lists_is_reminded_of_what_a_harvest_found_then_the_deputy_then_the_secretariat(
    app: Flask, session: Session
) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    acme = make_organization(session, Kind.PARTNER)
    steward, deputy = (make_person(session, acme, role) for role in (Role.STEWARD, Role.DEPUTY))
    source = HarvestSource(
        reference="HS-0001", organization_id=acme.id, name="Acme's own", address="https://a.example/data",
        schedule=Schedule.BY_HAND, new_ones=NewOnes.DRAFT, state=HarvestState.PAUSED, state_since=NOW, created_at=NOW,
    )  # fmt: skip
    session.add(source)
    session.flush()
    run = HarvestRun(source_id=source.id, state=RunState.FOUND, started_at=NOW, read_at=NOW)
    session.add(run)
    session.flush()
    assert not _reminders(app, session, _after(4))
    assert list(_reminders(app, session, _after(5))) == [steward.email]
    assert set(_reminders(app, session, _after(10))) == {steward.email, deputy.email}
    late = _reminders(app, session, _after(15))
    assert set(late) == {steward.email, deputy.email, officer.email}
    assert f"/desk/harvests/HS-0001/runs/{run.id}" in late[steward.email]["text"]
    assert f"{steward.name}, {deputy.name} should have looked at" in late[officer.email]["text"]
    told = session.scalars(select(HistoryEvent.type).where(HistoryEvent.type == Event.HARVEST_REMINDED))
    assert len(told.all()) == 3
