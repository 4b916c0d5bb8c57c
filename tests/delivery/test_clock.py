"""The clock of a delivery: in the days of whoever is waited for, not before the grant begins, the same wherever it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.delivery import commands
from app.delivery.commands import Provided
from app.delivery.queries import access_of
from app.delivery.safe import Safe
from app.grants.commands import lift_suspension, suspend
from app.grants.models import Grant
from app.history.queries import happenings
from app.inbox import from_promises
from app.organizations.models import Organization, Person
from app.reactions.promise_cases import case_of
from tests.factories.organizations import acting
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

pytestmark = pytest.mark.both_databases

# The day before Thanksgiving, which the United States alone keep on the last Thursday of November.
WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
# A Monday after it.
BEGINS = date(2026, 12, 7)


def days_told(session: Session, grant: Grant, person: Person, now: datetime) -> dict[str, date | None]:
    """The day by which somebody is to act, as the page, the inbox and a mail tell it."""
    access = access_of(session, acting(session, person), grant, now)
    found = {"page": access.clock.due if access and access.clock else None}
    for row in from_promises.rows(session, acting(session, person), now):
        found["inbox"] = row.due
    newest = next(each for each in happenings(session, [("grant", grant.number)]) if "duty_id" not in each.facts)
    case = case_of(session, newest, now)
    return {**found, "mail": case.due if case else None}


def in_country(session: Session, organization_id: int, country: str, zone: str = "UTC") -> None:
    row = session.get_one(Organization, organization_id)
    row.country, row.defaults = country, {**row.defaults, "time_zone": zone}
    session.flush()


def provide(session: Session, grant: Grant, steward: Person, lead: Person, now: datetime) -> None:
    given = Provided("Fetch the files by SFTP.", "sftp://files.example.org", None, "only once", lead.id)
    commands.provide(session, acting(session, steward), grant.number, given, Safe(b"k" * 32), now)


@pytest.fixture
def steward(ready: Cast) -> Person:
    return ready.steward_of(ready.datasets[0])


@pytest.mark.parametrize(("country", "due"), [("US", date(2026, 11, 27)), ("KE", date(2026, 11, 26))])
def test_a_data_partner_opens_access_by_the_next_day_on_which_they_work(
    session: Session, granted: Grant, steward: Person, country: str, due: date
) -> None:
    in_country(session, granted.data_partner_id, country)
    commands.begin(session, granted.number, WEDNESDAY)
    assert days_told(session, granted, steward, WEDNESDAY) == {"page": due, "inbox": due, "mail": due}


def test_the_member_says_whether_it_arrived_in_days_of_their_own(
    session: Session, granted: Grant, ready: Cast, steward: Person
) -> None:
    in_country(session, granted.data_partner_id, "KE")
    in_country(session, granted.member_id, "US")
    commands.begin(session, granted.number, WEDNESDAY)
    provide(session, granted, steward, ready.lead, WEDNESDAY)
    due = date(2026, 12, 3)  # five working days, Thanksgiving not counted
    assert days_told(session, granted, ready.lead, WEDNESDAY) == {"page": due, "inbox": due, "mail": due}


@pytest.mark.parametrize(("country", "reminded"), [("US", 0), ("KE", 1)])
def test_nobody_is_reminded_of_a_delivery_on_a_holiday_of_theirs(
    session: Session, granted: Grant, country: str, reminded: int
) -> None:
    in_country(session, granted.data_partner_id, country)
    commands.begin(session, granted.number, WEDNESDAY)
    assert commands.remind_due(session, WEDNESDAY + timedelta(days=1)) == reminded
    assert commands.remind_due(session, WEDNESDAY + timedelta(days=2)) == 1


def test_the_clock_of_a_grant_that_begins_later_begins_with_it(
    session: Session, granted: Grant, ready: Cast, steward: Person
) -> None:
    granted.starts_on, due = BEGINS, date(2026, 12, 8)
    commands.begin(session, granted.number, WEDNESDAY)
    assert days_told(session, granted, steward, WEDNESDAY) == {"page": due, "mail": due}  # nothing to do yet
    begun = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert days_told(session, granted, steward, begun) == {"page": due, "inbox": due, "mail": due}
    assert commands.remind_due(session, begun) == 0
    assert commands.remind_due(session, begun + timedelta(days=1)) == 1
    provide(session, granted, steward, ready.lead, begun + timedelta(days=1))
    assert set(days_told(session, granted, ready.lead, begun + timedelta(days=1)).values()) == {date(2026, 12, 15)}


def test_what_was_provided_before_a_grant_begins_has_arrived_in_days_from_its_first(
    session: Session, granted: Grant, ready: Cast, steward: Person
) -> None:
    granted.starts_on = BEGINS
    in_country(session, granted.data_partner_id, "NZ", "Pacific/Auckland")
    commands.begin(session, granted.number, WEDNESDAY)
    provide(session, granted, steward, ready.lead, WEDNESDAY)
    assert days_told(session, granted, ready.lead, WEDNESDAY) == {
        "page": date(2026, 12, 14),
        "mail": date(2026, 12, 14),
    }


def test_the_page_says_when_a_grant_begins_and_by_when_access_opens(
    client: Client, session: Session, granted: Grant, steward: Person
) -> None:
    granted.starts_on = BEGINS
    commands.begin(session, granted.number, WEDNESDAY)
    session.commit()
    client.sign_in_as(steward)
    shown = text_of(client, f"/grants/{granted.number}/access")
    assert "The grant begins on Mon 7 Dec 2026." in shown
    assert "opens access by Tue 8 Dec 2026." in shown


def test_the_days_of_a_suspension_do_not_count(session: Session, granted: Grant, ready: Cast, steward: Person) -> None:
    commands.begin(session, granted.number, WEDNESDAY)
    suspend(session, acting(session, steward), granted.number, "A suspicion.", WEDNESDAY + timedelta(hours=1))
    monday = WEDNESDAY + timedelta(days=19)
    lift_suspension(session, acting(session, steward), granted.number, monday)
    due = date(2026, 12, 15)  # one working day, as it had been
    assert days_told(session, granted, steward, monday) == {"page": due, "inbox": due, "mail": due}
    assert commands.remind_due(session, monday) == 0
    assert commands.remind_due(session, monday + timedelta(days=1)) == 1
    provide(session, granted, steward, ready.lead, monday)
    suspend(session, acting(session, steward), granted.number, "Another one.", monday)
    later = monday + timedelta(days=14)
    lift_suspension(session, acting(session, steward), granted.number, later)
    due = date(2027, 1, 5)  # five working days, New Year not counted
    assert days_told(session, granted, ready.lead, later)["page"] == due
