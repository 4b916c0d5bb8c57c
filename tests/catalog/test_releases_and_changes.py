"""Releases of a dataset, and what its page tells of changes: from the day it is listed, by field, and nothing internal."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.catalog import commands
from app.catalog.answers import Access, Release, What
from app.catalog.commands.releases import add_release
from app.catalog.models import Dataset
from app.catalog.queries import change_log, releases_of
from app.catalog.reading_back import access_of, what_of
from app.foundation.errors import Invalid, NotAllowed
from app.organizations.models import Organization
from app.rules.actors import Actor
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import NOW, actor, organization
from tests.factories.catalog import make_dataset
from tests.support.application import Client


@pytest.fixture
def steward(acme: Organization) -> Actor:
    return actor(acme, Role.STEWARD)


@pytest.fixture
def officer(session: Session) -> Actor:
    return actor(organization(session, Kind.SECRETARIAT), Role.OFFICER)


def days(session: Session, row: Dataset) -> list[tuple[list[str], list[str]]]:
    return [(one.happened + one.releases, one.fields) for one in change_log(session, row)]


def test_the_newest_release_stands_at_the_head_of_the_page(
    session: Session, acme: Organization, steward: Actor
) -> None:
    row = make_dataset(session, acme, coverage_end=date(2026, 8, 31))
    add_release(
        session, steward, row.reference, Release("2026-09", date(2026, 10, 1), covers_to=date(2026, 9, 30)), NOW
    )
    add_release(session, steward, row.reference, Release("2026-08", date(2026, 9, 1), covers_to=date(2027, 1, 1)), NOW)
    assert (row.release, row.coverage_end) == ("2026-09", date(2026, 9, 30))
    assert [one.label for one in releases_of(session, row)] == ["2026-09", "2026-08"]


@pytest.mark.parametrize(
    ("release", "field"),
    [
        (Release(" ", date(2026, 10, 1)), "label"),
        (Release("x" * 101, date(2026, 10, 1)), "label"),
        (Release("taken", date(2026, 10, 1)), "label"),
        (Release("a", None), "released_on"),
        (Release("a", NOW.date() + timedelta(days=2)), "released_on"),
        (Release("a", date(2026, 10, 1), "x" * 2001), "notes"),
        (Release("a", date(2026, 10, 1), "", date(2026, 2, 1), date(2026, 1, 1)), "covers_to"),
    ],
)
def test_a_release_that_cannot_be_is_told_why(
    session: Session, acme: Organization, steward: Actor, release: Release, field: str
) -> None:
    row = make_dataset(session, acme)
    add_release(session, steward, row.reference, Release("taken", date(2026, 9, 1)), NOW)
    with pytest.raises(Invalid) as caught:
        add_release(session, steward, row.reference, release, NOW)
    assert caught.value.field == field


def test_only_its_stewards_note_a_release(session: Session, acme: Organization, officer: Actor) -> None:
    row = make_dataset(session, acme)
    for who in (officer, actor(acme, Role.SIGNATORY)):
        with pytest.raises(NotAllowed):
            add_release(session, who, row.reference, Release("a", date(2026, 10, 1)), NOW)


def test_changes_are_told_from_the_day_on_which_it_is_listed(
    session: Session, acme: Organization, steward: Actor, officer: Actor
) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT, listed_at=None)
    commands.save_page(session, steward, row.reference, replace(what_of(row), title="Early"), NOW)
    commands.send_to_check(session, steward, row.reference, NOW)
    assert days(session, row) == []
    commands.publish(session, officer, row.reference, NOW)
    later = NOW + timedelta(days=3)
    page = replace(what_of(row), title="Late")
    commands.save_page(session, steward, row.reference, page, later)
    commands.save_page(session, steward, row.reference, replace(page, not_good_for=("Age",)), later)
    add_release(session, steward, row.reference, Release("2026-11", NOW.date()), later)
    commands.pause(session, steward, row.reference, "New method.", later + timedelta(days=1))
    assert days(session, row) == [
        (["Paused: no new proposals"], []),
        (["2026-11"], ["Title", "Not good for"]),
        (["Listed"], []),
    ]


def test_who_sees_a_listing_and_a_save_that_changes_nothing_are_not_told(
    session: Session, acme: Organization, steward: Actor, officer: Actor
) -> None:
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, listed_at=None)
    commands.publish(session, officer, row.reference, NOW)
    pages: Iterable[What | Access] = (
        what_of(row),
        replace(access_of(row), visibility=Visibility.MEMBERS, extra_questions=("Who pays?",)),
    )
    for page in pages:
        commands.save_page(session, steward, row.reference, page, NOW + timedelta(days=1))
    assert days(session, row) == [(["Listed"], [])]


def test_a_release_is_noted_from_the_desk_and_stands_under_versions(
    desk: Client, client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme)
    session.commit()
    path = f"/desk/listings/{row.reference}/release"
    wrong = desk.post(path, data={"label": "2026-10", "released_on": ["31", "2", "2026"], "idempotency_key": "k1"})
    assert wrong.status_code == 422
    assert 'value="31"' in wrong.text
    data = {"label": "2026-10", "released_on": ["1", "2", "2026"], "notes": "January added.", "idempotency_key": "k2"}
    assert desk.post(path, data=data).status_code == 303
    html = client.get(f"/datasets/{row.reference}/versions").text
    assert "January added." in html
    assert "Sun 1 Feb 2026" in html
    assert client.get(path).status_code == 303
