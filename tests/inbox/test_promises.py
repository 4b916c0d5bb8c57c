"""What grants give and owe stands in the inbox of whoever is next, and the number beside the menu is that of the rows."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery import commands as delivery
from app.delivery.commands import Provided
from app.delivery.safe import Safe
from app.duties.commands import send_report
from app.duties.queries import duties_of
from app.grants.models import Grant
from app.inbox import from_incidents, from_outputs, from_promises
from app.incidents.commands import Notice, acknowledge, report
from app.organizations.models import Person
from app.outputs.commands import Request, Submission, answer_late, ask_changes, clear, delay, submit
from app.rules.incidents import PersonalData, Reports
from app.rules.outputs import Ground, OutputKind
from app.rules.tasks import Group
from tests.factories.grants import NOW, allow_delay
from tests.factories.organizations import acting
from tests.factories.outputs import make_draft
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = pytest.mark.both_databases


def shown(session: Session, person: Person, days: int = 0) -> dict[str, Group]:
    """Each sentence in the inbox of a person, with its group; what is there is found without making the rows."""
    moment, viewer = NOW + timedelta(days=days), acting(session, person)
    found: dict[str, Group] = {}
    for source in (from_promises, from_outputs, from_incidents):
        rows = source.rows(session, viewer, moment)
        assert session.scalar(select(source.some(viewer, moment))) or not rows
        found |= {row.sentence: row.group for row in rows}
    return found


def test_access_goes_from_the_data_partner_to_the_lead_and_away(session: Session, granted: Grant, ready: Cast) -> None:
    steward = ready.steward_of(ready.datasets[0])
    delivery.begin(session, granted.number, NOW)
    assert shown(session, steward) == {"Provide access to the data": Group.YOURS}
    assert shown(session, steward, 3) == {"Provide access to the data": Group.OVERDUE}
    assert shown(session, ready.lead) == {"%(name)s provides access to the data": Group.OTHERS}
    given = Provided("Fetch the files.", "https://files.example")
    delivery.provide(session, acting(session, steward), granted.number, given, Safe(b"k" * 32), NOW)
    assert shown(session, ready.lead) == {"Say whether the data arrived": Group.YOURS}
    delivery.confirm(session, acting(session, ready.lead), granted.number, NOW)
    assert shown(session, ready.lead) == shown(session, steward) == {}


def test_what_was_done_is_read_by_the_data_partner_alone(session: Session, granted: Grant, ready: Cast) -> None:
    report_duty = next(duty for duty in duties_of(session, granted) if duty.kind == "report")
    content = {"decision": "Four crossings.", "indicators": []}
    send_report(session, acting(session, ready.lead), granted.number, report_duty.id, content, NOW)
    assert list(shown(session, ready.steward_of(ready.datasets[0])).values()) == [Group.YOURS]
    assert shown(session, ready.lead) == {}


def test_an_output_goes_to_the_data_partner_then_to_the_secretariat_then_back(
    session: Session, granted: Grant, ready: Cast
) -> None:
    given = Submission("Brief", OutputKind.BRIEF, file=make_draft(session))
    row = submit(session, acting(session, ready.lead), granted.number, given, NOW)
    assert shown(session, ready.steward_of(ready.datasets[0])) == {"Read an output before it is published": Group.YOURS}
    assert shown(session, ready.officer) == {}
    answer_late(session, NOW + timedelta(days=20))
    assert shown(session, ready.officer, 20) == {"Test an output that nobody answered": Group.YOURS}
    clear(session, acting(session, ready.officer), row.reference, 1, NOW + timedelta(days=20))
    assert shown(session, ready.lead, 20) == {"Record where a cleared output is published": Group.YOURS}


def test_a_data_partner_that_asked_for_changes_waits_for_the_next_version(
    session: Session, granted: Grant, ready: Cast
) -> None:
    given, steward = (
        Submission("Brief", OutputKind.BRIEF, file=make_draft(session)),
        ready.steward_of(ready.datasets[0]),
    )
    row = submit(session, acting(session, ready.lead), granted.number, given, NOW)
    asked = [Request("page 2", Ground.WRONG, "Say 2025.")]
    ask_changes(session, acting(session, steward), row.reference, asked, 1, NOW)
    assert shown(session, steward) == {"%(name)s changes an output that you read": Group.OTHERS}
    assert shown(session, ready.lead) == {"Change an output and submit it again": Group.YOURS}


def test_an_incident_is_noted_by_each_side_and_then_out_of_its_inbox(
    session: Session, granted: Grant, ready: Cast
) -> None:
    notice = Notice("A laptop was left on a train.", NOW - timedelta(hours=2), PersonalData.UNKNOWN)
    row = report(session, acting(session, ready.lead), granted.number, notice, NOW)
    steward = ready.steward_of(ready.datasets[0])
    assert shown(session, steward) == {"Take note of an incident": Group.YOURS}
    acknowledge(session, acting(session, steward), row.reference, NOW)
    assert shown(session, steward) == {}
    assert shown(session, ready.lead) == {"Give the full report of an incident": Group.YOURS}


def test_who_reported_an_incident_as_data_partner_owes_its_full_report(
    session: Session, granted: Grant, ready: Cast
) -> None:
    notice = Notice("Our own export held names.", NOW - timedelta(hours=2), PersonalData.YES)
    steward = ready.steward_of(ready.datasets[0])
    row = report(session, acting(session, steward), granted.number, notice, NOW)
    assert row.owed_by is Reports.PARTNER
    assert shown(session, steward) == {"Give the full report of an incident": Group.YOURS}
    assert shown(session, ready.lead) == {}


def test_a_delayed_output_waits_for_the_data_partner_until_its_day(
    session: Session, granted: Grant, ready: Cast
) -> None:
    allow_delay(granted, 30)
    lead, steward = acting(session, ready.lead), acting(session, ready.steward_of(ready.datasets[0]))
    row = submit(session, lead, granted.number, Submission("Brief", OutputKind.BRIEF, file=make_draft(session)), NOW)
    clear(session, steward, row.reference, 1, NOW)
    delay(session, steward, row.reference, 10, "The prices are not public yet.", NOW)
    assert shown(session, ready.lead) == {"%(name)s asked to wait with publication": Group.OTHERS}
    assert shown(session, ready.lead, 10) == {"Record where a cleared output is published": Group.YOURS}
