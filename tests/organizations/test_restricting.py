"""What an organization may not do while something is overdue: begun once per cause, lifted once, recorded; on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotAllowed
from app.history.models import HistoryEvent
from app.organizations.commands import lift_restriction, restrict
from app.organizations.restrictions import restrictions_of
from app.rules.actors import SYSTEM
from app.rules.events import Event
from app.rules.restrictions import RestrictionKind
from app.rules.roles import Role
from tests.factories.organizations import NOW, acting, make_organization, make_person

SEND = RestrictionKind.SEND_PROPOSALS


def test_a_restriction_holds_from_its_beginning_until_it_is_lifted(session: Session) -> None:
    member = make_organization(session)
    restrict(session, SYSTEM, member.id, SEND, "The report of GR-2026-0001 is overdue.", "GR-2026-0001", NOW)
    assert restrictions_of(session, member.id, SEND)
    assert not restrictions_of(session, member.id, RestrictionKind.RECEIVE_DATA)
    assert not restrictions_of(session, make_organization(session).id, SEND)
    lift_restriction(session, SYSTEM, member.id, SEND, "GR-2026-0001", NOW)
    assert restrictions_of(session, member.id) == []


def test_one_cause_restricts_once_and_another_keeps_it_up(session: Session) -> None:
    member = make_organization(session)
    first = restrict(session, SYSTEM, member.id, SEND, "Overdue.", "GR-2026-0001", NOW)
    assert restrict(session, SYSTEM, member.id, SEND, "Overdue.", "GR-2026-0001", NOW) is first
    restrict(session, SYSTEM, member.id, SEND, "Overdue.", "GR-2026-0002", NOW)
    lift_restriction(session, SYSTEM, member.id, SEND, "GR-2026-0001", NOW)
    assert restrictions_of(session, member.id, SEND)
    assert lift_restriction(session, SYSTEM, member.id, SEND, "GR-2026-0001", NOW) is None
    events = list(session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))
    assert events == [Event.ORGANIZATION_RESTRICTED, Event.ORGANIZATION_RESTRICTED, Event.RESTRICTION_LIFTED]


def test_nobody_lifts_a_restriction_of_their_own_organization(session: Session) -> None:
    member = make_organization(session)
    focal_point = acting(session, make_person(session, member, Role.FOCAL_POINT))
    restrict(session, SYSTEM, member.id, SEND, "Overdue.", "GR-2026-0001", NOW)
    with pytest.raises(NotAllowed):
        lift_restriction(session, focal_point, member.id, SEND, "GR-2026-0001", NOW)
