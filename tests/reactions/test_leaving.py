"""What the worker does when a side of running grants leaves the common agreement: they end or run on, and all are told."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import worker
from app.agreements.commands import end_accession
from app.agreements.models import Accession
from app.catalog.models import Dataset
from app.changes.commands.handing import hand_over
from app.changes.handed import record_of
from app.grants.commands import suspend
from app.grants.models import Duty, Grant, SubGrant
from app.grants.queries.verification import status_of
from app.organizations.models import Organization
from app.outbox.models import OutboxMessage
from app.rules.roles import Capacity, Kind, Role
from app.rules.stopping import Ground, runs_on_until
from app.rules.workflow import AccessionState, DutyState, GrantState, ListingState
from tests.changes.test_handovers import asked
from tests.factories.catalog import make_dataset
from tests.factories.grants import NOW, grant_of, make_issued
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready
from tests.grants.pages import text_of
from tests.support.application import Client

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
LATER = NOW + timedelta(days=10)


def mails(session: Session, template: str) -> list[dict[str, Any]]:
    session.expire_all()
    statement = select(OutboxMessage).where(OutboxMessage.kind.startswith("mail")).order_by(OutboxMessage.id)
    return [dict(m.payload) for m in session.scalars(statement) if m.payload.get("template") == template]


def accession_of(session: Session, organization_id: int, capacity: Capacity) -> Accession:
    found = select(Accession).where(Accession.organization_id == organization_id, Accession.capacity == capacity)
    return session.scalars(found.where(Accession.state == AccessionState.IN_FORCE)).one()


def leaves(
    app: Flask, session: Session, cast: Cast, organization_id: int, capacity: Capacity, now: datetime = LATER
) -> None:
    reference = accession_of(session, organization_id, capacity).reference
    end_accession(session, acting(session, cast.director), reference, "It has other plans.", now)
    session.commit()
    worker.drain(app, lambda: now)
    session.expire_all()


def deletion_of(session: Session, grant: Grant) -> Duty:
    return session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.kind == "delete")).one()


def test_a_members_grants_end_on_the_day_it_leaves(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    leaves(app, session, ready, ready.member.id, Capacity.MEMBER)
    grant = grant_of(session, granted.number)
    assert (grant.state, grant.state_ground) == (GrantState.REVOKED, Ground.ACCESSION_LAPSED)
    assert "clause 19.8" in grant.state_reason
    assert not status_of(grant, LATER).gives_right
    assert deletion_of(session, grant).due_on == LATER.date() + timedelta(days=30)


def test_a_data_partners_listings_are_withdrawn_and_its_drafts_are_left(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    partner = session.get_one(Organization, granted.data_partner_id)
    draft = make_dataset(session, partner, state=ListingState.DRAFT)
    paused = make_dataset(session, partner, state=ListingState.PAUSED)
    other = make_dataset(session, make_organization(session, Kind.PARTNER))
    leaves(app, session, ready, partner.id, Capacity.DATA_PARTNER)
    listed = session.get_one(Dataset, ready.datasets[0].id)
    assert (listed.state, paused.state) == (ListingState.WITHDRAWN, ListingState.WITHDRAWN)
    assert f"{partner.name} left the common agreement on 03 Dec 2026" in str(listed.state_reason)
    assert (draft.state, other.state) == (ListingState.DRAFT, ListingState.LISTED)


def test_the_lead_and_the_stewards_learn_that_it_ended_and_by_when_the_data_is_deleted(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    leaves(app, session, ready, ready.member.id, Capacity.MEMBER)
    told = mails(session, "grant_ended_with_member")
    assert {mail["to_email"] for mail in told} == {ready.lead.email, ready.steward_of(ready.datasets[0]).email}
    for mail in told:
        assert f"/grants/{granted.number}" in mail["text"]
        assert "Sat 2 Jan 2027" in mail["text"], "thirty days after 3 December"
    assert mails(session, "grant_revoked") == [], "told once, with its days"


def test_a_suspended_grant_and_one_that_awaits_its_seal_end_with_the_member(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    suspend(session, acting(session, ready.director), granted.number, "A report is late.", NOW)
    (waiting,) = make_issued(session, ready)
    number = waiting.number
    end_accession(
        session,
        acting(session, ready.director),
        accession_of(session, ready.member.id, Capacity.MEMBER).reference,
        "It has other plans.",
        LATER,
    )
    session.execute(delete(OutboxMessage).where(OutboxMessage.kind == "letter.seal"))
    session.commit()
    worker.drain(app, lambda: LATER)
    session.expire_all()
    assert {grant_of(session, each).state for each in (granted.number, number)} == {GrantState.REVOKED}
    told = {mail["thread"]: mail["text"] for mail in mails(session, "grant_ended_with_member")}
    assert "nothing to delete" in told[number]
    assert "nothing to delete" not in told[granted.number]


def test_a_grant_runs_on_when_its_data_partner_leaves_and_keeps_its_day_where_that_comes_first(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    before, partner = granted.ends_on, granted.data_partner_id
    leaves(app, session, ready, partner, Capacity.DATA_PARTNER)
    grant = grant_of(session, granted.number)
    assert (grant.state, grant.ends_on) == (GrantState.ACTIVE, before)
    told = mails(session, "grant_runs_on")
    assert {mail["to_email"] for mail in told} == {ready.lead.email, ready.steward_of(ready.datasets[0]).email}
    assert all("until Mon 22 Nov 2027" in mail["text"] for mail in told)


def test_a_longer_grant_of_a_data_partner_that_leaves_ends_after_twelve_months(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    granted.ends_on = date(2028, 11, 22)
    session.commit()
    leaves(app, session, ready, granted.data_partner_id, Capacity.DATA_PARTNER)
    grant, last = grant_of(session, granted.number), date(2027, 12, 2)
    assert (grant.state, grant.ends_on) == (GrantState.ACTIVE, last)
    deletion = deletion_of(session, grant)
    assert (deletion.due_on, deletion.state) == (last + timedelta(days=30), DutyState.OPEN)
    assert all("until Thu 2 Dec 2027" in mail["text"] for mail in mails(session, "grant_runs_on"))
    worker.run_schedule(app, LATER + timedelta(days=366))
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.EXPIRED


def test_what_was_handed_over_under_a_grant_of_a_data_partner_that_leaves_ends_with_the_grant(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    granted.ends_on = date(2028, 11, 22)
    wanted = replace(asked(ready), ends_on=date(2028, 6, 30))
    row = hand_over(session, acting(session, ready.lead), granted.number, wanted, NOW)
    number = row.number
    session.commit()
    leaves(app, session, ready, granted.data_partner_id, Capacity.DATA_PARTNER)
    row = session.scalars(select(SubGrant).where(SubGrant.number == number)).one()
    assert (row.ends_on, record_of(row.record).ends_on) == (date(2027, 12, 2), date(2027, 12, 2))


def test_who_leaves_two_versions_at_once_leaves_once(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    row = accession_of(session, granted.data_partner_id, Capacity.DATA_PARTNER)
    session.add(
        Accession(
            reference="AC-OTHER", organization_id=row.organization_id, capacity=row.capacity, agreement_version="2025-1",
            agreement_hash=row.agreement_hash, state=AccessionState.IN_FORCE, opened_at=NOW, countersigned_at=NOW,
            on_paper=True,
        )
    )  # fmt: skip
    for reference in (row.reference, "AC-OTHER"):
        end_accession(session, acting(session, ready.director), reference, "It has other plans.", LATER)
    session.commit()
    worker.drain(app, lambda: LATER)
    told = [mail["to_email"] for mail in mails(session, "grant_runs_on")]
    assert sorted(told) == sorted({ready.lead.email, ready.steward_of(ready.datasets[0]).email})


def test_nothing_ends_while_another_accession_binds_the_organization(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    session.add(
        Accession(
            reference="AC-OTHER", organization_id=row.organization_id, capacity=row.capacity, agreement_version="2025-1",
            agreement_hash=row.agreement_hash, state=AccessionState.IN_FORCE, opened_at=NOW, countersigned_at=NOW,
            on_paper=True,
        )
    )  # fmt: skip
    end_accession(session, acting(session, ready.director), row.reference, "The older one.", LATER)
    session.commit()
    worker.drain(app, lambda: LATER)
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.ACTIVE
    assert mails(session, "grant_ended_with_member") == []


def test_the_organization_itself_reads_what_the_end_means_for_its_grants(
    app: Flask, session: Session, ready: Cast
) -> None:
    point = make_person(session, ready.member, Role.FOCAL_POINT)
    leaves(app, session, ready, ready.member.id, Capacity.MEMBER)
    told = {mail["to_email"]: mail["text"] for mail in mails(session, "agreement_ended")}
    assert "running grants end with that" in told[point.email]


@pytest.mark.parametrize(
    ("ends_on", "last"),
    [
        (date(2027, 1, 31), date(2027, 1, 31)),
        (date(2028, 2, 28), date(2027, 12, 2)),
    ],
)
def test_a_grant_runs_on_for_twelve_months_at_most(ends_on: date, last: date) -> None:
    assert runs_on_until(date(2026, 12, 3), ends_on) == last


def test_the_page_of_a_grant_says_until_when_it_runs_on_and_offers_no_change(
    app: Flask, client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    assert "Ask for a change" in text_of(client, f"/grants/{granted.number}")
    granted.ends_on = date(2028, 11, 22)
    session.commit()
    leaves(app, session, ready, granted.data_partner_id, Capacity.DATA_PARTNER)
    shown = text_of(client, f"/grants/{granted.number}")
    assert "The grant runs on until Thu 2 Dec 2027. It cannot be changed or renewed." in shown
    assert "Ask for a change" not in shown


def test_who_verifies_the_letter_reads_that_the_grant_ends_earlier(
    app: Flask, client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    leaves(app, session, ready, granted.data_partner_id, Capacity.DATA_PARTNER)
    grant = grant_of(session, granted.number)
    grant.ends_on = date(2027, 6, 1)  # as where the letter names a later day
    session.commit()
    shown = text_of(client, f"/v/{grant.number}?t={grant.verify_token}")
    assert "23 Nov 2026 to Tue 1 Jun 2027" in shown
    assert "The letter says Mon 22 Nov 2027; the data partner has left the agreement since." in shown
