"""The list of grants, narrowed and as a table: by state, parties, what is due, words; within the reader's rights."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Duty, Grant
from app.grants.queries.lists import Due, Narrowing, choices, grants_page
from app.grants.queries.verification import status_of
from app.organizations.models import Organization
from app.rules.grant_days import STATUSES
from app.rules.roles import Kind, Role
from app.rules.workflow import DutyState, GrantState
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.support.application import Client

pytestmark = pytest.mark.both_databases


def _numbers(session: Session, ready: Cast, now: datetime = NOW, **asked: object) -> list[str]:
    found = grants_page(session, acting(session, ready.officer), now, Narrowing(**asked))  # type: ignore[arg-type]
    return [grant.number for grant in found.rows]


@pytest.mark.parametrize("days", [-400, 0, 400])
@pytest.mark.parametrize("state", [GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.REVOKED, GrantState.CLOSED])
def test_a_grant_is_found_where_its_page_says_that_it_stands(
    session: Session, granted: Grant, ready: Cast, state: GrantState, days: int
) -> None:
    granted.state, granted.state_reason, now = state, "Because.", NOW + timedelta(days=days)
    session.flush()
    said = status_of(granted, now).status
    for each in STATUSES:
        assert (_numbers(session, ready, now, state=str(each)) == [granted.number]) == (each == said), each


def test_parties_are_offered_and_found_as_far_as_their_grants_are_known(
    session: Session, granted: Grant, ready: Cast
) -> None:
    other = make_organization(session, Kind.BOTH, "Another company")
    stranger = acting(session, make_person(session, other, Role.STEWARD))
    offered = choices(session, acting(session, ready.officer))
    slug = session.get_one(Organization, granted.data_partner_id).slug
    assert slug in dict(offered.partners)
    assert ready.member.slug in dict(offered.members)
    assert _numbers(session, ready, partner=slug, member=ready.member.slug) == [granted.number]
    assert _numbers(session, ready, member=other.slug) == []
    assert choices(session, stranger).members == choices(session, stranger).partners == ()
    assert grants_page(session, stranger, NOW, Narrowing(member=ready.member.slug)).rows == ()


def test_what_is_due_is_a_duty_that_is_owed_or_the_end(session: Session, granted: Grant, ready: Cast) -> None:
    report = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "report")).one()
    for duty in session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.id != report.id)):
        duty.state, duty.state_since, duty.words = DutyState.WAIVED, NOW, "Not needed."
    session.flush()
    assert report.due_on is not None
    day = NOW + (report.due_on - NOW.date())
    for days, overdue, soon in ((-31, False, False), (-30, False, True), (0, False, True), (1, True, True)):
        now = day + timedelta(days=days)
        found = [bool(_numbers(session, ready, now, due=due)) for due in (Due.OVERDUE, Due.DUTY)]
        assert found == [overdue, soon], days
    report.state, report.done_at, report.state_since = DutyState.DONE, day, day
    session.flush()
    assert _numbers(session, ready, day + timedelta(days=1), due=Due.OVERDUE) == []
    last = NOW + (granted.ends_on - NOW.date())
    ends = [bool(_numbers(session, ready, last + timedelta(days=days), due=Due.END)) for days in (-61, -60, 0, 1)]
    assert ends == [False, True, True, False]


def _table(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/grants/list.csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_table_holds_what_the_list_holds_and_no_formula(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    granted.title = "@trips of children"
    session.commit()
    client.sign_in_as(ready.officer)
    [row] = [each for each in _table(client) if each["number"] == granted.number]
    assert row["title"] == "'@trips of children"
    assert row["proposal"].startswith("PR-")
    assert row["next_duty_due_on"]
    assert row["url"].endswith(f"/grants/{granted.number}")
    assert _table(client, "?q=trips&state=active") == [row]
    assert _table(client, "?q=trips&state=revoked") == []
    assert "/grants/list.csv?q=trips" in client.get("/grants?q=trips").text
    assert "Nothing is like that" in client.get("/grants?q=trams").text


def test_strangers_get_an_empty_table_and_learn_nothing_from_a_name(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    other = make_organization(session, Kind.BOTH, "Another company")
    stranger, slug = make_person(session, other, Role.STEWARD), ready.member.slug
    session.commit()
    client.sign_in_as(stranger)
    assert _table(client) == _table(client, f"?member={slug}") == []
    assert granted.number
    known, unknown = (client.get(f"/grants?member={each}").text for each in (slug, "nobody-at-all"))
    assert "No grants yet" in known
    assert known.replace(slug, "nobody-at-all") == unknown
