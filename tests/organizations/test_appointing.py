"""Who reviews, votes, issues or audits is made by a director alone, in whatever organization."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import NotAllowed
from app.organizations.commands import change_roles, invite
from app.organizations.models import Organization, Person
from app.organizations.queries import held_by
from app.rules.actors import OPERATOR
from app.rules.roles import APPOINTED, HELD_ROLES, Kind, Role
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

GIVEN = sorted((role, kind) for kind in Kind for role in HELD_ROLES[kind] & APPOINTED)


def _place(session: Session, kind: Kind) -> Organization:
    return make_secretariat(session) if kind is Kind.SECRETARIAT else make_organization(session, kind)


def _usual(kind: Kind) -> Role:
    return min(HELD_ROLES[kind] - APPOINTED) if kind is not Kind.SECRETARIAT else Role.OFFICER


def _roles(session: Session, person: Person) -> set[Role]:
    return {held.role for held in held_by(session, person.id)}


@pytest.mark.parametrize(("role", "kind"), GIVEN)
def test_a_director_gives_and_takes_it(session: Session, role: Role, kind: Kind) -> None:
    place = _place(session, kind)
    director = acting(session, make_person(session, make_secretariat(session), Role.DIRECTOR))
    person = make_person(session, place, _usual(kind))
    change_roles(session, director, place.id, person.id, {_usual(kind), role}, NOW)
    assert _roles(session, person) == {_usual(kind), role}
    assert invite(session, director, place.id, "Ana Ruiz", "ana@example.org", [role], NOW).token


@pytest.mark.parametrize(("role", "kind"), GIVEN)
@pytest.mark.parametrize("by", [Role.OFFICER, Role.FOCAL_POINT])
def test_nobody_else_gives_it(session: Session, role: Role, kind: Kind, by: Role) -> None:
    place = _place(session, kind)
    office = make_secretariat(session)
    actor = acting(session, make_person(session, office if by is Role.OFFICER else place, by))
    usual = Role.OFFICER if role is Role.AUDITOR else Role.AUDITOR
    person = make_person(session, place, usual if kind is Kind.SECRETARIAT else _usual(kind))
    before = _roles(session, person)
    with pytest.raises(NotAllowed):
        change_roles(session, actor, place.id, person.id, before ^ {role}, NOW)
    with pytest.raises(NotAllowed):
        invite(session, actor, place.id, "Ana Ruiz", "ana@example.org", [role], NOW)
    assert _roles(session, person) == before


def test_a_focal_point_takes_nobody_off_the_committee_and_changes_other_roles(session: Session) -> None:
    member = make_organization(session)
    focal_point = acting(session, make_person(session, member, Role.FOCAL_POINT))
    person = make_person(session, member, Role.PROJECT_STAFF, Role.REVIEWER)
    with pytest.raises(NotAllowed):
        change_roles(session, focal_point, member.id, person.id, {Role.PROJECT_STAFF}, NOW)
    change_roles(session, focal_point, member.id, person.id, {Role.SIGNATORY, Role.REVIEWER}, NOW)
    assert _roles(session, person) == {Role.SIGNATORY, Role.REVIEWER}


def test_the_operator_invites_the_first_director(session: Session) -> None:
    office = make_secretariat(session)
    assert invite(session, OPERATOR, office.id, "Amara Nwosu", "amara@example.org", [Role.DIRECTOR], NOW).token
