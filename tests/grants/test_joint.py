"""A grant on a joint proposal names the organizations behind it: in its record, its letter and on its page."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.files import FileStore
from app.grants.commands import issue
from app.grants.commands.letters import Press
from app.grants.letter import letter
from app.grants.models import Grant
from app.grants.record import from_json, record_hash, to_json
from app.grants.routes.words import granted_rows
from app.organizations.models import Organization, Person
from app.proposals.commands.joint import name_co_applicant, withdraw_co_applicant
from app.proposals.models import Proposal
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.changes import LONGER, seal, succeed
from tests.factories.grants import CONSORTIUM, DATES, NOW, director_of, make_issued
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast, accede, bring, make_proposal

pytestmark = pytest.mark.both_databases


@pytest.fixture
def other(session: Session) -> Organization:
    row = make_organization(session, name="Harbor Fund")
    accede(session, row)
    return row


@pytest.fixture
def point(session: Session, other: Organization) -> Person:
    return make_person(session, other, Role.FOCAL_POINT, name="Ines Moor")


@pytest.fixture
def joint(session: Session, cast: Cast, other: Organization) -> Proposal:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast, answers=DATES, now=NOW)
    name_co_applicant(session, acting(session, cast.lead), draft.reference, other.slug, NOW)
    return bring(session, cast, draft, ProposalState.DECIDED, NOW)


def issued(session: Session, cast: Cast, proposal: Proposal) -> Grant:
    return issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)[0]


def test_record_letter_and_page_name_the_co_applicants(session: Session, cast: Cast, joint: Proposal) -> None:
    record = from_json(issued(session, cast, joint).record)
    assert [each.name for each in record.co_applicants] == ["Harbor Fund"]
    assert from_json(to_json(record)) == record
    rows = {row.label: row.text for row in letter(record, "7be211f8c3d602aa", "https://data.meridian.example").rows}
    assert rows["Together with"] == "Harbor Fund"
    assert ("Together with", "Harbor Fund") in granted_rows(record)


def test_who_withdrew_after_it_was_sent_is_not_named(
    session: Session, cast: Cast, joint: Proposal, other: Organization, point: Person
) -> None:
    withdraw_co_applicant(session, acting(session, point), joint.reference, other.slug, "We step back.", NOW)
    assert from_json(issued(session, cast, joint).record).co_applicants == ()


def test_an_amended_grant_names_them_too(
    session: Session, cast: Cast, joint: Proposal, store: FileStore, press: Press
) -> None:
    first = seal(session, store, press, issued(session, cast, joint), NOW)
    successor = succeed(session, store, press, cast, first, LONGER)
    assert [each.name for each in from_json(successor.record).co_applicants] == ["Harbor Fund"]


def test_the_record_of_one_organization_reads_as_it_always_did(session: Session, cast: Cast) -> None:
    record = from_json(make_issued(session, cast)[0].record)
    assert "co_applicants" not in to_json(record)
    assert record_hash(from_json(to_json(record))) == record_hash(record)
