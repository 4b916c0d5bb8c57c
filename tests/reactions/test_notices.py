"""Notice of leaving: from which day it counts, what follows after the minutes in which it can be taken back, and on its day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.agreements.commands import end_accession, give_notice, record_notice, withdraw_notice
from app.agreements.commands.countersigning import Scan
from app.agreements.commands.leaving import Letter, follow_notice
from app.agreements.models import Accession
from app.agreements.notice import period_of
from app.agreements.queries import accession_in_force, parties
from app.catalog.commands import resume, send_to_check
from app.catalog.models import Dataset
from app.changes.commands import ask
from app.changes.queries.leaving import what_follows
from app.changes.queries.plan import plan
from app.changes.wanted import Wanted
from app.exchange.commands.harvest_sources import Settings, start_source
from app.exchange.models import HarvestSource
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.grants.commands import issue, prepare
from app.grants.models import Grant
from app.inbox.from_agreements import rows
from app.organizations.models import Organization, Person
from app.proposals.models import ProposalItem
from app.rules.actors import SYSTEM
from app.rules.roles import Capacity, Kind, Role
from app.rules.tasks import Group
from app.rules.workflow import AccessionState, GrantState, HarvestState, ListingState, ProposalState
from app.rules.workflow import ItemState as Item
from tests.factories.agreements import TRACE
from tests.factories.catalog import make_dataset
from tests.factories.grants import CONSORTIUM, NOW, grant_of, make_decided
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast, make_proposal
from tests.grants.conftest import at_the_time_of_the_story, granted, installed, ready
from tests.reactions.test_leaving import accession_of, mails
from tests.reactions.test_leaving_under_way import states_of

__all__ = ["at_the_time_of_the_story", "granted", "installed", "ready"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.both_databases]
LATER = NOW + timedelta(days=10)  # Thursday 3 December 2026
TOLD = LATER + timedelta(minutes=11)
DAY = date(2027, 3, 4)  # ninety days after Friday 4 December


@pytest.fixture
def signatory(session: Session, ready: Cast) -> Person:
    return make_person(session, ready.member, Role.SIGNATORY)


def partner_of(session: Session, grant: Grant) -> Organization:
    return session.get_one(Organization, grant.data_partner_id)


def notice_of(
    session: Session, organization: Organization, capacity: Capacity, now: datetime = LATER, day: date = DAY
) -> Accession:
    """Notice, given by a new signatory of the organization."""
    by = make_person(session, organization, Role.SIGNATORY)
    reference = accession_of(session, organization.id, capacity).reference
    row = give_notice(session, acting(session, by), reference, day, "Other plans.", TRACE, now)
    session.commit()
    return row


def passes(app: Flask, session: Session, now: datetime) -> None:
    """The worker, once the minute has come."""
    worker.run_schedule(app, now)
    worker.drain(app, lambda: now)
    session.expire_all()


def accession(session: Session, row: Accession) -> Accession:
    return session.scalars(select(Accession).where(Accession.id == row.id)).one()


@pytest.mark.parametrize(
    ("given", "counts_from", "earliest"),
    [
        (datetime(2026, 12, 3, 12, tzinfo=UTC), date(2026, 12, 4), date(2027, 3, 4)),
        (datetime(2026, 12, 4, 12, tzinfo=UTC), date(2026, 12, 7), date(2027, 3, 7)),  # Friday: Monday counts
        (datetime(2026, 12, 5, 12, tzinfo=UTC), date(2026, 12, 7), date(2027, 3, 7)),
    ],
)
def test_a_notice_counts_from_the_next_working_day_and_runs_for_ninety_calendar_days(
    session: Session, ready: Cast, given: datetime, counts_from: date, earliest: date
) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    period = period_of(session, row, given)
    assert (period.counts_from, period.days, period.earliest) == (counts_from, 90, earliest)


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), date(2062, 3, 4)])
def test_a_day_that_is_too_early_or_years_ahead_is_refused_and_nothing_is_written(
    session: Session, ready: Cast, signatory: Person, day: date
) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    with pytest.raises(Invalid) as refused:
        give_notice(session, acting(session, signatory), row.reference, day, "", TRACE, LATER)
    assert refused.value.field == "leaves_on"
    assert (row.state, row.leaves_on, session.is_modified(row)) == (AccessionState.IN_FORCE, None, False)


def test_only_a_signatory_of_its_own_gives_notice_and_needs_no_reason(
    session: Session, ready: Cast, signatory: Person
) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    point = make_person(session, ready.member, Role.FOCAL_POINT)
    stranger = make_person(session, make_organization(session, Kind.MEMBER), Role.SIGNATORY)
    for person, error in ((point, NotAllowed), (ready.director, NotAllowed), (stranger, NotFound)):
        with pytest.raises(error):
            give_notice(session, acting(session, person), row.reference, DAY, "", TRACE, LATER)
    give_notice(session, acting(session, signatory), row.reference, DAY, "", TRACE, LATER)
    assert (row.state, row.leaves_on, row.notice_reason) == (AccessionState.LEAVING, DAY, None)
    with pytest.raises(WrongState):
        give_notice(session, acting(session, signatory), row.reference, DAY, "", TRACE, LATER)


def test_a_notice_on_paper_counts_from_the_day_it_came_and_is_recorded_by_the_secretariat(
    session: Session, ready: Cast, signatory: Person
) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    store = FileStore("memory://")
    came, scan = date(2026, 11, 26), Scan(b"%PDF-1.7 a notice", "notice.pdf")
    early, letter = date(2027, 2, 25), Letter(came, scan)
    director = acting(session, ready.director)
    with pytest.raises(NotAllowed):
        record_notice(session, acting(session, signatory), row.reference, early, "", letter, store, LATER)
    ahead = Letter(LATER.date() + timedelta(days=2), scan)
    with pytest.raises(Invalid, match="lies ahead"):
        record_notice(session, director, row.reference, early, "", ahead, store, LATER)
    with pytest.raises(Invalid, match="neither a PDF"):
        record_notice(session, director, row.reference, early, "", Letter(came, Scan(b"x", "x")), store, LATER)
    record_notice(session, director, row.reference, early, "", letter, store, LATER)
    assert (row.state, row.leaves_on, row.notice_received_on) == (AccessionState.LEAVING, early, came)
    assert row.notice_document_id is not None


def test_nobody_hears_of_a_notice_that_is_taken_back_within_minutes(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = notice_of(session, partner_of(session, granted), Capacity.DATA_PARTNER)
    passes(app, session, LATER + timedelta(minutes=9))
    withdraw_notice(session, acting(session, ready.director), row.reference, TRACE, LATER + timedelta(minutes=9))
    session.commit()
    passes(app, session, TOLD)
    assert mails(session, "agreement_notice") == []
    assert session.get_one(Dataset, ready.datasets[0].id).state is ListingState.LISTED
    kept = accession(session, row)
    assert (kept.state, kept.leaves_on, kept.notice_at) == (AccessionState.IN_FORCE, None, None)


def test_until_a_notice_is_told_grants_are_issued_and_changed_as_before_and_then_the_refusal_names_it(
    session: Session, granted: Grant, ready: Cast
) -> None:
    decided = make_decided(session, ready, now=LATER)
    row = notice_of(session, partner_of(session, granted), Capacity.DATA_PARTNER)
    director, lead = acting(session, ready.director), acting(session, ready.lead)
    assert len(prepare(session, director, decided.reference, CONSORTIUM, LATER)) == 1
    renewed = Wanted(ends_on=date(2028, 6, 1), renews=True)
    plan(session, granted, "CH-1", renewed, LATER)
    ask(session, lead, granted.number, Wanted(ends_on=date(2028, 6, 1)), "More time.", "", LATER)
    assert follow_notice(session, row.reference, TOLD) is not None
    with pytest.raises(Invalid, match="has given notice of leaving the common agreement on 04 Mar 2027"):
        issue(session, director, decided.reference, CONSORTIUM, TOLD)


def test_a_data_partners_listings_are_withdrawn_at_the_notice_and_nothing_new_is_listed_or_granted(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    partner = partner_of(session, granted)
    draft = make_dataset(session, partner, state=ListingState.DRAFT)
    notice_of(session, partner, Capacity.DATA_PARTNER)
    assert accession_in_force(session, partner.id, Capacity.DATA_PARTNER, LATER) is None, "from the notice on"
    passes(app, session, TOLD)
    listed = session.get_one(Dataset, ready.datasets[0].id)
    assert listed.state is ListingState.WITHDRAWN
    assert f"{partner.name} leaves the common agreement on 04 Mar 2027" in str(listed.state_reason)
    steward = acting(session, ready.steward_of(ready.datasets[0]))
    with pytest.raises(NotAllowed, match="has given notice of leaving"):
        send_to_check(session, steward, draft.reference, TOLD)
    longer = Wanted(ends_on=date(2028, 6, 1))
    with pytest.raises(Invalid, match="has given notice of leaving"):
        ask(session, acting(session, ready.lead), granted.number, longer, "More time.", "", TOLD)
    grant = grant_of(session, granted.number)
    assert (grant.state, grant.ends_on) == (GrantState.ACTIVE, date(2027, 11, 22)), "it runs on"


def test_reviews_go_on_without_a_data_partner_that_gave_notice(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    asked = make_proposal(session, ProposalState.IN_REVIEW, cast=ready)
    partner = partner_of(session, granted)
    notice_of(session, partner, Capacity.DATA_PARTNER)
    passes(app, session, TOLD)
    session.refresh(asked)
    assert states_of(session, asked)[0] is Item.NOT_OFFERED
    assert mails(session, "proposal_listing_closed") == [], "nobody is asked to list it again"


def test_what_comes_back_for_a_data_partner_that_gave_notice_is_closed_again_and_its_sources_go_on(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    asked, partner = make_proposal(session, ProposalState.IN_REVIEW, cast=ready), partner_of(session, granted)
    steward = acting(session, ready.steward_of(ready.datasets[0]))
    start_source(session, steward, partner, Settings("Ours", "https://data.acme.example/dcat"), NOW)
    notice_of(session, partner, Capacity.DATA_PARTNER)
    passes(app, session, TOLD)
    item = session.scalars(
        select(ProposalItem).where(ProposalItem.proposal_id == asked.id).order_by(ProposalItem.id)
    ).first()
    assert item is not None
    item.state = Item.PENDING  # as where it came back into its review at that very moment
    asked.state, asked.ended_at, asked.end_reason = ProposalState.IN_REVIEW, None, None
    session.commit()
    worker.run_schedule(app, TOLD + timedelta(minutes=1))
    session.expire_all()
    assert states_of(session, asked)[0] is Item.NOT_OFFERED
    assert session.scalars(select(HarvestSource)).one().state is not HarvestState.ENDED


def test_both_sides_and_the_secretariat_are_told_once_with_what_it_means_for_each_grant(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    partner = partner_of(session, granted)
    notice_of(session, partner, Capacity.DATA_PARTNER)
    passes(app, session, TOLD)
    passes(app, session, TOLD + timedelta(minutes=1))
    told = mails(session, "agreement_notice")
    by_grant = [mail for mail in told if mail["thread"] == granted.number]
    assert [mail["to_email"] for mail in by_grant] == [ready.lead.email]
    assert "runs until Mon 22 Nov 2027 and is not renewed" in by_grant[0]["text"]
    others = [mail["to_email"] for mail in told if mail["thread"] != granted.number]
    assert {ready.director.email, ready.steward_of(ready.datasets[0]).email} <= set(others)
    assert len(others) == len(set(others))


def test_a_member_takes_part_until_its_day_and_everyone_of_its_grants_knows_when_they_end(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    row = notice_of(session, ready.member, Capacity.MEMBER)
    passes(app, session, TOLD)
    assert accession_in_force(session, ready.member.id, Capacity.MEMBER, TOLD) is not None
    assert grant_of(session, granted.number).state is GrantState.ACTIVE
    by_grant = [mail for mail in mails(session, "agreement_notice") if mail["thread"] == granted.number]
    assert {mail["to_email"] for mail in by_grant} == {ready.lead.email, ready.steward_of(ready.datasets[0]).email}
    assert all("ends on Thu 4 Mar 2027. The data is deleted by Sat 3 Apr 2027" in mail["text"] for mail in by_grant)
    told = {(party.slug, party.capacity): party.leaves_on for party in parties(session, TOLD)}
    assert told[ready.member.slug, Capacity.MEMBER] == DAY
    passes(app, session, datetime(2027, 3, 3, 23, 59, tzinfo=UTC))
    assert grant_of(session, granted.number).state is GrantState.ACTIVE
    passes(app, session, datetime(2027, 3, 4, tzinfo=UTC))
    left = accession(session, row)
    assert (left.state, left.ended_at) == (AccessionState.ENDED, datetime(2027, 3, 4, tzinfo=UTC))
    assert grant_of(session, granted.number).state is GrantState.REVOKED
    assert "4 Mar 2027" in mails(session, "grant_ended_with_member")[0]["text"]


def test_a_data_partners_grants_run_for_twelve_months_after_the_day_and_not_after_the_notice(
    app: Flask, session: Session, granted: Grant
) -> None:
    granted.ends_on = date(2028, 11, 22)
    session.commit()
    notice_of(session, partner_of(session, granted), Capacity.DATA_PARTNER)
    passes(app, session, TOLD)
    assert grant_of(session, granted.number).ends_on == date(2028, 11, 22)
    passes(app, session, datetime(2027, 3, 4, tzinfo=UTC))
    assert grant_of(session, granted.number).ends_on == date(2028, 3, 3)


def test_a_data_partner_that_stays_has_its_listings_back_and_a_steward_opens_them(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    partner, steward = partner_of(session, granted), ready.steward_of(ready.datasets[0])
    checked = make_dataset(session, partner, state=ListingState.IN_CHECK)
    checked.listed_at = None
    gone = make_dataset(session, partner, state=ListingState.WITHDRAWN)
    row = notice_of(session, partner, Capacity.DATA_PARTNER)
    passes(app, session, TOLD)
    later = TOLD + timedelta(days=20)
    withdraw_notice(session, acting(session, ready.director), row.reference, TRACE, later)
    session.commit()
    worker.drain(app, lambda: later)
    session.expire_all()
    listed = session.get_one(Dataset, ready.datasets[0].id)
    assert listed.state is ListingState.PAUSED
    assert (checked.state, gone.state) == (ListingState.WITHDRAWN, ListingState.WITHDRAWN), (
        "never listed; withdrawn before"
    )
    assert resume(session, acting(session, steward), listed.reference, later).state is ListingState.LISTED
    stays = [mail for mail in mails(session, "agreement_notice") if "withdrawn its notice" in mail["text"]]
    assert {steward.email, ready.lead.email} <= {mail["to_email"] for mail in stays}


def test_on_its_day_a_notice_can_no_longer_be_withdrawn(session: Session, ready: Cast, signatory: Person) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    give_notice(session, acting(session, signatory), row.reference, DAY, "", TRACE, LATER)
    with pytest.raises(WrongState, match="The day of leaving has come"):
        withdraw_notice(session, acting(session, signatory), row.reference, TRACE, datetime(2027, 3, 4, tzinfo=UTC))


def test_who_leaves_leaves_every_version_at_once_and_stays_under_every_one(
    session: Session, ready: Cast, signatory: Person
) -> None:
    row = accession_of(session, ready.member.id, Capacity.MEMBER)
    other = Accession(
        reference="AC-OTHER", organization_id=row.organization_id, capacity=row.capacity, agreement_version="2025-1",
        agreement_hash=row.agreement_hash, state=AccessionState.IN_FORCE, opened_at=NOW, countersigned_at=NOW,
        on_paper=True, evidence={},
    )  # fmt: skip
    session.add(other)
    session.flush()
    give_notice(session, acting(session, signatory), row.reference, DAY, "", TRACE, LATER)
    assert (other.state, other.leaves_on) == (AccessionState.LEAVING, DAY)
    withdraw_notice(session, acting(session, signatory), row.reference, TRACE, LATER)
    assert (other.state, other.leaves_on) == (AccessionState.IN_FORCE, None)


def test_the_board_can_still_end_it_at_once(app: Flask, session: Session, granted: Grant, ready: Cast) -> None:
    row = notice_of(session, ready.member, Capacity.MEMBER)
    end_accession(session, acting(session, ready.director), row.reference, "A grave breach.", TOLD)
    session.commit()
    passes(app, session, TOLD)
    assert grant_of(session, granted.number).state is GrantState.REVOKED


def test_who_gave_notice_is_named_and_reminded_until_the_day(app: Flask, session: Session, ready: Cast) -> None:
    row = notice_of(session, ready.member, Capacity.MEMBER)
    signatory = session.get_one(Person, row.notice_by_id)
    passes(app, session, TOLD)
    (waiting,) = [
        each for each in rows(session, acting(session, signatory), TOLD) if each.endpoint == "changes.leaving"
    ]
    assert (waiting.group, waiting.due) == (Group.OTHERS, DAY)
    half, near = LATER + timedelta(days=46), LATER + timedelta(days=73)
    for moment, count in ((half, 1), (half + timedelta(days=1), 1), (near, 2)):
        passes(app, session, moment)
        told = [
            mail for mail in mails(session, "agreement_notice") if mail["subject"].startswith("See to what is open")
        ]
        assert [mail["to_email"] for mail in told] == [signatory.email] * count
    (waiting,) = [
        each for each in rows(session, acting(session, signatory), half) if each.endpoint == "changes.leaving"
    ]
    assert waiting.group is Group.YOURS


def test_what_follows_is_counted_before_and_named_only_for_who_may_know(
    session: Session, granted: Grant, ready: Cast, signatory: Person
) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=ready)
    own = accession_of(session, ready.member.id, Capacity.MEMBER)
    follows = what_follows(session, acting(session, signatory), own, DAY, LATER)
    assert [(line.number, line.last, line.delete_by) for line in follows.grants] == [
        (granted.number, DAY, date(2027, 4, 3))
    ]
    assert (follows.proposals.count, follows.listings.count) == (1, 0)
    assert follows.proposals.rows[0][0] == proposal.reference
    partner = partner_of(session, granted)
    theirs = accession_of(session, partner.id, Capacity.DATA_PARTNER)
    blind = make_person(session, partner, Role.SIGNATORY)
    seen = what_follows(session, acting(session, blind), theirs, DAY, LATER)
    assert (seen.proposals.count, seen.proposals.rows) == (1, ()), "only who reads proposals there reads their titles"
    steward = acting(session, ready.steward_of(ready.datasets[0]))
    assert what_follows(session, steward, theirs, DAY, LATER).proposals.rows[0][0] == proposal.reference
    assert what_follows(session, SYSTEM, theirs, DAY, LATER).proposals.rows == ()
