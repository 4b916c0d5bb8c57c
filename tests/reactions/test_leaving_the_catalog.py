"""What waits in the catalog for a data partner that leaves: harvest sources, questions and pledges wait for nobody any more."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import worker
from app.agreements.commands import end_accession, give_notice
from app.agreements.commands.leaving import follow_notice
from app.agreements.models import Accession
from app.catalog.commands.questions import ask
from app.exchange.commands.harvest_sources import Settings, start_source
from app.exchange.models import HarvestSource
from app.foundation.errors import WrongState
from app.needs.commands import Asked, Pledged, pledge, post
from app.needs.models import NeedPledge
from app.organizations.models import Organization, Person
from app.outbox.models import OutboxMessage
from app.reactions.leaving import catch_up
from app.rules.pledges import PledgeKind
from app.rules.roles import Capacity, Kind, Role
from app.rules.workflow import AccessionState, HarvestState, NeedState, ProposalState, QuestionState
from tests.factories.agreements import TRACE
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast, make_proposal
from tests.grants.conftest import ready
from tests.reactions.test_leaving import LATER, accession_of, leaves, mails

__all__ = ["ready"]
pytestmark = pytest.mark.both_databases
SOURCE = Settings("Open data", "https://data.acme.example/catalog.jsonld")
NEED = Asked("Where do street vendors sell?", "Counts by block and month", "PE")


@pytest.fixture
def partner(session: Session, ready: Cast) -> Organization:
    return session.get_one(Organization, ready.datasets[0].organization_id)


@pytest.fixture
def steward(ready: Cast) -> Person:
    return ready.steward_of(ready.datasets[0])


def test_its_catalogs_are_no_longer_read_and_its_steward_is_told(
    app: Flask, session: Session, ready: Cast, partner: Organization, steward: Person
) -> None:
    source = start_source(session, acting(session, steward), partner, SOURCE, NOW)
    leaves(app, session, ready, partner.id, Capacity.DATA_PARTNER)
    assert (source.state, source.planned_at) == (HarvestState.ENDED, None)
    [mail] = mails(session, "harvest_ended")
    assert mail["to_email"] == steward.email
    assert f"{partner.name} has left the common agreement" in mail["text"]
    with pytest.raises(WrongState, match="Sign it again"):
        start_source(session, acting(session, steward), partner, SOURCE, LATER)


def test_whoever_asked_about_its_datasets_reads_that_nobody_is_left_to_answer(
    app: Flask, session: Session, ready: Cast, partner: Organization
) -> None:
    question = ask(session, acting(session, ready.lead), ready.datasets[0].reference, "Does it hold the islands?", NOW)
    leaves(app, session, ready, partner.id, Capacity.DATA_PARTNER)
    assert question.state is QuestionState.HIDDEN
    [mail] = mails(session, "listing_question_hidden")
    assert mail["to_email"] == ready.lead.email
    assert mail["subject"].startswith("No answer comes: ")
    assert f"{partner.name} has left the common agreement, so nobody answers" in mail["text"]
    assert "Ask in other words" not in mail["html"]


def test_what_it_pledged_is_taken_back_and_needs_of_who_is_gone_close(
    app: Flask, session: Session, ready: Cast, partner: Organization, steward: Person
) -> None:
    other = make_organization(session, Kind.MEMBER)
    theirs = post(session, acting(session, make_person(session, other, Role.PROJECT_STAFF)), other.id, NEED, NOW)
    pledge(session, acting(session, steward), theirs.reference, Pledged(PledgeKind.DATA, "We count them."), NOW)
    own = post(session, acting(session, steward), partner.id, NEED, NOW)
    leaves(app, session, ready, partner.id, Capacity.DATA_PARTNER)
    assert session.scalars(select(NeedPledge)).all() == []
    assert (theirs.state, own.state) == (NeedState.OPEN, NeedState.CLOSED)
    assert str(own.state_reason).startswith(f"{partner.name} has left the common agreement.")


def test_what_was_left_open_before_is_caught_up_with(
    app: Flask, session: Session, ready: Cast, partner: Organization, steward: Person
) -> None:
    start_source(session, acting(session, steward), partner, SOURCE, NOW)
    row = accession_of(session, partner.id, Capacity.DATA_PARTNER)
    end_accession(session, acting(session, ready.director), row.reference, "It has other plans.", LATER)
    session.execute(delete(OutboxMessage))
    session.commit()
    worker.run_schedule(app, LATER + timedelta(minutes=1))
    session.expire_all()
    assert session.scalars(select(HarvestSource)).one().state is HarvestState.ENDED


def test_between_its_notice_and_its_day_it_still_answers_reads_catalogs_and_keeps_its_pledges(
    session: Session, ready: Cast, partner: Organization, steward: Person
) -> None:
    source = start_source(session, acting(session, steward), partner, SOURCE, NOW)
    question = ask(session, acting(session, ready.lead), ready.datasets[0].reference, "Does it hold the islands?", NOW)
    asked = make_proposal(session, ProposalState.IN_REVIEW, cast=ready)
    row = accession_of(session, partner.id, Capacity.DATA_PARTNER)
    signatory = make_person(session, partner, Role.SIGNATORY)
    give_notice(session, acting(session, signatory), row.reference, date(2027, 3, 4), "", TRACE, LATER)
    follow_notice(session, row.reference, LATER)
    catch_up(session, LATER)
    session.expire_all()
    assert asked.state is ProposalState.ENDED
    assert source.state is not HarvestState.ENDED
    assert question.state is not QuestionState.HIDDEN


def test_a_member_and_data_partner_that_leaves_as_one_of_them_keeps_its_needs_while_its_other_notice_runs(
    app: Flask, session: Session, ready: Cast, partner: Organization, steward: Person
) -> None:
    own = post(session, acting(session, steward), partner.id, NEED, NOW)
    row = Accession(
        reference="AC-MEMBER", organization_id=partner.id, capacity=Capacity.MEMBER, agreement_version="2026-1",
        agreement_hash="a" * 64, state=AccessionState.IN_FORCE, opened_at=NOW, countersigned_at=NOW, on_paper=True,
        evidence={},
    )  # fmt: skip
    session.add(row)
    session.flush()
    signatory = make_person(session, partner, Role.SIGNATORY)
    give_notice(session, acting(session, signatory), row.reference, date(2027, 3, 4), "", TRACE, LATER)
    leaves(app, session, ready, partner.id, Capacity.DATA_PARTNER)
    assert own.state is NeedState.OPEN
