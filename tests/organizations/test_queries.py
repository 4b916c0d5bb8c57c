"""Who is in an organization, in which order, and who may know."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.organizations import queries
from app.organizations.models import Membership, Person
from app.rules.actors import NOBODY, OPERATOR
from app.rules.roles import Capacity, Kind, Role
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat


def test_stewards_stand_before_deputies(session: Session) -> None:
    row = make_organization(session, Kind.PARTNER)
    deputy = make_person(session, row, Role.DEPUTY)
    steward = make_person(session, row, Role.STEWARD)
    both = make_person(session, row, Role.DEPUTY, Role.STEWARD)
    assert queries.stewards_of(session, row.id) == [steward, both, deputy]


def test_who_left_or_is_not_active_holds_nothing(session: Session) -> None:
    row = make_organization(session, Kind.PARTNER)
    gone, inactive = make_person(session, row, Role.STEWARD), make_person(session, row, Role.STEWARD)
    session.query(Membership).filter_by(person_id=gone.id).one().ended_at = NOW + timedelta(days=1)
    inactive.active = False
    session.flush()
    assert queries.stewards_of(session, row.id) == []
    assert queries.held_by(session, gone.id) == frozenset()


def test_a_stranger_sees_nobody_of_an_organization(session: Session) -> None:
    row = make_organization(session)
    person = make_person(session, row, Role.SIGNATORY, Role.FOCAL_POINT)
    stranger = acting(session, make_person(session, make_organization(session), Role.FOCAL_POINT))
    assert [each.roles for each in queries.people_of(session, row.id, acting(session, person))] == [
        (Role.SIGNATORY, Role.FOCAL_POINT)
    ]
    for viewer in (stranger, NOBODY):
        assert queries.people_of(session, row.id, viewer) == []
        assert queries.overview(session, viewer) == []
        with pytest.raises(NotFound):
            queries.organization_seen_by(session, viewer, row.slug)


def test_the_list_of_the_secretariat_counts_people_once(session: Session) -> None:
    row = make_organization(session)
    make_person(session, row, Role.SIGNATORY, Role.FOCAL_POINT)
    make_person(session, row, Role.PROJECT_STAFF)
    make_secretariat(session)
    assert [(each.slug, each.people, each.invited) for each in queries.overview(session, OPERATOR)] == [
        (row.slug, 2, 0)
    ]


def test_an_organization_of_both_kinds_is_in_both_lists(session: Session) -> None:
    both = make_organization(session, Kind.BOTH)
    partner = make_organization(session, Kind.PARTNER)
    assert {row.id for row in queries.organizations_as(session, Capacity.DATA_PARTNER)} == {both.id, partner.id}
    assert [row.id for row in queries.organizations_as(session, Capacity.MEMBER)] == [both.id]


def test_the_public_page_is_there_for_those_who_acceded_in_that_capacity(session: Session) -> None:
    row = make_organization(session, Kind.PARTNER)
    acceded = frozenset({row.slug})
    assert queries.organization_taking_part(session, row.slug, acceded, Capacity.DATA_PARTNER) is row
    for known, capacity in ((frozenset[str](), Capacity.DATA_PARTNER), (acceded, Capacity.MEMBER)):
        with pytest.raises(NotFound):
            queries.organization_taking_part(session, row.slug, known, capacity)


def test_a_role_that_hangs_on_one_person_is_named(session: Session) -> None:
    row = make_organization(session, Kind.PARTNER)
    make_person(session, row, Role.STEWARD, Role.FOCAL_POINT, name="Ada")
    found = queries.gaps(row, queries.colleagues(session, row.id))
    assert [(gap.role, gap.add, gap.held_by) for gap in found] == [
        (Role.STEWARD, Role.DEPUTY, "Ada"),
        (Role.SIGNATORY, Role.SIGNATORY, None),
        (Role.FOCAL_POINT, Role.FOCAL_POINT, "Ada"),
    ]
    make_person(session, row, Role.DEPUTY)
    assert Role.STEWARD not in {gap.role for gap in queries.gaps(row, queries.colleagues(session, row.id))}


def test_an_address_is_found_however_it_is_capitalized(session: Session) -> None:
    person: Person = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    assert queries.person_by_email(session, f"  {person.email.upper()} ") is person
