"""Who has acceded, what is missing where nobody has, and what waits for whom."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.agreements import commands, queries
from app.rules.roles import Capacity, Kind, Role
from tests.factories.agreements import TRACE, Signing
from tests.factories.organizations import NOW, acting, make_organization, make_person, make_secretariat

LATER = NOW + timedelta(days=2)


def missing(case: Signing) -> str:
    found = queries.what_is_missing(case.session, case.organization, case.capacity, NOW)
    assert found is not None
    return str(found)


def test_nothing_is_missing_once_it_is_in_force(session: Session) -> None:
    case = Signing(session).in_force()
    assert queries.what_is_missing(session, case.organization, case.capacity, LATER) is None
    assert queries.accession_in_force(session, case.organization.id, case.capacity, LATER) == case.accession


def test_before_the_countersignature_it_was_not_in_force(session: Session) -> None:
    case = Signing(session).in_force()
    assert queries.accession_in_force(session, case.organization.id, case.capacity, NOW) is None


def test_without_a_signatory_the_focal_point_is_named(session: Session) -> None:
    organization = make_organization(session)
    make_person(session, organization, Role.FOCAL_POINT, name="Ana Ruiz")
    found = queries.what_is_missing(session, organization, Capacity.MEMBER, NOW)
    assert "Ana Ruiz can invite an authorized signatory" in str(found)


def test_without_anybody_the_secretariat_is_named(session: Session) -> None:
    make_person(session, make_secretariat(session), Role.DIRECTOR, name="Amara Nwosu")
    found = queries.what_is_missing(session, make_organization(session), Capacity.MEMBER, NOW)
    assert "Amara Nwosu can invite" in str(found)


def test_before_the_signature_the_signatory_is_named(session: Session) -> None:
    case = Signing(session)
    assert f"{case.signatory.name} can sign it" in missing(case)
    assert f"{case.signatory.name} can sign it" in missing(case.opened())


def test_before_the_countersignature_the_secretariat_is_named_with_a_date(session: Session) -> None:
    case = Signing(session).signed()
    found = queries.what_is_missing(session, case.organization, case.capacity, NOW)
    assert found is not None
    assert f"The secretariat ({case.officer.name}) countersigns" in str(found)
    assert found.clock is not None
    assert found.clock.due.isoformat() == "2026-11-25"


def test_after_a_no_the_signatory_is_named(session: Session) -> None:
    case = Signing(session).opened()
    commands.decline(session, case.actor, case.accession.reference, "Not now.", TRACE, NOW)
    assert "declined" in missing(case)


def test_a_capacity_that_does_not_fit_is_said(session: Session) -> None:
    case = Signing(session)
    found = queries.what_is_missing(session, case.organization, Capacity.DATA_PARTNER, NOW)
    assert "not registered in this capacity" in str(found)


def test_anyone_sees_who_has_signed_and_nobody_else(session: Session) -> None:
    done, half = Signing(session).in_force(), Signing(session).signed()
    names = {party.name for party in queries.parties(session, LATER)}
    assert done.organization.name in names
    assert half.organization.name not in names
    count, total = queries.signed_counts(session, LATER)
    assert (count, total) == (1, 2)


def test_an_organization_of_both_kinds_counts_once(session: Session) -> None:
    case = Signing(session, Kind.BOTH).in_force()
    other = Signing(session, Kind.BOTH, Capacity.DATA_PARTNER)
    other.organization, other.signatory = case.organization, case.signatory
    other.in_force()
    mine = [party.capacity for party in queries.parties(session, LATER) if party.slug == case.organization.slug]
    assert mine == [Capacity.DATA_PARTNER, Capacity.MEMBER]
    assert queries.signed_counts(session, LATER)[0] == 1


def test_each_sees_what_waits_for_them(session: Session) -> None:
    open_case, signed_case = Signing(session).opened(), Signing(session).signed()
    assert [w.accession.id for w in queries.to_sign(session, open_case.actor, NOW)] == [open_case.accession.id]
    assert queries.to_sign(session, signed_case.actor, NOW) == []
    queue = queries.to_countersign(session, signed_case.secretariat, NOW)
    assert [waiting.accession.id for waiting in queue] == [signed_case.accession.id]
    assert queries.to_countersign(session, signed_case.actor, NOW) == []


def test_the_desk_shows_all_to_the_secretariat_and_only_their_own_to_others(session: Session) -> None:
    one, two = Signing(session).opened(), Signing(session).signed()
    own = {row.id for row in queries.accessions(session, one.actor)}
    assert own == {one.accession.id}
    assert {row.id for row in queries.accessions(session, two.secretariat)} >= {one.accession.id, two.accession.id}


def test_a_signatory_can_begin_in_each_capacity_that_is_not_begun(session: Session) -> None:
    case = Signing(session, Kind.BOTH)
    assert [capacity for _, capacity in queries.open_capacities(session, case.actor)] == [
        Capacity.DATA_PARTNER,
        Capacity.MEMBER,
    ]
    case.opened()
    assert [capacity for _, capacity in queries.open_capacities(session, case.actor)] == [Capacity.DATA_PARTNER]
    colleague = acting(session, make_person(session, case.organization, Role.STEWARD))
    assert queries.open_capacities(session, colleague) == []


@pytest.mark.parametrize("roles", [(), (Role.STEWARD,)])
def test_a_visitor_has_no_accessions(session: Session, roles: tuple[Role, ...]) -> None:
    Signing(session).opened()
    visitor = acting(session, make_person(session, make_organization(session), *roles))
    assert queries.latest_accessions(session, visitor) == []


def test_while_nobody_holds_a_role_yet_the_sentence_still_says_whom_to_ask(session: Session) -> None:
    found = queries.what_is_missing(session, make_organization(session), Capacity.MEMBER, NOW)
    assert "The secretariat can invite an authorized signatory" in str(found)
