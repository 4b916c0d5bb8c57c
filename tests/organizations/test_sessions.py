"""Whom a session stands for: the person and the roles of this very moment, also on a page that is kept."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.organizations.models import Membership, Organization, Person
from app.organizations.queries import held_by
from app.organizations.sessions import actor_behind
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_organization, make_person
from tests.support.application import Client

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECRET = "Shown to one member"


@pytest.fixture
def member(session: Session) -> Organization:
    """A member that a hidden listing is shown to."""
    member = make_organization(session)
    partner = make_organization(session, Kind.PARTNER)
    make_dataset(session, partner, title=SECRET, visibility=Visibility.NAMED, admitted=[member])
    return member


@pytest.fixture
def staff(session: Session, client: Client, member: Organization) -> Person:
    """One of its people, who has opened the catalog, so that the page is kept for them and their colleagues."""
    person = make_person(session, member, Role.PROJECT_STAFF, name="Rosa Example")
    session.commit()
    client.sign_in_as(person)
    for _time in range(2):
        assert SECRET in client.get("/datasets").text
    return person


def test_a_mark_stands_for_the_person_and_every_role_held_now(session: Session) -> None:
    first, second = make_organization(session, Kind.PARTNER), make_organization(session)
    person = make_person(session, first, Role.STEWARD, Role.SIGNATORY)
    over = Membership(person_id=person.id, organization_id=second.id, role=Role.FOCAL_POINT, since=NOW, ended_at=NOW)
    session.add_all(
        (over, Membership(person_id=person.id, organization_id=second.id, role=Role.PROJECT_STAFF, since=NOW))
    )
    session.flush()
    actor = actor_behind(session, person.fs_uniquifier, "password", NOW, has_second_factor=False)
    assert actor is not None
    assert (actor.person_id, actor.pid, actor.name, actor.email) == (person.id, person.pid, person.name, person.email)
    assert actor.held == held_by(session, person.id)
    assert {held.role for held in actor.held} == {Role.STEWARD, Role.SIGNATORY, Role.PROJECT_STAFF}


def test_somebody_without_a_role_is_still_somebody(session: Session) -> None:
    person = make_person(session, make_organization(session))
    actor = actor_behind(session, person.fs_uniquifier, "password", NOW, has_second_factor=False)
    assert actor is not None
    assert actor.held == frozenset()


def test_an_old_mark_and_an_inactive_person_stand_for_nobody(session: Session) -> None:
    person = make_person(session, make_organization(session))
    mark, person.fs_uniquifier = person.fs_uniquifier, "changed"
    session.flush()
    assert actor_behind(session, mark, "password", NOW, has_second_factor=False) is None
    person.active = False
    session.flush()
    assert actor_behind(session, "changed", "password", NOW, has_second_factor=False) is None


def test_a_role_that_ends_is_gone_from_a_kept_page_at_once(client: Client, session: Session, staff: Person) -> None:
    session.query(Membership).filter_by(person_id=staff.id).one().ended_at = NOW
    session.commit()
    left = client.get("/datasets").text
    assert staff.name in left
    assert SECRET not in left


def test_a_role_that_is_given_shows_on_a_kept_page_at_once(
    client: Client, session: Session, member: Organization
) -> None:
    person = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    session.commit()
    client.sign_in_as(person)
    for _time in range(2):
        assert SECRET not in client.get("/datasets").text
    session.add(Membership(person_id=person.id, organization_id=member.id, role=Role.PROJECT_STAFF, since=NOW))
    session.commit()
    assert SECRET in client.get("/datasets").text


@pytest.mark.parametrize(("field", "value"), [("active", False), ("fs_uniquifier", "signed out on another device")])
def test_whoever_is_signed_out_elsewhere_is_nobody_on_a_kept_page(
    client: Client, session: Session, staff: Person, field: str, value: object
) -> None:
    setattr(staff, field, value)
    session.commit()
    now_public = client.get("/datasets").text
    assert staff.name not in now_public
    assert SECRET not in now_public
    assert "Sign in" in now_public


@pytest.mark.usefixtures("staff")
def test_who_it_is_takes_one_statement(client: Client, session: Session) -> None:
    asked: list[str] = []
    engine = session.get_bind()

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get("/datasets")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("FROM person" in one for one in asked) == 1
    assert sum("membership" in one for one in asked) == 1
