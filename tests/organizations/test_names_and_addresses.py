"""A name that stands in signatures is evidence; a new address counts once its link was opened. On both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.commands import Subject, record
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.commands import change_name, edit_person
from app.organizations.commands.accounts import LINK_VALID, ask_for_address, confirm_address, has_signed
from app.organizations.models import AddressChange, Person
from app.outbox.models import OutboxMessage
from app.rules.events import Event
from app.rules.roles import Role
from tests.factories.organizations import NOW, acting, make_organization, make_person


def _token(session: Session) -> str:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "account.address")).all()
    return str(rows[-1].payload["token"])


def test_whoever_has_signed_changes_their_title_and_not_their_name(session: Session) -> None:
    nia = make_person(session, make_organization(session), Role.PROJECT_STAFF, name="Nia Sole")
    actor = acting(session, nia)
    edit_person(session, actor, "Nia Solé", "Analyst")
    record(session, Event.PROPOSAL_SENT, actor, Subject("proposal", "PR-2026-0001"), NOW, {})
    assert has_signed(session, nia)
    edit_person(session, actor, "Nia Solé", "Economist")
    with pytest.raises(Invalid):
        edit_person(session, actor, "Somebody Else", "Economist")
    assert (nia.name, nia.job_title) == ("Nia Solé", "Economist")


def test_a_focal_point_changes_a_name_in_the_historys_sight(session: Session) -> None:
    member = make_organization(session)
    nia = make_person(session, member, Role.PROJECT_STAFF, name="Nia Sole")
    ana = make_person(session, member, Role.FOCAL_POINT)
    change_name(session, acting(session, ana), member.id, nia.id, "Nia Vale", NOW)
    assert nia.name == "Nia Vale"
    event = session.scalars(select(HistoryEvent).where(HistoryEvent.type == Event.PERSON_RENAMED)).one()
    detail = session.get_one(HistoryDetail, event.seq)
    assert (detail.payload["before"], detail.payload["name"]) == ("Nia Sole", "Nia Vale")
    with pytest.raises(NotAllowed):
        change_name(session, acting(session, ana), member.id, ana.id, "Another Name", NOW)
    with pytest.raises(NotAllowed):
        change_name(session, acting(session, nia), member.id, ana.id, "Another Name", NOW)
    outsider = acting(session, make_person(session, make_organization(session), Role.FOCAL_POINT))
    with pytest.raises(NotFound):
        change_name(session, outsider, member.id, nia.id, "Another Name", NOW)


def test_a_new_address_counts_once_its_link_was_opened_and_the_old_one_is_told(session: Session) -> None:
    nia = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    actor, before, marks = acting(session, nia), nia.email, nia.fs_uniquifier
    ask_for_address(session, actor, "Nia.New@Example.org", NOW)
    assert nia.email == before
    confirm_address(session, actor, _token(session), NOW)
    assert nia.email == "nia.new@example.org"
    assert nia.fs_uniquifier == marks, "the sessions go on"
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "account.address_changed")).one()
    assert told.payload["before"] == before
    with pytest.raises(WrongState):
        confirm_address(session, actor, _token(session), NOW)


def test_a_link_ends_with_its_time_with_a_newer_one_and_for_everybody_else(session: Session) -> None:
    member = make_organization(session)
    nia, tom = make_person(session, member, Role.PROJECT_STAFF), make_person(session, member, Role.PROJECT_STAFF)
    actor = acting(session, nia)
    ask_for_address(session, actor, "first@example.org", NOW)
    first = _token(session)
    ask_for_address(session, actor, "second@example.org", NOW + timedelta(minutes=1))
    with pytest.raises(WrongState):
        confirm_address(session, actor, first, NOW + timedelta(minutes=2))
    with pytest.raises(NotFound):
        confirm_address(session, acting(session, tom), _token(session), NOW)
    with pytest.raises(WrongState):
        confirm_address(session, actor, _token(session), NOW + timedelta(minutes=1) + LINK_VALID)


def test_an_address_with_an_account_is_not_taken_and_who_asks_does_not_learn_of_it(session: Session) -> None:
    member = make_organization(session)
    nia, tom = make_person(session, member, Role.PROJECT_STAFF), make_person(session, member, Role.PROJECT_STAFF)
    ask_for_address(session, acting(session, nia), tom.email, NOW)
    assert session.scalars(select(AddressChange)).one().email == tom.email
    with pytest.raises(WrongState):
        confirm_address(session, acting(session, nia), _token(session), NOW)
    assert session.get_one(Person, nia.id).email != tom.email
