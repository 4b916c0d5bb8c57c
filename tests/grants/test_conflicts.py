"""Who works for both parties of a grant, or declared a conflict on its proposal, neither stops it nor lets it go on."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import NotAllowed, WrongState
from app.grants.commands.issuing import issue
from app.grants.commands.lifecycle import revoke, suspend
from app.grants.models import Grant
from app.grants.standing import standing
from app.organizations.models import Membership, Organization
from app.proposals.commands.recusing import declare_conflict
from app.rules.actions import Action
from app.rules.permissions import may
from app.rules.roles import Role
from app.rules.workflow import ListingState
from tests.factories.pipelines import Board, make_board
from tests.factories.proposals import NOW, accede


def _granted(session: Session) -> tuple[Board, Grant]:
    board = make_board(session)
    board.approve()
    for dataset in board.cast.datasets:
        accede(session, session.get_one(Organization, dataset.organization_id))
    partner = board.cast.datasets[0].organization_id
    grants = issue(session, board.actor("director"), board.ref, "Meridian", NOW)
    return board, next(grant for grant in grants if grant.data_partner_id == partner)


def _joins_the_member(board: Board, who: str) -> None:
    member = board.organizations["member"].id
    person = board.people[who].id
    board.session.add(Membership(person_id=person, organization_id=member, role=Role.SIGNATORY, since=NOW))
    board.session.flush()


@pytest.mark.parametrize("action", [Action.SUSPEND_GRANT, Action.LIFT_SUSPENSION, Action.REVOKE_GRANT])
def test_a_steward_who_also_works_for_the_member_is_barred(session: Session, action: Action) -> None:
    board, grant = _granted(session)
    assert may(standing(session, board.actor("steward"), grant), action)
    _joins_the_member(board, "steward")
    assert not may(standing(session, board.actor("steward"), grant), action)


def test_the_commands_refuse_too(session: Session) -> None:
    board, grant = _granted(session)
    _joins_the_member(board, "steward")
    for act in (suspend, revoke):
        with pytest.raises((NotAllowed, WrongState)) as refused:
            act(session, board.actor("steward"), grant.number, "Because.", NOW)
        assert isinstance(refused.value, NotAllowed)


def test_a_conflict_that_was_declared_on_the_proposal_holds_for_its_grants(session: Session) -> None:
    board, grant = _granted(session)
    declare_conflict(session, board.actor("director"), board.ref, "I joined its board.", NOW)
    assert not may(standing(session, board.actor("director"), grant), Action.REVOKE_GRANT)
    assert may(standing(session, board.actor("steward"), grant), Action.REVOKE_GRANT)


@pytest.mark.parametrize("state", [ListingState.PAUSED, ListingState.WITHDRAWN])
def test_nothing_is_issued_while_an_approved_listing_rests(session: Session, state: ListingState) -> None:
    board = make_board(session)
    board.approve()
    for dataset in board.cast.datasets:
        accede(session, session.get_one(Organization, dataset.organization_id))
    board.cast.datasets[0].state = state
    session.flush()
    with pytest.raises(WrongState, match="no longer listed"):
        issue(session, board.actor("director"), board.ref, "Meridian", NOW)
    board.cast.datasets[0].state = ListingState.LISTED
    session.flush()
    assert issue(session, board.actor("director"), board.ref, "Meridian", NOW)
